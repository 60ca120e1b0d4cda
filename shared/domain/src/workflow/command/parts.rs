//! Parts of commands that are more than a word.

use chrono::NaiveDate;

use crate::ids::TextRef;
use crate::workflow::words::{ContactOutcome, ContactWay, RatedAspect};

/// A contact with the appellant (Art. 13(1), R-HD-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// How.
    pub way: ContactWay,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// A note, if any.
    pub note: Option<TextRef>,
}

/// A rating on the five levels of 好差评 (R-CB-1): 5 very satisfied … 1 very dissatisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rating {
    /// 1 to 5.
    pub level: u8,
    /// Whether the appellant says that the matter was solved.
    pub solved: bool,
    /// What a dissatisfied appellant is dissatisfied with, where they say so.
    pub aspect: Option<RatedAspect>,
}

/// How a callback went (Art. 14, R-CB-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackResult {
    /// Nobody answered, however often it was tried.
    Unreached,
    /// What the appellant said.
    Answered(Rating),
}

impl CallbackResult {
    /// Whether it asks for rectification.
    pub const fn is_negative(self) -> bool {
        match self {
            Self::Unreached => false,
            Self::Answered(rating) => rating.is_dissatisfied(),
        }
    }
}

impl Rating {
    /// 差评: the last two levels; or "not solved", whatever the level.
    pub const fn is_dissatisfied(self) -> bool {
        self.level <= 2 || !self.solved
    }
}

/// One item of a supplement list (一次性清单, Art. 8(3), 13(3)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SupplementItem {
    /// What is wanted.
    pub what: String,
    /// Why it is needed.
    pub why: String,
    /// How to hand it in.
    pub how: String,
}

/// The plan of a deferred rectification (延期整改, Art. 12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RectificationPlan {
    /// 整改措施.
    pub measures: String,
    /// 责任人, by office and name.
    pub responsible: String,
    /// Why it cannot be done at once.
    pub reason: String,
    /// 完成时限.
    pub until: NaiveDate,
}
