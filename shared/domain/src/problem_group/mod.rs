//! 高频、共性问题 (Art. 8(5), 15, 17(3); R-AN-3, R-AN-4, R-SV-3): appeals that a person found to be
//! about one problem, the root cause, the measures of the unit whose problem it is, and whether they
//! worked.
//!
//! The system proposes ([`candidates`]), a person confirms. What stands in a group is only added to.

mod effect;
mod likeness;
mod member;
#[cfg(test)]
mod tests;

pub use effect::Comparison;
pub use likeness::{Candidate, LIKE, LISTED, Like, Title, candidates};
pub use member::{Member, is_valid};

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::calendar::{Calendar, midnight, next_day, shanghai_date};
use crate::dated::dated_id;
use crate::ids::UnitId;
use crate::knowledge::Step;
use crate::rulebook::Rulebook;
use crate::ticket::TicketNumber;
use crate::vocabulary::vocabulary;

/// Complaints of one problem that make a case together (3次以上, Art. 17(3)).
pub const COMPLAINED_TOGETHER: usize = 3;

/// Days before and after the measures that are held against each other (R-AN-4).
pub const COMPARED_DAYS: i64 = 90;

dated_id!(
    /// A group's id: the day on which it was confirmed and 40 bits, `G260302K7QM3XPA`.
    ProblemGroupId = 'G'
);

vocabulary! {
    /// Where a group stands (分析、整改、预防, Art. 15).
    Stage {
        /// The unit looks for the root cause (根源分析, Art. 8(5)).
        Analysing = "analysing" "待根源分析",
        Rectifying = "rectifying" "整改中",
        /// The managing unit looks whether it worked.
        Verifying = "verifying" "待核验成效",
        Effective = "effective" "整改见效",
    }
}

/// What the unit found and will do (根源分析、整改措施, Art. 8(5)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Why the problem arises.
    pub root_cause: String,
    /// What is changed, so that it arises no longer: 制度性整改、流程再造.
    pub measures: String,
    /// The last day on which it is done.
    pub until: NaiveDate,
}

/// What happened to a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The unit analysed and planned.
    Planned(Plan),
    /// The unit did what it had planned.
    Completed {
        /// What was done.
        words: String,
    },
    /// The managing unit looked whether it worked.
    Verified {
        /// Whether it did.
        is_effective: bool,
        /// What shows it.
        words: String,
    },
    /// So many valid complaints came together with nothing effective done since (Art. 17(3)).
    Repeated {
        /// Which.
        complaints: Vec<TicketNumber>,
    },
    /// A ticket was found to be about something else.
    Released {
        /// Which.
        number: TicketNumber,
        /// Why.
        reason: String,
    },
}

/// An entry of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who, and when.
    pub step: Step,
    /// What.
    pub deed: Deed,
}

/// A problem group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemGroup {
    /// Its id.
    pub id: ProblemGroupId,
    /// The problem, in a sentence.
    pub title: String,
    /// The unit whose problem it is (Art. 8(5)).
    pub unit: UnitId,
    /// The managing unit that confirmed it, and verifies.
    pub managed_by: UnitId,
    /// Area code, where it is about one area.
    pub area: Option<String>,
    /// Service item, where it is about one.
    pub service_item: Option<String>,
    /// Who confirmed it.
    pub opened: Step,
    /// What happened since, in order.
    pub entries: Vec<Entry>,
    /// Tickets in it.
    pub size: usize,
    /// How many times it was written.
    pub writes: usize,
}

/// What is known of the members of a group when something is done to it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// All that it ever had.
    pub members: &'a [Member],
    /// Those whose tickets are not valid any more: declined, referred or taken back since they joined.
    pub void: &'a BTreeSet<TicketNumber>,
}

/// Why something is not done to a group as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSo {
    /// The ticket was not accepted, belongs elsewhere or was taken back.
    #[error("the ticket does not count")]
    NotValid,
    /// The ticket is not in the group.
    #[error("the ticket is not in the group")]
    NotIn,
    /// No analysis is awaited.
    #[error("no analysis is awaited")]
    NothingToPlan,
    /// The day is past, or too far away.
    #[error("the day of a plan is out of range")]
    DayOutOfRange,
    /// No measures are under way.
    #[error("no measures are under way")]
    NothingToComplete,
    /// No measures wait to be verified.
    #[error("no measures wait to be verified")]
    NothingToVerify,
    /// Who did it does not find that it worked.
    #[error("who completed does not verify")]
    CompletedBySame,
}

impl ProblemGroup {
    /// A new group, which waits for the unit's analysis.
    pub fn open(
        id: ProblemGroupId,
        title: String,
        (unit, managed_by): (UnitId, UnitId),
        (area, service_item): (Option<String>, Option<String>),
        opened: Step,
    ) -> Self {
        Self {
            id,
            title,
            unit,
            managed_by,
            area,
            service_item,
            opened,
            entries: Vec::new(),
            size: 0,
            writes: 0,
        }
    }

