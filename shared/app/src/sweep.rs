//! The sweep (R-CAL-5): finds what is due at a cost that depends on what is due; each threshold
//! fires once, however often, late or many-fold it runs.

use chrono::{DateTime, Utc};
use domain::audit::Actor;
use domain::clocks::{Threshold, Timetable};
use domain::ticket::{Ticket, TicketKey};
use domain::workflow::command::Command;
use domain::workflow::decide::{Facts, decide};

use crate::error::AppError;
use crate::ports::{Committed, Reference, Store, TIMER_SHARDS, TimerList};

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Tickets whose time had come.
    pub due: u32,
    /// Thresholds that fired.
    pub fired: u32,
    /// Tickets that somebody else changed meanwhile: the next sweep sees them again.
    pub lost_races: u32,
}

/// Sweeps every shard once.
pub async fn sweep(store: &dyn Store, now: DateTime<Utc>) -> Result<Swept, AppError> {
    let mut swept = Swept::default();
    for shard in 0..TIMER_SHARDS {
        for key in store.due(TimerList::Deadlines, shard, now).await? {
            swept.due += 1;
            fire(store, &key, now, &mut swept).await?;
        }
    }
    Ok(swept)
}

async fn fire(
    store: &dyn Store,
    key: &TicketKey,
    now: DateTime<Utc>,
    swept: &mut Swept,
) -> Result<(), AppError> {
    let reference = store.reference(now).await?;
    let Some(mut ticket) = store.load(key).await? else {
        return Ok(());
    };
    let read_version = ticket.version();
    let fired = fire_due(&mut ticket, now, &reference)?;
    // The timer may lie earlier than the next threshold (signing leaves it): then the write only
    // moves it, and no event follows.
    match store
        .commit(&ticket, read_version, &reference.timetable)
        .await?
    {
        Committed::Yes => swept.fired += fired,
        Committed::LostRace => swept.lost_races += 1,
    }
    Ok(())
}

fn fire_due(
    ticket: &mut Ticket,
    now: DateTime<Utc>,
    reference: &Reference,
) -> Result<u32, AppError> {
    let timetable = &reference.timetable;
    let rulebook = ticket.rulebook(timetable);
    let mut fired = 0;
    while let Some(threshold) = next_due(ticket, now, timetable) {
        let Some(command) = Command::at(&threshold) else {
            break;
        };
        let facts = Facts {
            at: now,
            rulebook: &rulebook,
            timetable,
            registry: &reference.registry,
            earlier: None,
        };
        let events = decide(Some(ticket), &Actor::System, command, &facts).map_err(|refusal| {
            AppError::Refused {
                refusal,
                present: None,
            }
        })?;
        for event in events {
            ticket
                .apply(event)
                .map_err(|error| AppError::Broken(error.to_string()))?;
            fired += 1;
        }
    }
    Ok(fired)
}

fn next_due(ticket: &Ticket, now: DateTime<Utc>, timetable: &Timetable) -> Option<Threshold> {
    let first = ticket.thresholds(timetable).into_iter().next();
    first.filter(|threshold| threshold.at <= now)
}
