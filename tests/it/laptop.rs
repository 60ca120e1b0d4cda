//! The laptop cloud as people start it: the program itself, in a process of its own, which can be
//! killed, interrupted and started again on the same state.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use suqiu::city::City as Registry;
use suqiu::client::Client;
use suqiu::demo::Context;
use suqiu::keys::Keys;
use suqiu::state::Ports;
use tempfile::TempDir;

use crate::city::{base, free_ports, root, store_at};

/// The first start may have functions to build.
const FIRST_START: Duration = Duration::from_mins(10);

/// Any other has not.
const RESTART: Duration = Duration::from_secs(30);

/// A running program, its ports and its state, which outlives it.
pub(crate) struct Laptop {
    pub(crate) ports: Ports,
    pub(crate) client: Client,
    child: Child,
    folder: Option<TempDir>,
    state: PathBuf,
}

fn executable() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built = own
        .ancestors()
        .nth(2)
        .map(|folder| folder.join("suqiu"))
        .unwrap();
    if !built.exists() {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let mut build = Command::new(cargo);
        build
            .args(["build", "-q", "-p", "suqiu"])
            .current_dir(root());
        assert!(build.status().unwrap().success());
    }
    built
}

/// What the program says, beside its state folder.
fn said(state: &Path) -> PathBuf {
    state.with_extension("said")
}

fn spawn(state: &Path, ports: Ports, arguments: &[&str]) -> Child {
    use std::os::unix::process::CommandExt as _;
    let said = said(state);
    let said = File::options()
        .create(true)
        .append(true)
        .open(said)
        .unwrap();
    Command::new(executable())
        .args(["--port-base", &base(ports).to_string(), "--state"])
        .arg(state)
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(said.try_clone().unwrap())
        .stderr(said)
        // A terminal's Ctrl-C goes to the whole group: so does this one's, and not to the test.
        .process_group(0)
        .spawn()
        .unwrap()
}

impl Laptop {
    /// Starts on a new state folder and waits until it is up.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        let (folder, ports) = (tempfile::tempdir().unwrap(), free_ports());
        let state = folder.path().join("state");
        let laptop = Self {
            child: spawn(&state, ports, arguments),
            ports,
            client: Client::default(),
            folder: Some(folder),
            state,
        };
        laptop.is_up(FIRST_START).await;
        laptop
    }

    /// Starts again on the same state, after it ended; how long it took until it was up.
    pub(crate) async fn again(&mut self, arguments: &[&str]) -> Duration {
        let began = Instant::now();
        self.child = spawn(&self.state, self.ports, arguments);
        self.is_up(RESTART).await;
        began.elapsed()
    }

    async fn is_up(&self, limit: Duration) {
        let url = format!("{}/control/health", Ports::url(self.ports.web));
        let began = Instant::now();
        while self.client.get(&url, &[]).await.is_err() {
            // It waits, too, while another cargo builds in the same target folder.
            assert!(
                began.elapsed() < limit,
                "the cloud does not come up; it said:\n{}",
                std::fs::read_to_string(said(&self.state)).unwrap()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ctrl-C, and how the program ended.
    pub(crate) async fn interrupt(&mut self) -> ExitStatus {
        let group = Pid::from_child(&self.child);
        kill_process_group(group, Signal::INT).unwrap();
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < RESTART, "Ctrl-C does not end it");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ids of the processes that the program started and that live.
    pub(crate) fn children(&self) -> Vec<u32> {
        let entries = std::fs::read_dir("/proc").unwrap();
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        ids.filter(|id| parent(*id) == Some(self.child.id()) && alive(*id))
            .collect()
    }

    /// A file of the state folder.
    pub(crate) fn state(&self, name: &str) -> PathBuf {
        self.state.join(name)
    }

    /// What people act with; its clock stands where the cloud's stands now.
    pub(crate) fn context(&self) -> Context {
        Context {
            ports: self.ports,
            keys: Keys::open(&self.state("keys.json")).unwrap(),
            city: Registry::load(&root().join("local/demo")).unwrap(),
            clock: substrate::Clock::open(&self.state).unwrap(),
            client: self.client.clone(),
        }
    }

    /// The store, straight at the laptop's DynamoDB.
    pub(crate) fn store(&self) -> store::DynamoStore {
        store_at(&Ports::url(self.ports.dynamodb))
    }

    /// Everything that was sent.
    pub(crate) async fn outbox(&self) -> Vec<serde_json::Value> {
        let url = format!("{}/outbox.json", Ports::url(self.ports.web));
        let outbox = self.client.get(&url, &[]).await.unwrap().json().unwrap();
        outbox.as_array().unwrap().clone()
    }
}

impl Drop for Laptop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking()
            && let Some(folder) = self.folder.take()
        {
            println!("state and logs are kept in {}", folder.keep().display());
        }
    }
}

/// Whether a process runs; a dead one that nobody has waited for has no command line.
pub(crate) fn alive(id: u32) -> bool {
    std::fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn parent(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it may hold anything, but no later parenthesis.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}