    /// Where it stands, and since when.
    pub fn stage(&self) -> (Stage, DateTime<Utc>) {
        let mut at = (Stage::Analysing, self.opened.at);
        for entry in &self.entries {
            at.0 = match &entry.deed {
                Deed::Planned(_) => Stage::Rectifying,
                Deed::Completed { .. } => Stage::Verifying,
                Deed::Verified { is_effective, .. } if *is_effective => Stage::Effective,
                Deed::Verified { .. } => Stage::Analysing,
                // What was thought to have worked did not.
                Deed::Repeated { .. } if at.0 == Stage::Effective => Stage::Analysing,
                Deed::Repeated { .. } | Deed::Released { .. } => continue,
            };
            at.1 = entry.step.at;
        }
        at
    }

    /// The plan in force.
    pub fn plan(&self) -> Option<&Plan> {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| match &entry.deed {
                Deed::Planned(plan) => Some(plan),
                _ => None,
            })
    }

    /// The first instant after the limit of whose move it is; none where nothing is awaited.
    pub fn due_before(&self, calendar: &Calendar, rulebook: &Rulebook) -> Option<DateTime<Utc>> {
        let (stage, since) = self.stage();
        let after = |days| calendar.due_day(since, days).due_before();
        match stage {
            Stage::Analysing => Some(after(rulebook.analysis_days)),
            Stage::Rectifying => self.plan().map(|plan| midnight(next_day(plan.until))),
            Stage::Verifying => Some(after(rulebook.verify_days)),
            Stage::Effective => None,
        }
    }

    /// Takes members in, those that are new. Complaints that come together with them go on record, once
    /// for each time that nothing effective was done.
    pub fn join(&mut self, known: Known<'_>, new: Vec<Member>, step: &Step) -> Vec<Member> {
        let is_in = |number: &TicketNumber| {
            let mut known = known.members.iter();
            known.any(|member| member.number == *number && member.is_in())
        };
        let mut seen = BTreeSet::new();
        let new: Vec<_> = new
            .into_iter()
            .filter(|member| !is_in(&member.number) && seen.insert(member.number.clone()))
            .collect();
        if new.is_empty() {
            return new;
        }
        let kept = known.members.iter();
        let kept = kept.filter(|member| !seen.contains(&member.number));
        let all: Vec<_> = kept.chain(&new).collect();
        self.look_for_complaints(&all, known.void, step);
        self.size += new.len();
        self.writes += 1;
        new
    }

    /// Takes a member out that is about something else.
    pub fn release(
        &mut self,
        known: Known<'_>,
        number: &TicketNumber,
        step: Step,
        reason: String,
    ) -> Result<Member, NotSo> {
        let mut known = known.members.iter();
        let member = known.find(|member| member.number == *number && member.is_in());
        let mut member = member.ok_or(NotSo::NotIn)?.clone();
        member.released = Some((step.clone(), reason.clone()));
        self.size = self.size.saturating_sub(1);
        let number = number.clone();
        // On record here too, where it stays when the ticket is taken in again.
        self.write(step, Deed::Released { number, reason });
        Ok(member)
    }

    /// The unit's analysis and measures.
    pub fn analyse(&mut self, plan: Plan, step: Step, rulebook: &Rulebook) -> Result<(), NotSo> {
        if self.stage().0 != Stage::Analysing {
            return Err(NotSo::NothingToPlan);
        }
        let today = shanghai_date(step.at);
        let last = today.checked_add_days(Days::new(u64::from(rulebook.measures_days)));
        if plan.until < today || last.is_none_or(|last| plan.until > last) {
            return Err(NotSo::DayOutOfRange);
        }
        self.write(step, Deed::Planned(plan));
        Ok(())
    }

    /// The unit did it.
    pub fn complete(&mut self, words: String, step: Step) -> Result<(), NotSo> {
        if self.stage().0 != Stage::Rectifying {
            return Err(NotSo::NothingToComplete);
        }
        self.write(step, Deed::Completed { words });
        Ok(())
    }

    /// The managing unit looks whether it worked; later also that it did not after all, whereupon what was
    /// complained of since counts again.
    pub fn verify(
        &mut self,
        known: Known<'_>,
        is_effective: bool,
        words: String,
        step: &Step,
    ) -> Result<(), NotSo> {
        let awaited = match self.stage().0 {
            Stage::Verifying => true,
            Stage::Effective => !is_effective,
            Stage::Analysing | Stage::Rectifying => false,
        };
        if !awaited {
            return Err(NotSo::NothingToVerify);
        }
        if self.completed().is_some_and(|done| done.by == step.by) {
            return Err(NotSo::CompletedBySame);
        }
        let deed = Deed::Verified {
            is_effective,
            words,
        };
        self.write(step.clone(), deed);
        if !is_effective {
            let all: Vec<_> = known.members.iter().collect();
            self.look_for_complaints(&all, known.void, step);
        }
        Ok(())
    }

    /// When measures were done last, and by whom.
    fn completed(&self) -> Option<&Step> {
        let mut latest = self.entries.iter().rev();
        let done = latest.find(|entry| matches!(entry.deed, Deed::Completed { .. }));
        done.map(|entry| &entry.step)
    }

    fn write(&mut self, step: Step, deed: Deed) {
        self.add(step, deed);
        self.writes += 1;
    }

    fn add(&mut self, step: Step, deed: Deed) {
        self.entries.push(Entry { step, deed });
    }
}
