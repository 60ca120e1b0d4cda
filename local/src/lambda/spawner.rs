//! Starts every child process from one thread that never ends.
//!
//! Linux ties a child's "parent died" signal to the *thread* that forked it, so a pool thread that
//! retires would take its children with it. On other systems the children end when the Runtime API
//! they poll is gone.

use std::io;

use anyhow::{Context as _, Result};
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

struct Request {
    command: Command,
    reply: oneshot::Sender<io::Result<Child>>,
}

/// Hands commands to the thread that forks.
#[derive(Debug, Clone)]
pub struct Spawner {
    requests: mpsc::UnboundedSender<Request>,
}

impl Spawner {
    /// Starts the thread; call it within the runtime that is to reap the children.
    pub fn start() -> Result<Self> {
        let (requests, mut inbox) = mpsc::unbounded_channel::<Request>();
        let runtime = Handle::current();
        std::thread::Builder::new()
            .name("spawner".to_owned())
            .spawn(move || {
                let _context = runtime.enter();
                while let Some(Request { mut command, reply }) = inbox.blocking_recv() {
                    // The asker may have gone; its child is then killed on drop.
                    let _ = reply.send(command.spawn());
                }
                // Children still running live as long as this thread does.
                loop {
                    std::thread::park();
                }
            })?;
        Ok(Self { requests })
    }

    /// Runs `command`; the child dies with this process, however it dies.
    pub async fn spawn(&self, mut command: Command) -> Result<Child> {
        command.kill_on_drop(true);
        die_with_parent(&mut command);
        let (reply, child) = oneshot::channel();
        self.requests
            .send(Request { command, reply })
            .ok()
            .context("the spawner has ended")?;
        Ok(child.await.context("the spawner has ended")??)
    }
}

#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command) {
    use rustix::process::{Signal, getpid, getppid, set_parent_process_death_signal};
    let parent = getpid();
    let ask = move || {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // The parent may have died between fork and prctl: then nobody will send the signal.
        if getppid() == Some(parent) {
            Ok(())
        } else {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    };
    #[expect(
        unsafe_code,
        reason = "pre_exec: two system calls, no allocation, no lock"
    )]
    // SAFETY: the closure only makes async-signal-safe system calls and does not allocate.
    unsafe {
        command.pre_exec(ask);
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent(_command: &mut Command) {}
