//! When a case opens by itself, each item of Art. 17 a rule of its own, with what it rests on.

use chrono::{DateTime, Days, Utc};
use sha2::{Digest as _, Sha256};

use super::{SupervisionId, Trigger};
use crate::audit::{Event, Happening};
use crate::ids::UnitId;
use crate::knowledge::{KnowledgeEntry, Notice, reviewed_by};
use crate::registry::{Registry, UnitKind};
use crate::rulebook::Rulebook;
use crate::ticket::{Ticket, TicketNumber};
use crate::workflow::words::{Clock, RatingFinding};

/// Proved dissatisfied ratings that make a case together (Art. 17(5) says "repeatedly").
pub const PROVED_TOGETHER: usize = 2;

/// What opens a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Which item of Art. 17.
    pub trigger: Trigger,
    /// The unit that is supervised.
    pub unit: UnitId,
    /// The managing unit, of the city or the county, that supervises it (Art. 7(2), 17).
    pub supervisor: UnitId,
    /// The ticket, where it is about one.
    pub ticket: Option<TicketNumber>,
    /// What makes it one cause and no other: the same cause is the same case.
    pub key: String,
    /// What it rests on, in words.
    pub evidence: Vec<String>,
    /// When it came about.
    pub at: DateTime<Utc>,
}

impl Cause {
    /// The id of the case that it opens.
    pub fn id(&self) -> SupervisionId {
        let digest = Sha256::new()
            .chain_update(self.trigger.code())
            .chain_update([0])
            .chain_update(self.unit.as_str())
            .chain_update([0])
            .chain_update(&self.key);
        SupervisionId::new(self.at, &digest.finalize())
    }
}

/// The cause that the event of `version` of a ticket is, if it is one by itself.
///
/// A county follows up what it dispatched itself (Art. 7(2), R-SV-10): the supervisor is whoever
/// decides on the unit's wishes.
pub fn cause(ticket: &Ticket, version: u32) -> Option<Cause> {
    // As it stood then: who had the ticket, and who decided.
    let then = ticket.at_version(version)?;
    let event = then.events.last()?;
    let (trigger, unit, evidence) = duty_clear(&then, event)
        .or_else(|| overdue(&then, event))
        .or_else(|| falsified(&then, event))?;
    let supervisor = then.decider().clone();
    // A managing unit does not supervise itself.
    (unit != supervisor).then(|| Cause {
        trigger,
        unit,
        supervisor,
        ticket: Some(ticket.number.clone()),
        key: format!("{}/{version}", ticket.number),
        evidence: vec![evidence],
        at: event.at,
    })
}

/// 督办权限 (Art. 7(2), 17): a city's managing unit supervises every unit, a county's those of its county.
pub fn supervises(registry: &Registry, supervisor: &UnitId, unit: &UnitId) -> bool {
    match registry.unit(supervisor).map(|supervisor| supervisor.kind) {
        Some(UnitKind::CityManaging) => true,
        Some(UnitKind::CountyManaging) => reviewed_by(registry, unit).contains(supervisor),
        Some(UnitKind::Resolving) | None => false,
    }
}

type Found = (Trigger, UnitId, String);

/// 17(1): the unit gave back what the managing unit found to be its clear duty.
fn duty_clear(ticket: &Ticket, event: &Event) -> Option<Found> {
    let Happening::ReturnRefused { unit, .. } = &event.happening else {
        return None;
    };
    let said = format!("{}申请退回，经审核属其职责，不予退回", ticket.number);
    Some((Trigger::DutyClear, unit.clone(), said))
}

