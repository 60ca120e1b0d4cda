//! The rulebook (规则参数, R-RULE-1): versioned limits. What the regulation fixes is the default;
//! where it is silent the default is ours (requirements, last table).

use chrono::{NaiveDate, NaiveTime};

use crate::calendar::OfficeHours;
use crate::workflow::words::Clock;

/// How long something may take (时限).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Working days by rule A (Art. 12).
    WorkingDays(u32),
    /// Minutes of office time.
    OfficeMinutes(i64),
}

/// A warning mark before a limit (预警, Art. 6(3); R-CAL-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// At half of the limit. For working days: when the offices open on the day after half of them.
    Half,
    /// One office hour before the limit.
    LastHour,
}

impl Mark {
    /// All marks, earliest first.
    pub const ALL: [Self; 2] = [Self::Half, Self::LastHour];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::LastHour => "last_hour",
        }
    }

    /// The mark with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }
}

/// One version of the rulebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    /// Version number, from 1.
    pub version: u16,
    /// The day it takes effect, in Shanghai.
    pub effective_on: NaiveDate,
    /// When the regulation's 3-year trial ends (Art. 20).
    pub trial_ends_on: NaiveDate,
    /// Office hours, for warnings and office-time limits.
    pub office_hours: OfficeHours,
    /// Office minutes to sign for a ticket (the regulation sets none).
    pub sign_minutes: i64,
    /// Working days to close (Art. 12).
    pub handle_days: u32,
    /// Working days from closing to the archive.
    pub archive_days: u32,
    /// Longest appeal, in characters.
    pub text_characters: usize,
    /// Most attachments of one appeal.
    pub attachments: usize,
    /// Shortest part of an answer, in characters, below which it is pointed out as perfunctory.
    pub answer_part_characters: usize,
    /// Wrong query codes before an appeal's look-up is locked for an hour.
    pub query_tries: u32,
}

impl Rulebook {
    /// The first version: the regulation's values, and our defaults where it is silent.
    pub fn first() -> Self {
        Self {
            version: 1,
            effective_on: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or(NaiveDate::MIN),
            trial_ends_on: NaiveDate::from_ymd_opt(2028, 12, 31).unwrap_or(NaiveDate::MAX),
            office_hours: OfficeHours {
                morning: (clock_time(8, 30), clock_time(12, 0)),
                afternoon: (clock_time(14, 0), clock_time(17, 30)),
            },
            sign_minutes: 240,
            handle_days: 1,
            archive_days: 30,
            text_characters: 5_000,
            attachments: 9,
            answer_part_characters: 6,
            query_tries: 5,
        }
    }

    /// The limit of `clock`.
    pub const fn limit(&self, clock: Clock) -> Limit {
        match clock {
            Clock::Total | Clock::Handle => Limit::WorkingDays(self.handle_days),
            Clock::Sign => Limit::OfficeMinutes(self.sign_minutes),
            Clock::Archive => Limit::WorkingDays(self.archive_days),
        }
    }

    /// The marks at which `clock` warns before its limit.
    pub const fn marks(&self, clock: Clock) -> &'static [Mark] {
        match clock {
            Clock::Sign | Clock::Handle => &[Mark::Half, Mark::LastHour],
            Clock::Total | Clock::Archive => &[],
        }
    }
}

fn clock_time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)
}

/// All versions of the rulebook, oldest first. Never empty: the first version is built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebooks(Vec<Rulebook>);

impl Rulebooks {
    /// Takes the versions; an empty list gives the built-in first version.
    pub fn new(mut versions: Vec<Rulebook>) -> Self {
        if versions.is_empty() {
            versions.push(Rulebook::first());
        }
        versions.sort_by_key(|book| book.version);
        Self(versions)
    }

    /// The version in force on `day`.
    pub fn in_force(&self, day: NaiveDate) -> Rulebook {
        let effective = self.0.iter().rev().find(|book| book.effective_on <= day);
        effective
            .or(self.0.first())
            .cloned()
            .unwrap_or_else(Rulebook::first)
    }

    /// The version with this number; an unknown one falls back to the one in force first.
    pub fn version(&self, version: u16) -> Rulebook {
        let exact = self.0.iter().find(|book| book.version == version);
        exact
            .or(self.0.first())
            .cloned()
            .unwrap_or_else(Rulebook::first)
    }
}
