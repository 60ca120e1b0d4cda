//! Names of the lake's objects.
//!
//! - `events/dt=2026-11-28/<when written>-<digest>.parquet`: immutable rows of a day.
//! - `curated/<table>/month=2026-11/gen=<when>/part-0000.parquet`: a generation of a month; tables that
//!   are not divided have no `month=`.
//! - `catalogue/<table>/month=2026-11/manifest`: the files of the generation that counts, for engines
//!   that read by a catalogue (a symlink manifest).
//! - `state/2026-11.json`: the same of all tables of the month at once, and what is known of them;
//!   `state/whole.json` of the tables that are not divided.
//! - `erased/<number>.json`: that nothing of an erased appellant is left, proved by a scan.

use chrono::{DateTime, NaiveDate, Utc};

use crate::month::Month;
use crate::schema::Table;

/// Where immutable events stand.
pub const EVENTS: &str = "events/";

/// Where generations stand.
pub const CURATED: &str = "curated/";

/// Where states stand.
pub const STATES: &str = "state/";

/// What of the lake is switched at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The tables that are not divided.
    Whole,
    /// A month of those that are.
    Of(Month),
}

impl Part {
    /// `month=2026-11/`; nothing for the tables that are not divided.
    fn folder(self) -> String {
        match self {
            Self::Of(month) => format!("month={month}/"),
            Self::Whole => String::new(),
        }
    }

    /// Name of its state.
    pub fn state(self) -> String {
        match self {
            Self::Of(month) => format!("{STATES}{month}.json"),
            Self::Whole => format!("{STATES}whole.json"),
        }
    }

    /// The part whose state is called so.
    pub fn of_state(name: &str) -> Option<Self> {
        let name = name.strip_prefix(STATES)?.strip_suffix(".json")?;
        match name {
            "whole" => Some(Self::Whole),
            month => Month::parse(month).map(Self::Of),
        }
    }

    /// Where its generations of a table stand.
    pub fn generations(self, table: &Table) -> String {
        format!("{CURATED}{}/{}", table.name, self.folder())
    }

    /// Name of its manifest of a table.
    pub fn manifest(self, table: &str) -> String {
        format!("catalogue/{table}/{}manifest", self.folder())
    }
}

/// An instant within a name: sortable.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%S%3fZ").to_string()
}

/// Where the events of a day stand.
pub fn day(day: NaiveDate) -> String {
    format!("{EVENTS}dt={day}/")
}

/// When a file of events was written, as its name says.
pub fn written(name: &str) -> Option<&str> {
    let (_, file) = name.rsplit_once('/')?;
    file.split_once('-').map(|(written, _)| written)
}

/// That an erasure is proved.
pub fn erased(number: &str) -> String {
    format!("erased/{number}.json")
}
