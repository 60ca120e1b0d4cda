//! The figures, as a table to read.

use anyhow::{Context as _, Result};
use suqiu::console;
use suqiu::lambda::Footprint;

use crate::sizes::{Size, megabytes};

/// Least, middle and most.
#[derive(Debug, Clone, Copy)]
struct Spread {
    least: u64,
    middle: u64,
    most: u64,
}

impl Spread {
    fn of(mut values: Vec<u64>) -> Option<Self> {
        values.sort_unstable();
        Some(Self {
            least: *values.first()?,
            middle: *values.get(values.len() / 2)?,
            most: *values.last()?,
        })
    }

    /// Microseconds, shown as milliseconds.
    fn milliseconds(self) -> String {
        let ms = |us: u64| format!("{}.{}", us / 1000, us % 1000 / 100);
        format!(
            "{} / {} / {}",
            ms(self.least),
            ms(self.middle),
            ms(self.most)
        )
    }
}

/// One function.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    to_poll: Spread,
    to_answer: Spread,
    peak_kib: Spread,
    size: Size,
}

impl Row {
    /// From the footprints of all its runs and the sizes of binary and zip.
    pub(crate) fn new(name: &str, seen: &[Footprint], size: Size) -> Result<Self> {
        let spread = |read: fn(&Footprint) -> Option<u64>| {
            let values: Option<Vec<u64>> = seen.iter().map(read).collect();
            values
                .and_then(Spread::of)
                .context("this system does not tell what a process costs (Linux does)")
        };
        Ok(Self {
            name: name.to_owned(),
            to_poll: spread(|seen| seen.to_poll_us)?,
            to_answer: spread(|seen| seen.to_answer_us)?,
            peak_kib: spread(|seen| seen.peak_kib)?,
            size,
        })
    }

    /// Whether it is over a bound.
    pub(crate) fn is_over(&self, zip_bytes: usize, peak_kib: u64) -> bool {
        self.size.zip_bytes > zip_bytes || self.peak_kib.most > peak_kib
    }
}

/// Prints all rows; the first one is the floor.
#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
pub(crate) fn print(rows: &[Row]) {
    let Some(floor) = rows.first() else { return };
    console::line("");
    console::line(&format!(
        "{:<9} {:>21} {:>6} {:>21} {:>6} {:>9} {:>9} {:>7}",
        "function",
        "CPU ms to first poll",
        "ratio",
        "to first answer",
        "ratio",
        "peak MiB",
        "binary MB",
        "zip MB"
    ));
    for row in rows {
        let ratio = |own: Spread, floor: Spread| own.middle as f64 / floor.middle.max(1) as f64;
        console::line(&format!(
            "{:<9} {:>21} {:>6.2} {:>21} {:>6.2} {:>9.1} {:>9.2} {:>7.2}",
            row.name,
            row.to_poll.milliseconds(),
            ratio(row.to_poll, floor.to_poll),
            row.to_answer.milliseconds(),
            ratio(row.to_answer, floor.to_answer),
            row.peak_kib.most as f64 / 1024.0,
            megabytes(row.size.binary_bytes),
            megabytes(row.size.zip_bytes),
        ));
    }
    console::line("(least / middle / most of all runs; the largest peak)");
}
