//! One process of a function: started with the environment of the template, watched until it
//! exits, given one job at a time.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use substrate::Outcome;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, oneshot, watch};

use super::footprint::Footprint;
use super::lock;
use super::runtime_api::{Job, RuntimeApi};
use super::spawner::Spawner;

/// A function may take this long to ask for its first job; generous, as laptops compile meanwhile.
const INIT_LIMIT: Duration = Duration::from_secs(30);

/// What a process is started from.
#[derive(Debug, Clone)]
pub struct FunctionConfig {
    /// Logical id in the template.
    pub name: String,
    /// The bootstrap binary.
    pub binary: PathBuf,
    /// Told to the function, not enforced.
    pub memory_mb: u32,
    /// The invocation's limit; the process is killed at it.
    pub timeout: Duration,
    /// The whole environment apart from what Lambda itself adds.
    pub environment: Vec<(String, String)>,
    /// Standard output and error are appended here.
    pub log: PathBuf,
}

/// How handing a job to a process ended.
pub(super) enum Run {
    /// The process answered and can take the next job.
    Answered(Outcome),
    /// The process was dead before it saw the job.
    NotTaken,
    /// The process died, or was killed at its limit, with the job in hand.
    Lost(Outcome),
}

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) kill: Arc<Notify>,
    pub(super) footprint: Arc<Mutex<Footprint>>,
    api: RuntimeApi,
    exited: watch::Receiver<Option<String>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill.notify_one();
    }
}

impl Process {
    /// Starts a process and waits until it asks for work; `Err` of the inner result says why it
    /// did not come so far.
    pub(super) async fn start(
        config: &FunctionConfig,
        spawner: &Spawner,
    ) -> Result<Result<Self, Outcome>> {
        let arn = format!("arn:aws:lambda:local:000000000000:function:{}", config.name);
        let api = RuntimeApi::listen(arn).await?;
        let child = spawner
            .spawn(command(config, &api.address)?)
            .await
            .with_context(|| format!("cannot start {}", config.binary.display()))?;
        let pid = child.id().context("the function ended at once")?;
        let kill = Arc::new(Notify::new());
        let (exit, exited) = watch::channel(None);
        tokio::spawn(watch_over(child, Arc::clone(&kill), exit));
        let footprint = Footprint {
            pid,
            ..Footprint::default()
        };
        let mut process = Self {
            kill,
            footprint: Arc::new(Mutex::new(footprint)),
            api,
            exited,
        };
        let refusal = process.initialise().await;
        Ok(refusal.map_or(Ok(process), Err))
    }

    /// False once the process has exited.
    pub(super) fn alive(&self) -> bool {
        self.exited.borrow().is_none()
    }

    async fn initialise(&mut self) -> Option<Outcome> {
        let mut exited = self.exited.clone();
        tokio::select! {
            // The listener lives as long as `self`, so waiting cannot fail.
            _ = self.api.ready.wait_for(|ready| *ready) => {
                lock(&self.footprint).polled();
                None
            }
            reason = wait_exit(&mut exited) => Some(failure("Runtime.InitError", &reason)),
            () = tokio::time::sleep(INIT_LIMIT) => {
                Some(failure("Runtime.InitError", "the function did not ask for work in time"))
            }
        }
    }

    /// Hands one job over and waits for its end.
    pub(super) async fn run(&self, id: &str, payload: Bytes, timeout: Duration) -> Run {
        let (taken, mut was_taken) = oneshot::channel();
        let (answer, mut answered) = oneshot::channel();
        let job = Job {
            request_id: id.to_owned(),
            payload,
            timeout,
            taken,
            answer,
        };
        if !self.alive() || self.api.jobs.try_send(job).is_err() {
            return Run::NotTaken;
        }
        let mut exited = self.exited.clone();
        tokio::select! {
            biased;
            Ok(outcome) = &mut answered => {
                lock(&self.footprint).answered();
                Run::Answered(outcome)
            }
            reason = wait_exit(&mut exited) => match (answered.try_recv(), was_taken.try_recv()) {
                // Answered with its last breath: the answer counts.
                (Ok(outcome), _) => Run::Lost(outcome),
                (Err(_), Ok(())) => Run::Lost(failure("Runtime.ExitError", &format!("RequestId: {id} Error: {reason}"))),
                (Err(_), Err(_)) => Run::NotTaken,
            },
            () = tokio::time::sleep(timeout) => {
                let text = format!("{id} Task timed out after {:.2} seconds", timeout.as_secs_f64());
                Run::Lost(failure("Sandbox.Timedout", &text))
            }
        }
    }
}

async fn wait_exit(exited: &mut watch::Receiver<Option<String>>) -> String {
    match exited.wait_for(Option::is_some).await {
        Ok(reason) => reason.clone().unwrap_or_default(),
        Err(_) => "the process is gone".to_owned(),
    }
}

async fn watch_over(mut child: Child, kill: Arc<Notify>, exit: watch::Sender<Option<String>>) {
    let status = tokio::select! {
        status = child.wait() => status,
        () = kill.notified() => {
            // It may have exited by itself in this very moment.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    let reason = match status {
        Ok(status) => format!("Runtime exited {}", describe(status)),
        Err(error) => format!("Runtime cannot be waited for: {error}"),
    };
    exit.send_replace(Some(reason));
}

fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(0), _) => "without providing a reason".to_owned(),
        (Some(code), _) => format!("with error: exit status {code}"),
        (None, Some(signal)) => format!("with error: signal {signal}"),
        (None, None) => "with error".to_owned(),
    }
}

/// An error in the shape Lambda reports it.
fn failure(kind: &str, message: &str) -> Outcome {
    let body = serde_json::json!({ "errorType": kind, "errorMessage": message });
    Outcome::FunctionError(Bytes::from(body.to_string()))
}

/// A clean environment, as in Lambda: what a function reads must stand in the template.
fn command(config: &FunctionConfig, runtime_api: &str) -> Result<Command> {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&config.log)?;
    let mut command = Command::new(&config.binary);
    command
        .env_clear()
        .envs(config.environment.iter().map(|(name, value)| (name, value)))
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("TZ", ":UTC")
        .env("LANG", "en_US.UTF-8")
        .env("_HANDLER", "bootstrap")
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
        .env("AWS_LAMBDA_FUNCTION_NAME", &config.name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env(
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            config.memory_mb.to_string(),
        )
        .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
        .env(
            "AWS_LAMBDA_LOG_GROUP_NAME",
            format!("/aws/lambda/{}", config.name),
        )
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "laptop/[$LATEST]")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        // Ctrl-C at the terminal is for the cloud, which then ends its children in order.
        .process_group(0);
    Ok(command)
}
