//! 高频、共性问题 (Art. 8(5), 15, 17(3); R-AN-3, R-AN-4, R-SV-3): appeals that a person found to be
//! about one problem, the root cause, the measures of the unit whose problem it is, and whether they
//! worked.
//!
//! The system proposes ([`candidates`]), a person confirms. What stands in a group is only added to.

mod likeness;
#[cfg(test)]
mod tests;

pub use likeness::{Candidate, LIKE, LISTED, Title, candidates};

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::appeal::Kind;
use crate::calendar::{Calendar, midnight, next_day, shanghai_date};
use crate::dated::dated_id;
use crate::ids::UnitId;
use crate::knowledge::Step;
use crate::rulebook::Rulebook;
use crate::supervision::{Cause, Trigger};
use crate::ticket::{How, Ticket, TicketNumber};
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

/// A ticket that a person found to be about the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub number: TicketNumber,
    /// What was wanted: complaints count (Art. 17(3)).
    pub kind: Kind,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Who found so.
    pub joined: Step,
    /// Who found that it is about something else, and why.
    pub released: Option<(Step, String)>,
}

impl Member {
    /// The ticket as a member, if it counts.
    pub fn of(ticket: &Ticket, joined: Step) -> Result<Self, NotSo> {
        if !is_valid(ticket) {
            return Err(NotSo::NotValid);
        }
        Ok(Self {
            number: ticket.number.clone(),
            kind: ticket.submission.kind,
            received_at: ticket.received_at,
            joined,
            released: None,
        })
    }

    /// Whether it is about the problem still.
    pub const fn is_in(&self) -> bool {
        self.released.is_none()
    }
}