/// 17(2): not signed or not closed in time, by the lead or by a co-handler.
fn overdue(ticket: &Ticket, event: &Event) -> Option<Found> {
    let Happening::BecameOverdue { id } = &event.happening else {
        return None;
    };
    let counts = matches!(
        id.clock,
        Clock::County
            | Clock::Sign
            | Clock::CoSign
            | Clock::Handle
            | Clock::Deferral
            | Clock::Opinion
            | Clock::Rectify
    );
    let unit = id.unit.as_ref().unwrap_or(&ticket.responsible_unit);
    let said = format!("{}的“{}”期限已过", ticket.number, id.clock.zh());
    counts.then(|| (Trigger::Overdue, unit.clone(), said))
}

/// 17(6): the unit reported what it had not done: who verified it sent it back.
fn falsified(ticket: &Ticket, event: &Event) -> Option<Found> {
    let Happening::SentBack { .. } = &event.happening else {
        return None;
    };
    let said = format!("{}报告整改完成，经核实整改不到位", ticket.number);
    Some((Trigger::Falsified, ticket.responsible_unit.clone(), said))
}

/// A dissatisfied rating that proved true.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proved {
    /// When that was found.
    pub at: DateTime<Utc>,
    /// Of which ticket.
    pub number: TicketNumber,
    /// The version that says so.
    pub version: u32,
}

impl Proved {
    /// The one that the event of `version` is.
    pub fn of(ticket: &Ticket, version: u32) -> Option<Self> {
        let index = usize::try_from(version).ok()?.checked_sub(1)?;
        let event = ticket.events.get(index)?;
        let is_proved = matches!(
            event.happening,
            Happening::RatingVerified {
                finding: RatingFinding::Proved,
                ..
            }
        );
        is_proved.then(|| Self {
            at: event.at,
            number: ticket.number.clone(),
            version,
        })
    }
}

/// 17(5): ratings on one unit and service item that proved true, so many within the rulebook's days.
/// Each counts for one case; `newest` is the one that may complete it, `all` are on record, it too.
pub fn proved_together(
    ticket: &Ticket,
    newest: &Proved,
    all: &[Proved],
    rulebook: &Rulebook,
) -> Option<Cause> {
    let days = Days::new(u64::from(rulebook.proved_days));
    let mut sorted = all.to_vec();
    sorted.sort();
    sorted.dedup();
    let mut waiting: Vec<&Proved> = Vec::new();
    for proved in &sorted {
        waiting.retain(|earlier| {
            earlier
                .at
                .checked_add_days(days)
                .is_some_and(|end| end >= proved.at)
        });
        waiting.push(proved);
        if waiting.len() >= PROVED_TOGETHER {
            if proved == newest {
                return Some(together(ticket, newest, &waiting));
            }
            waiting.clear();
        }
    }
    None
}

fn together(ticket: &Ticket, newest: &Proved, ratings: &[&Proved]) -> Cause {
    let evidence = ratings
        .iter()
        .map(|it| format!("{}的“不满意”评价经核实属实", it.number));
    Cause {
        trigger: Trigger::Dissatisfied,
        unit: ticket.responsible_unit.clone(),
        supervisor: ticket.decider().clone(),
        ticket: Some(newest.number.clone()),
        key: format!("{}/{}", newest.number, newest.version),
        evidence: evidence.collect(),
        at: newest.at,
    }
}

/// 17(4): a notice that an entry of the knowledge base is wrong was not followed within its 48 hours.
/// The supervisor is a managing unit that decides on the entry, and not the owner itself.
pub fn stale_knowledge(entry: &KnowledgeEntry, notice: &Notice) -> Option<Cause> {
    let at = notice.overdue_at?;
    let mut others = entry.reviewed_by.iter();
    let supervisor = others.find(|unit| **unit != entry.unit)?.clone();
    let evidence = format!(
        "知识库条目{}（第{}版）收到“{}”通知，未在期限内更新",
        entry.id,
        notice.version,
        notice.warned.cause.zh()
    );
    Some(Cause {
        trigger: Trigger::StaleKnowledge,
        unit: entry.unit.clone(),
        supervisor,
        ticket: None,
        key: format!("{}/{}", entry.id, notice.number),
        evidence: vec![evidence],
        at,
    })
}
