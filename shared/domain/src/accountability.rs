//! 问责 (Art. 19; R-SV-9): the conduct of a unit or an officer, who put it on record, and who else
//! decided what. A decision is made once, and nothing of a record is changed or taken away.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use crate::dated::dated_id;
use crate::ids::{OfficerId, UnitId};
use crate::ticket::TicketNumber;
use crate::vocabulary::vocabulary;

/// The article that every refusal here cites.
pub const ARTICLE: &str = "第十九条";

vocabulary! {
    /// What Art. 19 names.
    Conduct {
        Shifting = "shifting" "推诿扯皮",
        Perfunctory = "perfunctory" "敷衍塞责",
        BadAttitude = "bad_attitude" "态度恶劣",
        Leak = "leak" "泄露用户信息",
    }
}

vocabulary! {
    /// What was decided.
    Outcome {
        Criticised = "criticised" "通报批评",
        OrderedToCorrect = "ordered_to_correct" "责令整改",
        /// Discipline and crime are for others to pursue.
        Transferred = "transferred" "移送纪检监察机关",
        Unfounded = "unfounded" "不予追究",
    }
}

dated_id!(
    /// A record's id: the day it was opened and 40 bits, `A260302K7QM3XPA`.
    AccountabilityId = 'A'
);

/// What is to be answered for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The unit, or that of the officer.
    pub unit: UnitId,
    /// The officer, where it is one person's conduct.
    pub officer: Option<OfficerId>,
    /// Which conduct.
    pub conduct: Conduct,
    /// The ticket on which it was seen, where it was one.
    pub ticket: Option<TicketNumber>,
    /// What happened, and what shows it.
    pub facts: String,
}

/// What was decided, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: OfficerId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A record of accountability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountabilityRecord {
    /// Its id.
    pub id: AccountabilityId,
    /// Of what.
    pub matter: Matter,
    /// Who opened it.
    pub opened_by: OfficerId,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// What was decided, once it was.
    pub decision: Option<Decision>,
}

/// Why a record is not opened or decided so. The policies say the same, and more, of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSo {
    /// It is decided, and a decision is made once.
    #[error("the record is decided")]
    Decided,
    /// Who opened it does not decide.
    #[error("who opened the record does not decide")]
    OpenedBySame,
    /// Nobody accuses or judges themselves.
    #[error("the record is about who acts on it")]
    AboutOneself,
}

impl AccountabilityRecord {
    /// Opens a record.
    pub fn open(
        id: AccountabilityId,
        matter: Matter,
        by: OfficerId,
        at: DateTime<Utc>,
    ) -> Result<Self, NotSo> {
        if matter.officer.as_ref() == Some(&by) {
            return Err(NotSo::AboutOneself);
        }
        Ok(Self {
            id,
            matter,
            opened_by: by,
            opened_at: at,
            decision: None,
        })
    }

    /// Decides, once.
    pub fn decide(&mut self, decision: Decision) -> Result<(), NotSo> {
        if self.decision.is_some() {
            return Err(NotSo::Decided);
        }
        if decision.by == self.opened_by {
            return Err(NotSo::OpenedBySame);
        }
        if self.matter.officer.as_ref() == Some(&decision.by) {
            return Err(NotSo::AboutOneself);
        }
        self.decision = Some(decision);
        Ok(())
    }

    /// How many times it was written: opened, decided.
    pub fn version(&self) -> usize {
        1 + usize::from(self.decision.is_some())
    }
}
