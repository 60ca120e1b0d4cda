//! The rulebook (规则参数, R-RULE-1): versioned limits. What the regulation fixes is the default;
//! where it is silent the default is ours (requirements, last table).

mod parameters;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use crate::calendar::OfficeHours;
use crate::workflow::words::Clock;

pub use parameters::{Measure, Misplaced, PARAMETERS, Parameter};

/// How long something may take (时限).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Working days by rule A (Art. 12).
    WorkingDays(u32),
    /// Minutes of office time.
    OfficeMinutes(i64),
    /// Hours, through nights and days off (Civil Code 201).
    Hours(i64),
    /// To the end of a day that somebody committed to.
    Until(NaiveDate),
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
    /// Working days of an extension at most (Art. 12).
    pub extension_days: u32,
    /// Working days for a county to dispatch on or to take on (Art. 7(1)).
    pub county_days: u32,
    /// Working days to give back what is not one's duty (Art. 12).
    pub return_days: u32,
    /// Accepted returns after which the units are brought together (Art. 6(6)).
    pub returns_before_joint: u32,
    /// Office minutes to decide on a return, an extension, a deferral.
    pub decision_minutes: i64,
    /// Working days to wait for supplements, all lists of a ticket together.
    pub supplement_days: u32,
    /// Items of a supplement list at most.
    pub supplement_items: usize,
    /// Calendar days ahead to which a rectification can be deferred, or a review put off, at most.
    pub deferral_days: u32,
    /// Working days to verify a deferred rectification.
    pub verify_days: u32,
    /// Working days of joint handling.
    pub joint_days: u32,
    /// Working days to deliver an answer otherwise when the notice failed.
    pub delivery_days: u32,
    /// Working days from closing within which the appellant is called back (Art. 14).
    pub callback_days: u32,
    /// Of a hundred tickets that a unit closed in a day, how many are called back.
    pub callback_percent: u32,
    /// Of the tickets that a unit closed in a day, how many are called back at least.
    pub callback_least: u32,
    /// Calls that must have reached nobody before a callback ends so.
    pub callback_attempts: u32,
    /// Working days to put right what a callback found.
    pub rectify_days: u32,
    /// Working days to answer a call that urges (Art. 17).
    pub urging_days: u32,
    /// Working days to answer a letter of supervision.
    pub letter_days: u32,
    /// Working days to answer after a visit.
    pub on_site_days: u32,
    /// Calendar days within which dissatisfied ratings that proved true count together (Art. 17(5)).
    pub proved_days: u32,
    /// Corrections of a technical problem that were not enough before a unit is on the register (Art. 18).
    pub technical_refusals: usize,
    /// Working days to correct a technical problem before a unit is on the register (Art. 18).
    pub technical_days: u32,
    /// Working days to find the root cause of a problem that is brought again and again (Art. 8(5)).
    pub analysis_days: u32,
    /// Calendar days within which the measures against it are done at most.
    pub measures_days: u32,
    /// Working days within which a closed ticket can be reopened.
    pub reopen_days: u32,
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
    /// Wrong query codes from one source before its look-ups are locked for an hour: more, as many
    /// people share one.
    pub source_tries: u32,
    /// Calendar days for which an export can be downloaded at most (Art. 16).
    pub export_days: u32,
    /// Years for which personal data is kept after the month of its appellant's last appeal (Art. 16).
    pub personal_data_years: u32,
    /// Rows of an exported file at most.
    pub export_rows: usize,
    /// Downloads of an export at most.
    pub export_downloads: usize,
    /// Natural hours in which an entry of the knowledge base is put right after a notice (Art. 17(4)).
    pub knowledge_hours: i64,
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
            extension_days: 3,
            county_days: 1,
            return_days: 1,
            returns_before_joint: 3,
            decision_minutes: 240,
            supplement_days: 5,
            supplement_items: 20,
            deferral_days: 366,
            verify_days: 3,
            joint_days: 5,
            delivery_days: 1,
            callback_days: 3,
            callback_percent: 10,
            callback_least: 1,
            callback_attempts: 3,
            rectify_days: 5,
            urging_days: 1,
            letter_days: 3,
            on_site_days: 5,
            proved_days: 90,
            technical_refusals: 2,
            technical_days: 30,
            analysis_days: 10,
            measures_days: 180,
            reopen_days: 15,
            archive_days: 30,
            text_characters: 5_000,
            attachments: 9,
            answer_part_characters: 6,
            query_tries: 5,
            source_tries: 60,
            export_days: 7,
            personal_data_years: 3,
            export_rows: 5_000,
            export_downloads: 5,
            knowledge_hours: 48,
        }
    }

    /// The limit of `clock`; none where the event that starts it names the day.
    pub const fn limit(&self, clock: Clock) -> Option<Limit> {
        Some(match clock {
            Clock::Total | Clock::Handle | Clock::Opinion => Limit::WorkingDays(self.handle_days),
            Clock::Sign | Clock::CoSign => Limit::OfficeMinutes(self.sign_minutes),
            Clock::Decision => Limit::OfficeMinutes(self.decision_minutes),
            Clock::County => Limit::WorkingDays(self.county_days),
            Clock::Return => Limit::WorkingDays(self.return_days),
            Clock::Supplement => Limit::WorkingDays(self.supplement_days),
            Clock::Verify => Limit::WorkingDays(self.verify_days),
            Clock::Joint => Limit::WorkingDays(self.joint_days),
            Clock::Delivery => Limit::WorkingDays(self.delivery_days),
            Clock::Callback => Limit::WorkingDays(self.callback_days),
            Clock::Rectify => Limit::WorkingDays(self.rectify_days),
            Clock::Reopen => Limit::WorkingDays(self.reopen_days),
            Clock::Archive => Limit::WorkingDays(self.archive_days),
            Clock::Deferral | Clock::Review => return None,
        })
    }

    /// The limit to put an entry of the knowledge base right: hours, through nights and days off.
    pub const fn knowledge_limit(&self) -> TimeDelta {
        TimeDelta::hours(self.knowledge_hours)
    }

    /// The marks at which `clock` warns before its limit.
    pub const fn marks(&self, clock: Clock) -> &'static [Mark] {
        match clock {
            Clock::County
            | Clock::Sign
            | Clock::Handle
            | Clock::Deferral
            | Clock::Joint
            | Clock::CoSign
            | Clock::Rectify
            | Clock::Opinion => &[Mark::Half, Mark::LastHour],
            Clock::Supplement => &[Mark::Half],
            Clock::Decision | Clock::Verify | Clock::Delivery | Clock::Callback => {
                &[Mark::LastHour]
            }
            Clock::Total | Clock::Return | Clock::Review | Clock::Reopen | Clock::Archive => &[],
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
    /// Takes the versions; the first is built in, where it is not among them.
    pub fn new(mut versions: Vec<Rulebook>) -> Self {
        if !versions.iter().any(|book| book.version == 1) {
            versions.push(Rulebook::first());
        }
        versions.sort_by_key(|book| book.version);
        Self(versions)
    }

    /// All versions, oldest first.
    pub fn all(&self) -> &[Rulebook] {
        &self.0
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
