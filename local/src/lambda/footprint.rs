//! What a process costs: CPU time and memory, as Linux counts them. Elsewhere nothing is known.

use std::time::Duration;

use serde::Serialize;

/// One process of a function, from its start on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Footprint {
    /// Process id.
    pub pid: u32,
    /// CPU time until it first asked for work, in microseconds.
    pub to_poll_us: Option<u64>,
    /// CPU time until its first answer was taken, in microseconds.
    pub to_answer_us: Option<u64>,
    /// The most memory it held until its last answer, in KiB.
    pub peak_kib: Option<u64>,
}

impl Footprint {
    pub(super) fn polled(&mut self) {
        self.to_poll_us = cpu_time_us(self.pid);
    }

    pub(super) fn answered(&mut self) {
        if self.to_answer_us.is_none() {
            self.to_answer_us = cpu_time_us(self.pid);
        }
        self.peak_kib = peak_kib(self.pid);
    }
}

/// The scheduler's own count over all threads: `stat` has only hundredths of a second.
fn cpu_time_us(pid: u32) -> Option<u64> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let nanoseconds = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    let nanoseconds: u64 = nanoseconds.sum();
    (nanoseconds > 0)
        .then_some(Duration::from_nanos(nanoseconds))
        .and_then(|time| u64::try_from(time.as_micros()).ok())
}

/// `VmHWM`: the high-water mark of resident memory.
fn peak_kib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn our_own_process_has_a_footprint() {
        let mut own = Footprint {
            pid: std::process::id(),
            ..Footprint::default()
        };
        own.polled();
        let work = (0..4_000_000u64).fold(1u64, |sum, n| sum.wrapping_mul(n | 1));
        own.answered();
        assert!(own.to_answer_us > own.to_poll_us, "{own:?} {work}");
        assert!(own.peak_kib > Some(500), "{own:?}");
        let nobody = Footprint {
            pid: u32::MAX,
            ..Footprint::default()
        };
        let mut asked = nobody;
        asked.answered();
        assert_eq!(asked, nobody);
    }
}
