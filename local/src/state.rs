//! The state folder: everything the laptop cloud keeps, locked while one cloud runs on it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

/// Marks a folder as ours, so that `--fresh` never empties anything else.
const MARKER: &str = "suqiu-state";
const LOCK: &str = "lock";
const RUNNING: &str = "running.json";

/// Ports of one laptop cloud, all on 127.0.0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// `PublicApi`.
    pub public: u16,
    /// `ConsoleApi`.
    pub console: u16,
    /// Index page, issuer, outbox and control.
    pub web: u16,
    /// DynamoDB and its Streams.
    pub dynamodb: u16,
    /// S3.
    pub s3: u16,
    /// SQS.
    pub sqs: u16,
}

impl Ports {
    /// The ports counted from `base`.
    pub fn from_base(base: u16) -> Result<Self> {
        let port = |offset: u16| {
            base.checked_add(offset)
                .context("the port base is too high")
        };
        Ok(Self {
            public: base,
            console: port(1)?,
            web: port(2)?,
            dynamodb: port(10)?,
            s3: port(11)?,
            sqs: port(12)?,
        })
    }

    /// `http://127.0.0.1:<port>`.
    pub fn url(port: u16) -> String {
        format!("http://127.0.0.1:{port}")
    }
}

/// An open state folder. The lock goes with the value.
#[derive(Debug)]
pub struct State {
    folder: PathBuf,
    _lock: File,
}

impl State {
    /// Opens `folder`, making it when absent; with `fresh` everything in it goes first.
    pub fn open(folder: &Path, fresh: bool) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let folder = folder.canonicalize()?;
        let ours = folder.join(MARKER).exists();
        if !ours && fs::read_dir(&folder)?.next().is_some() {
            bail!(
                "{} is neither empty nor a state folder of this program",
                folder.display()
            );
        }
        fs::write(folder.join(MARKER), "state of the laptop cloud\n")?;
        let lock = File::create(folder.join(LOCK))?;
        if lock.try_lock().is_err() {
            bail!("a laptop cloud is already running on {}", folder.display());
        }
        if fresh {
            empty(&folder)?;
        }
        fs::create_dir_all(folder.join("logs"))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file or folder in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Notes where the running cloud listens, for the commands that talk to it.
    pub fn note_ports(&self, ports: &Ports) -> Result<()> {
        write_atomic(&self.path(RUNNING), &serde_json::to_vec(ports)?)
    }
}

/// Where the cloud on `folder` listens, or listened last.
pub fn noted_ports(folder: &Path) -> Result<Ports> {
    let path = folder.join(RUNNING);
    let bytes = fs::read(&path).context("no laptop cloud has run on this state folder yet")?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
}

/// Writes a file so that a reader, or a crash, sees the old content or the new, never a part.
pub fn write_atomic(path: &Path, content: &[u8]) -> Result<()> {
    let partial = path.with_extension("partial");
    let mut file = File::create(&partial)?;
    std::io::Write::write_all(&mut file, content)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    Ok(())
}

fn empty(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == MARKER || entry.file_name() == LOCK {
            continue;
        }
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        }
        .with_context(|| format!("cannot delete {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("suqiu-state-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let folder = scratch("foreign");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("thesis.txt"), "years of work").unwrap();
        assert!(State::open(&folder, true).is_err());
        assert!(folder.join("thesis.txt").exists());
    }

    #[test]
    fn one_cloud_at_a_time_and_fresh_empties() {
        let folder = scratch("lock");
        let state = State::open(&folder, false).unwrap();
        fs::write(state.path("old"), "old").unwrap();
        assert!(State::open(&folder, true).is_err());
        drop(state);
        let state = State::open(&folder, true).unwrap();
        assert!(!state.path("old").exists());
    }
}
