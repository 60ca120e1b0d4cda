//! Lambda on the laptop: each function is its real bootstrap binary, in up to four processes that
//! are started on demand, reused when idle and replaced when they crash.

mod footprint;
mod process;
mod runtime_api;
mod spawner;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use substrate::{Invoke, Outcome};
use tokio::sync::{Notify, Semaphore};

pub use footprint::Footprint;
pub use process::FunctionConfig;
use process::{Process, Run};
pub use spawner::Spawner;

use crate::keys::{hex, random};

/// Processes of one function at most; further invocations wait.
const CONCURRENCY: usize = 4;

/// All functions of the template.
#[derive(Debug)]
pub struct Lambda {
    functions: BTreeMap<String, Arc<Function>>,
}

#[derive(Debug)]
struct Function {
    config: FunctionConfig,
    spawner: Spawner,
    permits: Semaphore,
    idle: Mutex<Vec<Process>>,
    /// All processes, also those at work.
    known: Mutex<Vec<Known>>,
}

/// What stays in hand of a process while it works.
#[derive(Debug)]
struct Known {
    kill: Weak<Notify>,
    footprint: Arc<Mutex<Footprint>>,
}

impl Known {
    fn is_alive(&self) -> bool {
        self.kill.strong_count() > 0
    }
}

impl Lambda {
    /// Knows the functions; starts none.
    pub fn new(configs: Vec<FunctionConfig>, spawner: &Spawner) -> Self {
        let functions = configs.into_iter().map(|config| {
            let name = config.name.clone();
            (name, Arc::new(Function::new(config, spawner.clone())))
        });
        Self {
            functions: functions.collect(),
        }
    }

    /// Starts one process of each function that has none, so that the first call is a warm one.
    pub async fn prewarm(&self) {
        for (name, function) in &self.functions {
            if let Err(error) = function.warm().await {
                tracing::warn!(function = %name, error = format!("{error:#}"), "cannot prewarm");
            }
        }
    }

    /// Kills all processes of a function, as `kill -9` would; says how many there were, or `None`
    /// when there is no such function.
    pub fn kill(&self, function: &str) -> Option<usize> {
        self.functions.get(function).map(|function| function.kill())
    }

    /// Kills everything.
    pub fn shutdown(&self) {
        for function in self.functions.values() {
            function.permits.close();
            function.kill();
        }
    }

    /// What each process of each function costs, the oldest first.
    pub fn footprints(&self) -> BTreeMap<&str, Vec<Footprint>> {
        let functions = self.functions.iter();
        functions
            .map(|(name, function)| (name.as_str(), function.footprints()))
            .collect()
    }

    /// Process ids of a function, for tests that kill from outside.
    pub fn pids(&self, function: &str) -> Vec<u32> {
        let function = self.functions.get(function);
        let footprints = function.map(|function| function.footprints());
        footprints
            .into_iter()
            .flatten()
            .map(|process| process.pid)
            .collect()
    }
}

#[async_trait::async_trait]
impl Invoke for Lambda {
    /// Runs one invocation to its end, also when the caller loses interest, as Lambda does.
    async fn invoke(&self, function: &str, payload: Bytes) -> Result<Outcome> {
        let function = self.functions.get(function).context("no such function")?;
        let function = Arc::clone(function);
        tokio::spawn(async move { function.invoke(payload).await }).await?
    }
}

impl Function {
    fn new(config: FunctionConfig, spawner: Spawner) -> Self {
        Self {
            config,
            spawner,
            permits: Semaphore::new(CONCURRENCY),
            idle: Mutex::default(),
            known: Mutex::default(),
        }
    }

    async fn invoke(&self, payload: Bytes) -> Result<Outcome> {
        let _permit = self
            .permits
            .acquire()
            .await
            .context("the laptop cloud is stopping")?;
        let id = request_id()?;
        loop {
            let process = match self.take_idle() {
                Some(process) => process,
                None => match self.start().await? {
                    Ok(process) => process,
                    Err(refusal) => return Ok(self.report(refusal)),
                },
            };
            match process.run(&id, payload.clone(), self.config.timeout).await {
                Run::Answered(outcome) => {
                    lock(&self.idle).push(process);
                    return Ok(self.report(outcome));
                }
                Run::Lost(outcome) => return Ok(self.report(outcome)),
                // It died while idle; nothing was begun, so another process takes the job.
                Run::NotTaken => {}
            }
        }
    }

    async fn warm(&self) -> Result<()> {
        let Ok(_permit) = self.permits.try_acquire() else {
            return Ok(());
        };
        if !lock(&self.idle).is_empty() {
            return Ok(());
        }
        if let Ok(process) = self.start().await? {
            lock(&self.idle).push(process);
        }
        Ok(())
    }

    fn take_idle(&self) -> Option<Process> {
        let mut idle = lock(&self.idle);
        idle.retain(Process::alive);
        idle.pop()
    }

    async fn start(&self) -> Result<Result<Process, Outcome>> {
        let started = Process::start(&self.config, &self.spawner).await?;
        if let Ok(process) = &started {
            let mut known = lock(&self.known);
            known.retain(Known::is_alive);
            known.push(Known {
                kill: Arc::downgrade(&process.kill),
                footprint: Arc::clone(&process.footprint),
            });
        }
        Ok(started)
    }

    fn kill(&self) -> usize {
        // Out of the idle list first: no job is handed to a process that is about to die.
        let idle = std::mem::take(&mut *lock(&self.idle));
        let known = std::mem::take(&mut *lock(&self.known));
        let live = known.iter().filter_map(|process| process.kill.upgrade());
        let killed = live.map(|switch| switch.notify_one()).count();
        drop(idle);
        killed
    }

    fn footprints(&self) -> Vec<Footprint> {
        let known = lock(&self.known);
        let live = known.iter().filter(|process| process.is_alive());
        live.map(|process| *lock(&process.footprint)).collect()
    }

    fn report(&self, outcome: Outcome) -> Outcome {
        if let Outcome::FunctionError(body) = &outcome {
            let error = String::from_utf8_lossy(body);
            tracing::warn!(function = %self.config.name, %error, "invocation failed");
        }
        outcome
    }
}

/// A request id in the shape of Lambda's.
pub fn request_id() -> Result<String> {
    let text = hex(&random::<16>()?);
    let parts =
        [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| text.get(range).unwrap_or_default());
    Ok(parts.join("-"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
