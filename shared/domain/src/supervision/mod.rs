//! 督办 (Art. 17, 18; R-SV-1 to R-SV-8, R-SV-10): cases with the evidence they rest on, a ladder of
//! methods each with its own limit, an answer and its acceptance.
//!
//! A case is opened once for each cause: its id follows from the cause. What stands in it is only
//! added to.

mod register;
mod triggers;

#[cfg(test)]
mod tests;

pub use register::{Restriction, restrictions};
pub use triggers::{
    Cause, PROVED_TOGETHER, Proved, cause, proved_together, stale_knowledge, supervises,
};

use chrono::{DateTime, Datelike as _, Utc};

use crate::calendar::{Calendar, to_shanghai};
use crate::dated::dated_id;
use crate::ids::OfficerId;
use crate::rulebook::Rulebook;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// The six cases of Art. 17, in its order and words.
    Trigger {
        DutyClear = "duty_clear" "拒收、退回权责清晰的工单",
        Overdue = "overdue" "工单超期未签收或未办结",
        Repeated = "repeated" "同一问题被3次以上投诉且无有效整改措施",
        StaleKnowledge = "stale_knowledge" "知识库更新滞后超过48小时，或内容存在明显错误",
        Dissatisfied = "dissatisfied" "用户多次评价“不满意”且问题属实",
        Falsified = "falsified" "办理结果弄虚作假、避重就轻",
    }
}

impl Trigger {
    /// The item of Art. 17 that it is.
    pub const fn article(self) -> &'static str {
        match self {
            Self::DutyClear => "第十七条（一）",
            Self::Overdue => "第十七条（二）",
            Self::Repeated => "第十七条（三）",
            Self::StaleKnowledge => "第十七条（四）",
            Self::Dissatisfied => "第十七条（五）",
            Self::Falsified => "第十七条（六）",
        }
    }
}

vocabulary! {
    /// How it is supervised (Art. 17), each step of the ladder above the one before.
    Method {
        PhoneUrging = "phone" "电话催办",
        Letter = "letter" "书面督办函",
        OnSite = "on_site" "现场督办",
    }
}

impl Method {
    /// The next step of the ladder.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::PhoneUrging => Some(Self::Letter),
            Self::Letter => Some(Self::OnSite),
            Self::OnSite => None,
        }
    }

    /// Working days within which the unit answers.
    pub const fn days(self, rulebook: &Rulebook) -> u32 {
        match self {
            Self::PhoneUrging => rulebook.urging_days,
            Self::Letter => rulebook.letter_days,
            Self::OnSite => rulebook.on_site_days,
        }
    }
}

dated_id!(
    /// A case's id: the day of its cause and 40 bits, `S261128K7QM3XPA`.
    SupervisionId = 'S'
);

/// The number of a letter (发文字号), counted through the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetterNumber {
    /// The year in Shanghai.
    pub year: i32,
    /// From 1.
    pub number: u32,
}

impl std::fmt::Display for LetterNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "泰诉督〔{}〕{}号", self.year, self.number)
    }
}

/// The year through which a letter of that instant is counted.
pub fn letter_year(at: DateTime<Utc>) -> i32 {
    to_shanghai(at).year()
}

/// What happened in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A method was begun: by the ladder, or by hand.
    Step {
        /// Which.
        method: Method,
        /// The letter's number, where it is one.
        letter: Option<LetterNumber>,
    },
    /// What came of the call or the visit.
    Noted {
        /// In words.
        words: String,
    },
    /// The unit answered.
    Answered {
        /// What it did.
        words: String,
    },
    /// The answer was not enough.
    Refused {
        /// What is missing.
        words: String,
    },
    /// The last method had no answer in time.
    Unanswered,
    /// The answer was verified; the case is closed.
    Accepted {
        /// How it was verified.
        words: String,
    },
}

/// An entry of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none where the ladder did it.
    pub by: Option<OfficerId>,
    /// What.
    pub deed: Deed,
}

/// A case of supervision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupervisionCase {
    /// Its id.
    pub id: SupervisionId,
    /// What opened it.
    pub cause: Cause,
    /// Whether the matter is technical (Art. 18).
    pub is_technical: bool,
    /// Who opened it by hand; none where a rule did.
    pub opened_by: Option<OfficerId>,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// What happened since, in order; the first is the first method.
    pub entries: Vec<Entry>,
}

/// Whose move it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The unit has to answer.
    Unit,
    /// The supervisor has to accept or to refuse the answer.
    Supervisor,
    /// Nobody's: it is closed.
    Nobody,
}

/// Why something is not done in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSo {
    /// It is closed.
    #[error("the case is closed")]
    Closed,
    /// There is no answer to accept or refuse.
    #[error("there is no answer yet")]
    NoAnswer,
    /// It was answered, and the answer is not decided on.
    #[error("the answer is not decided on yet")]
    Answered,
    /// The ladder goes up, one step after the other.
    #[error("the ladder of methods goes up only")]
    Ladder,
}

impl SupervisionCase {
    /// Opens a case with the first method.
    pub fn open(
        cause: Cause,
        is_technical: bool,
        opened_by: Option<OfficerId>,
        at: DateTime<Utc>,
    ) -> Self {
        let first = Entry {
            at,
            by: opened_by.clone(),
            deed: Deed::Step {
                method: Method::PhoneUrging,
                letter: None,
            },
        };
        Self {
            id: cause.id(),
            cause,
            is_technical,
            opened_by,
            opened_at: at,
            entries: vec![first],
        }
    }

    /// How many times it was written.
    pub fn version(&self) -> usize {
        self.entries.len()
    }

