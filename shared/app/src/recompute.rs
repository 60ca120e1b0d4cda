//! 期限重算 (R-CAL-1, R-RULE-1): what another calendar or rulebook does to the tickets, before it is
//! loaded (the preview) and after (an event on each ticket that moved, and its place in the lists).

use chrono::{DateTime, Utc};
use domain::audit::Actor;
use domain::clocks::{Moved, Reading, Timetable};
use domain::ticket::Ticket;
use domain::workflow::command::Command;
use domain::workflow::decide::{Facts, decide};
use domain::workflow::words::State;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::ports::{Committed, Reference, Store};

/// What a change does to open limits, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// Tickets looked at that are not archived.
    pub tickets: u64,
    /// Tickets of which a running limit moves.
    pub moved: u64,
    /// Tickets of which a running limit is over by the new reckoning and was not by the old.
    pub become_overdue: u64,
    /// Tickets of which a running limit was over by the old reckoning and is not by the new.
    pub stop_being_overdue: u64,
    /// Tickets of which a limit was provisional and is final now.
    pub become_final: u64,
}

impl Effect {
    /// Takes the effect on another ticket in.
    pub fn add(&mut self, other: &Self) {
        self.tickets += other.tickets;
        self.moved += other.moved;
        self.become_overdue += other.become_overdue;
        self.stop_being_overdue += other.stop_being_overdue;
        self.become_final += other.become_final;
    }
}

/// What changing from `old` to `new` does to `ticket`. A stopped limit is history: it stays.
pub fn effect(ticket: &Ticket, old: &Timetable, new: &Timetable, now: DateTime<Utc>) -> Effect {
    if ticket.state == State::Archived {
        return Effect::default();
    }
    let pairs = pairs(ticket, old, new);
    let any = |what: fn(&Reading, &Reading, DateTime<Utc>) -> bool| {
        u64::from(pairs.iter().any(|(old, new)| what(old, new, now)))
    };
    Effect {
        tickets: 1,
        moved: any(|old, new, _| old.due_before != new.due_before),
        become_overdue: any(|old, new, now| !old.is_overdue(now) && new.is_overdue(now)),
        stop_being_overdue: any(|old, new, now| old.is_overdue(now) && !new.is_overdue(now)),
        become_final: any(|old, new, _| old.provisional && !new.provisional),
    }
}

fn pairs(ticket: &Ticket, old: &Timetable, new: &Timetable) -> Vec<(Reading, Reading)> {
    let (old, new) = (ticket.clocks(old), ticket.clocks(new));
    let pairs = old.into_iter().zip(new);
    pairs.filter(|(_, new)| !new.is_stopped()).collect()
}

/// The limits of `ticket` that move.
pub fn moves(ticket: &Ticket, old: &Timetable, new: &Timetable) -> Vec<Moved> {
    let pairs = pairs(ticket, old, new).into_iter();
    pairs
        .filter(|(old, new)| old.due_before != new.due_before)
        .map(|(old, new)| Moved {
            id: new.id,
            from: old.due_before,
            to: new.due_before,
        })
        .collect()
}

/// Writes the event on a ticket that moved, and puts it where it belongs in the lists. `old` is what
/// its limits were reckoned with, `reference` what stands now. True when something moved, now or when the
/// same was done before.
pub async fn recompute(
    store: &dyn Store,
    ticket: &Ticket,
    old: &Timetable,
    reference: &Reference,
    because: &str,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut ticket = ticket.clone();
    for _ in 0..ATTEMPTS {
        let moved = moves(&ticket, old, &reference.timetable);
        // The last that was told: a change that was taken back and made again moves it again.
        let told = ticket.events.iter().rev().find_map(|event| {
            use domain::audit::Happening::DeadlineMoved;
            match &event.happening {
                DeadlineMoved { moved, .. } => Some(moved),
                _ => None,
            }
        });
        let is_told = told == Some(&moved);
        if moved.is_empty() || ticket.state == State::Archived {
            return Ok(false);
        }
        if is_told {
            return Ok(true);
        }
        let read_version = ticket.version();
        let rulebook = ticket.rulebook(&reference.timetable);
        let facts = Facts {
            at: now,
            rulebook: &rulebook,
            timetable: &reference.timetable,
            registry: &reference.registry,
            earlier: None,
        };
        let because = because.to_owned();
        let command = Command::MoveDeadline { because, moved };
        let events = decide(Some(&ticket), &Actor::System, command, &facts);
        let events = events.map_err(|refusal| AppError::Refused {
            refusal,
            present: None,
        })?;
        for event in events {
            ticket
                .apply(event)
                .map_err(|error| AppError::Broken(error.to_string()))?;
        }
        let committed = store.commit(&ticket, read_version, &reference.timetable);
        if committed.await? == Committed::Yes {
            return Ok(true);
        }
        let Some(again) = store.load(&ticket.number.key()).await? else {
            return Ok(false);
        };
        ticket = again;
    }
    Err(AppError::Unavailable(format!(
        "ticket {} changes too fast",
        ticket.number
    )))
}

/// How often a lost race is tried anew.
const ATTEMPTS: u32 = 3;
