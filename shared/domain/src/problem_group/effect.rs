//! Whether anything effective was done: complaints that come together without it (Art. 17(3); R-SV-3),
//! and how often the problem was brought before and after (Art. 15; R-AN-4).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{COMPARED_DAYS, COMPLAINED_TOGETHER, Deed, Member, ProblemGroup};
use crate::appeal::Kind;
use crate::knowledge::Step;
use crate::supervision::{Cause, Trigger};
use crate::ticket::TicketNumber;

impl ProblemGroup {
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
    pub(super) fn together(&self, all: &[&Member]) -> Option<Vec<TicketNumber>> {
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