    /// The method in use, and since when.
    pub fn method(&self) -> (Method, DateTime<Utc>) {
        let step = |entry: &Entry| match entry.deed {
            Deed::Step { method, .. } => Some((method, entry.at)),
            _ => None,
        };
        let last = self.entries.iter().rev().find_map(step);
        last.unwrap_or((Method::PhoneUrging, self.opened_at))
    }

    /// Whether the last letter was sent by the ladder: the call before it had no answer in time.
    pub fn is_letter_by_ladder(&self) -> bool {
        let mut latest = self.entries.iter().rev();
        let sent = latest.find(|entry| {
            matches!(
                entry.deed,
                Deed::Step {
                    letter: Some(_),
                    ..
                }
            )
        });
        sent.is_some_and(|entry| entry.by.is_none())
    }

    /// The letter that was sent, if one was.
    pub fn letter(&self) -> Option<(LetterNumber, DateTime<Utc>)> {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match entry.deed {
                Deed::Step { letter, .. } => Some((letter?, entry.at)),
                _ => None,
            })
    }

    /// Whose move it is.
    pub fn turn(&self) -> Turn {
        for entry in self.entries.iter().rev() {
            match entry.deed {
                Deed::Accepted { .. } => return Turn::Nobody,
                Deed::Answered { .. } => return Turn::Supervisor,
                Deed::Step { .. } | Deed::Refused { .. } | Deed::Unanswered => return Turn::Unit,
                Deed::Noted { .. } => {}
            }
        }
        Turn::Unit
    }

    /// How often an answer was not enough.
    pub fn refusals(&self) -> usize {
        let refused = |entry: &&Entry| matches!(entry.deed, Deed::Refused { .. });
        self.entries.iter().filter(refused).count()
    }

    /// The first instant after the unit's limit; none where it is not its move, or the last method
    /// had its time.
    pub fn due_before(&self, calendar: &Calendar, rulebook: &Rulebook) -> Option<DateTime<Utc>> {
        let is_over = self.entries.iter().any(|it| it.deed == Deed::Unanswered);
        if self.turn() != Turn::Unit || is_over {
            return None;
        }
        let days = self.method().0.days(rulebook);
        let asks = |entry: &&Entry| matches!(entry.deed, Deed::Step { .. } | Deed::Refused { .. });
        // An answer that was not enough is asked for anew: how long it was looked at is not the unit's.
        let since = self.entries.iter().rev().find(asks)?.at;
        Some(calendar.due_day(since, days).due_before())
    }

    /// 逾期未答复的升级督办: what the ladder does at `now`, if anything. A letter needs a number first.
    pub fn climb(
        &self,
        now: DateTime<Utc>,
        calendar: &Calendar,
        rulebook: &Rulebook,
    ) -> Option<Climb> {
        let due = self.due_before(calendar, rulebook)?;
        if now < due {
            return None;
        }
        Some(match self.method().0.next() {
            Some(method) => Climb::To(method),
            None => Climb::Top,
        })
    }

    /// Begins a method: the next of the ladder.
    pub fn step(
        &mut self,
        method: Method,
        letter: Option<LetterNumber>,
        by: Option<OfficerId>,
        at: DateTime<Utc>,
    ) -> Result<(), NotSo> {
        self.is_the_units()?;
        if self.method().0.next() != Some(method) {
            return Err(NotSo::Ladder);
        }
        let letter = letter.filter(|_| method == Method::Letter);
        self.add(at, by, Deed::Step { method, letter });
        Ok(())
    }

    /// The last method had no answer in time.
    pub fn end_ladder(&mut self, at: DateTime<Utc>) {
        self.add(at, None, Deed::Unanswered);
    }

    /// Says what came of the call or the visit.
    pub fn note(&mut self, words: String, by: OfficerId, at: DateTime<Utc>) -> Result<(), NotSo> {
        if self.turn() == Turn::Nobody {
            return Err(NotSo::Closed);
        }
        self.add(at, Some(by), Deed::Noted { words });
        Ok(())
    }

    /// The unit answers, late or not.
    pub fn answer(&mut self, words: String, by: OfficerId, at: DateTime<Utc>) -> Result<(), NotSo> {
        self.is_the_units()?;
        self.add(at, Some(by), Deed::Answered { words });
        Ok(())
    }

    /// The supervisor verified the answer: closed.
    pub fn accept(&mut self, words: String, by: OfficerId, at: DateTime<Utc>) -> Result<(), NotSo> {
        self.is_the_supervisors()?;
        self.add(at, Some(by), Deed::Accepted { words });
        Ok(())
    }

    /// The answer is not enough.
    pub fn refuse(&mut self, words: String, by: OfficerId, at: DateTime<Utc>) -> Result<(), NotSo> {
        self.is_the_supervisors()?;
        self.add(at, Some(by), Deed::Refused { words });
        Ok(())
    }

    fn is_the_units(&self) -> Result<(), NotSo> {
        match self.turn() {
            Turn::Unit => Ok(()),
            Turn::Supervisor => Err(NotSo::Answered),
            Turn::Nobody => Err(NotSo::Closed),
        }
    }

    fn is_the_supervisors(&self) -> Result<(), NotSo> {
        match self.turn() {
            Turn::Supervisor => Ok(()),
            Turn::Unit => Err(NotSo::NoAnswer),
            Turn::Nobody => Err(NotSo::Closed),
        }
    }

    fn add(&mut self, at: DateTime<Utc>, by: Option<OfficerId>, deed: Deed) {
        self.entries.push(Entry { at, by, deed });
    }
}

/// What the ladder does when nobody answered in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Climb {
    /// The next method.
    To(Method),
    /// The last one had its time: that is put on record.
    Top,
}