/// Whether a ticket counts for a problem: not what was not accepted, belongs elsewhere or was taken back.
pub const fn is_valid(ticket: &Ticket) -> bool {
    match ticket.closed {
        Some(
            How::NotAccepted { .. } | How::Explained { .. } | How::Referred { .. } | How::Withdrawn,
        ) => false,
        None | Some(How::Answered { .. } | How::AnsweredDirectly { .. } | How::Repeated { .. }) => {
            true
        }
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
                Deed::Repeated { .. } => continue,
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

    /// Takes members in, those that are new. `known` are all that were ever in it: complaints that come
    /// together with them go on record once for each time that nothing effective was done.
    pub fn join(&mut self, known: &[Member], new: Vec<Member>, step: &Step) -> Vec<Member> {
        let is_in = |number: &TicketNumber| {
            let mut known = known.iter();
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
        let kept = known.iter().filter(|member| !seen.contains(&member.number));
        let all: Vec<_> = kept.chain(&new).collect();
        if let Some(complaints) = self.together(&all) {
            self.add(step.clone(), Deed::Repeated { complaints });
        }
        self.size += new.len();
        self.writes += 1;
        new
    }

    /// Takes a member out that is about something else.
    pub fn release(
        &mut self,
        known: &[Member],
        number: &TicketNumber,
        step: Step,
        reason: String,
    ) -> Result<Member, NotSo> {
        let mut known = known.iter();
        let member = known.find(|member| member.number == *number && member.is_in());
        let mut member = member.ok_or(NotSo::NotIn)?.clone();
        member.released = Some((step, reason));
        self.size = self.size.saturating_sub(1);
        self.writes += 1;
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

    /// The managing unit looks whether it worked; later also that it did not after all.
    pub fn verify(&mut self, is_effective: bool, words: String, step: Step) -> Result<(), NotSo> {
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
        self.write(step, deed);
        Ok(())
    }

    /// When measures were done last, and by whom.
    fn completed(&self) -> Option<&Step> {
        let mut latest = self.entries.iter().rev();
        let done = latest.find(|entry| matches!(entry.deed, Deed::Completed { .. }));
        done.map(|entry| &entry.step)
    }

    /// When something effective was verified last (有效整改措施, Art. 17(3)).
    pub fn settled_at(&self) -> Option<DateTime<Utc>> {
        let mut latest = self.entries.iter().rev();
        latest
            .find(|entry| {
                matches!(
                    entry.deed,
                    Deed::Verified {
                        is_effective: true,
                        ..
                    }
                )
            })
            .map(|entry| entry.step.at)
    }

    /// 17(3): the valid complaints, at different times, with nothing effective done since; once there are
    /// as many as make a case, and where they made none yet.
    fn together(&self, all: &[&Member]) -> Option<Vec<TicketNumber>> {
        let settled_at = self.settled_at();
        let is_since = |at: DateTime<Utc>| settled_at.is_none_or(|settled| at > settled);
        let mut told = self.entries.iter();
        if told.any(|it| matches!(it.deed, Deed::Repeated { .. }) && is_since(it.step.at)) {
            return None;
        }
        let mut times = BTreeSet::new();
        let mut complaints: Vec<_> = all
            .iter()
            .filter(|it| it.is_in() && it.kind == Kind::Complaint && is_since(it.received_at))
            .map(|it| (it.received_at, &it.number))
            .collect();
        complaints.sort();
        let complaints = complaints.into_iter().filter(|(at, _)| times.insert(*at));
        let numbers: Vec<_> = complaints.map(|(_, number)| number.clone()).collect();
        (numbers.len() >= COMPLAINED_TOGETHER).then_some(numbers)
    }

    fn write(&mut self, step: Step, deed: Deed) {
        self.add(step, deed);
        self.writes += 1;
    }

    fn add(&mut self, step: Step, deed: Deed) {
        self.entries.push(Entry { step, deed });
    }

    /// The causes for supervision that its entries after the first `seen` are (Art. 17(3)). A managing
    /// unit does not supervise itself.
    pub fn causes(&self, seen: usize) -> Vec<Cause> {
        if self.unit == self.managed_by {
            return Vec::new();
        }
        let new = self.entries.iter().enumerate().skip(seen);
        let told = new.filter_map(|(at, entry)| match &entry.deed {
            Deed::Repeated { complaints } => Some((at, &entry.step, complaints)),
            _ => None,
        });
        told.map(|(at, step, complaints)| self.cause(at, step, complaints))
            .collect()
    }

    fn cause(&self, at: usize, step: &Step, complaints: &[TicketNumber]) -> Cause {
        let numbers: Vec<_> = complaints.iter().map(ToString::to_string).collect();
        let evidence = format!(
            "问题组{}“{}”已有{}件投诉（{}），尚无经核验有效的整改措施",
            self.id,
            self.title,
            complaints.len(),
            numbers.join("、")
        );
        Cause {
            trigger: Trigger::Repeated,
            unit: self.unit.clone(),
            supervisor: self.managed_by.clone(),
            ticket: None,
            key: format!("{}/{at}", self.id),
            evidence: vec![evidence],
            at: step.at,
        }
    }

    /// How often the problem was brought before and after the measures (R-AN-4); none before they were
    /// done.
    pub fn before_and_after(&self, members: &[Member], now: DateTime<Utc>) -> Option<Comparison> {
        let done_at = self.completed()?.at;
        let window = TimeDelta::days(COMPARED_DAYS);
        let until = now.min(done_at + window);
        let brought = |from, until| {
            let mut times = members.iter().filter(|it| it.is_in());
            let times = times.by_ref().map(|it| it.received_at);
            times.filter(|at| (from..until).contains(at)).count()
        };
        Some(Comparison {
            before: brought(done_at - window, done_at),
            after: brought(done_at, until),
            after_days: (until - done_at).num_days(),
        })
    }
}

/// How often a problem was brought: in the [`COMPARED_DAYS`] before its measures were done, and in the
/// days since, at most as many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Appeals in the days before.
    pub before: usize,
    /// Appeals in the days after.
    pub after: usize,
    /// Whole days after.
    pub after_days: i64,
}
