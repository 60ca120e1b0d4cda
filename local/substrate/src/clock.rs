//! The laptop's clock: the real time plus an offset that tests and demonstrations can move.
//!
//! The offset stands in a file, so functions in other processes follow it (`CLOCK_FILE`).

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// The time of the laptop cloud.
#[derive(Debug, Clone)]
pub struct Clock {
    file: Arc<PathBuf>,
    offset: Arc<watch::Sender<i64>>,
}

impl Clock {
    /// Opens the clock of a state folder; its offset is zero when it was never shifted.
    pub fn open(state: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(state)
            .with_context(|| format!("cannot create `{}`", state.display()))?;
        let file = state.join("clock");
        let offset = match std::fs::read_to_string(&file) {
            Ok(text) => text.trim().parse().with_context(|| {
                format!("`{}` does not hold a number of seconds", file.display())
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                write_atomically(&file, 0)?;
                0
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read `{}`", file.display()));
            }
        };
        Ok(Self {
            file: Arc::new(file),
            offset: Arc::new(watch::Sender::new(offset)),
        })
    }

    /// The file that holds the offset in seconds, for `CLOCK_FILE`.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The present instant of the laptop cloud.
    pub fn now(&self) -> DateTime<Utc> {
        let real = real();
        TimeDelta::try_seconds(self.offset_seconds())
            .and_then(|offset| real.checked_add_signed(offset))
            .unwrap_or(real)
    }

    /// The real time, for what is not of the laptop cloud.
    pub fn real() -> DateTime<Utc> {
        real()
    }

    /// The real time in milliseconds, for what must not follow a shift.
    #[expect(
        clippy::unused_self,
        reason = "whoever asks for the time must hold a clock"
    )]
    pub(crate) fn real_ms(&self) -> u64 {
        u64::try_from(real().timestamp_millis()).unwrap_or(0)
    }

    /// How far the clock stands from the real time.
    pub fn offset_seconds(&self) -> i64 {
        *self.offset.borrow()
    }

    /// Moves the clock by `seconds` (backwards when negative), for every function at once.
    pub fn shift(&self, seconds: i64) -> anyhow::Result<()> {
        let mut written = Ok(());
        self.offset.send_if_modified(|offset| {
            let target = offset.saturating_add(seconds);
            written = write_atomically(&self.file, target);
            if written.is_ok() {
                *offset = target;
            }
            written.is_ok()
        });
        written
    }

    /// Tells of every shift from now on.
    pub(crate) fn shifts(&self) -> watch::Receiver<i64> {
        self.offset.subscribe()
    }
}

fn real() -> DateTime<Utc> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the laptop cloud reads the time"
    )]
    let now = std::time::SystemTime::now();
    now.into()
}

fn write_atomically(file: &Path, offset: i64) -> anyhow::Result<()> {
    let fresh = file.with_extension("new");
    let mut out = std::fs::File::create(&fresh)?;
    writeln!(out, "{offset}")?;
    out.sync_all()?;
    std::fs::rename(&fresh, file).with_context(|| format!("cannot write `{}`", file.display()))
}
