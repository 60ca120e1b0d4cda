//! Whether anything effective was done: complaints that come together without it (Art. 17(3); R-SV-3),
//! and how often the problem was brought before and after (Art. 15; R-AN-4).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{COMPARED_DAYS, COMPLAINED_TOGETHER, Deed, Entry, Member, ProblemGroup};
use crate::appeal::Kind;
use crate::knowledge::Step;
use crate::supervision::{Cause, Trigger};
use crate::ticket::TicketNumber;

impl ProblemGroup {
    /// When something effective was verified last (有效整改措施, Art. 17(3)), and not found to be none
    /// since.
    pub fn settled_at(&self) -> Option<DateTime<Utc>> {
        self.settled().0
    }

    /// When what is effective was verified, and when something was last found not to be.
    fn settled(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let (mut settled, mut revoked_at) = (Vec::new(), None);
        let mut is_effective_now = false;
        for entry in &self.entries {
            match &entry.deed {
                Deed::Verified {
                    is_effective: true, ..
                } => {
                    settled.push(entry.step.at);
                    is_effective_now = true;
                }
                Deed::Verified { .. } if is_effective_now => {
                    settled.pop();
                    revoked_at = Some(entry.step.at);
                    is_effective_now = false;
                }
                Deed::Repeated { .. } => is_effective_now = false,
                Deed::Planned(_)
                | Deed::Completed { .. }
                | Deed::Verified { .. }
                | Deed::Released { .. } => {}
            }
        }
        (settled.last().copied(), revoked_at)
    }

    /// Puts on record that complaints came together, where they did and it is not on record.
    pub(super) fn look_for_complaints(
        &mut self,
        all: &[&Member],
        void: &BTreeSet<TicketNumber>,
        step: &Step,
    ) {
        let (settled_at, revoked_at) = self.settled();
        let is_in = |number: &&TicketNumber| {
            let mut all = all.iter();
            all.any(|it| it.number == **number && it.is_in() && !void.contains(&it.number))
        };
        // What was told stands while its complaints do; found to be none, the measures are asked about anew.
        let since = settled_at.max(revoked_at);
        let told = self.entries.iter().any(|entry| match &entry.deed {
            Deed::Repeated { complaints } => {
                let stand = complaints.iter().filter(is_in).count();
                since.is_none_or(|since| entry.step.at > since) && stand >= COMPLAINED_TOGETHER
            }
            _ => false,
        });
        if told {
            return;
        }
        let mut times = BTreeSet::new();
        let mut complaints: Vec<_> = all
            .iter()
            .filter(|it| it.is_in() && it.kind == Kind::Complaint && !void.contains(&it.number))
            .map(|it| (it.received_at, &it.number))
            .filter(|(at, _)| settled_at.is_none_or(|settled| *at > settled))
            .collect();
        complaints.sort();
        let complaints = complaints.into_iter().filter(|(at, _)| times.insert(*at));
        let complaints: Vec<_> = complaints.map(|(_, number)| number.clone()).collect();
        if complaints.len() >= COMPLAINED_TOGETHER {
            let step = step.clone();
            self.entries.push(Entry {
                step,
                deed: Deed::Repeated { complaints },
            });
        }
    }

    /// The complaints that its entries after the first `seen` say came together.
    pub fn complained_since(&self, seen: usize) -> Vec<TicketNumber> {
        let new = self.entries.iter().skip(seen);
        new.flat_map(|entry| match &entry.deed {
            Deed::Repeated { complaints } => complaints.clone(),
            _ => Vec::new(),
        })
        .collect()
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
