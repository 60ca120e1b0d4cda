//! The only path that changes a ticket: one consistent read, a pure decision, one conditional
//! write (architecture: "The ticket").

use std::borrow::Borrow;

use chrono::{DateTime, Utc};
use domain::audit::{Actor, Event};
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::command::Command;
use domain::workflow::decide::{Facts, decide};

use crate::documents::Document;
use crate::error::{AppError, Present};
use crate::originals::Original;
use crate::ports::{Committed, Reference, Store};

/// How often a lost race is decided anew before the caller is told.
const ATTEMPTS: u32 = 3;

/// One wish: what is to be done to which ticket, and what goes with it.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which ticket.
    pub number: TicketNumber,
    /// What.
    pub command: Command,
    /// Texts that the command names: written before the commit.
    pub documents: Vec<Document>,
    /// What the vault keeps of those texts: written before the commit too.
    pub originals: Vec<Original>,
    /// The version that the caller saw (`If-Match`).
    pub seen_version: Option<u32>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Says, on each ticket read, as whom a wish is done.
pub type Who<'a, P> = &'a (dyn Fn(&Ticket) -> Result<P, AppError> + Sync);

/// Does `wish`; `who` says as whom, and by what right.
pub async fn act<P: Borrow<Actor> + Send>(
    store: &dyn Store,
    wish: &Wish,
    who: Who<'_, P>,
) -> Result<(Ticket, P), AppError> {
    let ticket = find(store, &wish.number).await?;
    act_on(store, ticket, wish, who).await
}

/// Does `wish` to a ticket that was just read, and reads it anew only when a race was lost.
pub async fn act_on<P: Borrow<Actor> + Send>(
    store: &dyn Store,
    mut ticket: Ticket,
    wish: &Wish,
    who: Who<'_, P>,
) -> Result<(Ticket, P), AppError> {
    let reference = store.reference(wish.at).await?;
    let earlier = match &wish.command {
        Command::CiteEarlier { earlier, .. } => store.load(&earlier.key()).await?,
        _ => None,
    };
    let mut texts_written = false;
    for _ in 0..ATTEMPTS {
        let read_version = ticket.version();
        let by = who(&ticket)?;
        if wish.seen_version.is_some_and(|seen| seen != read_version) {
            return Err(AppError::ChangedMeanwhile(present(&ticket)));
        }
        let grounds = (reference.as_ref(), earlier.as_ref());
        let events = decided(&ticket, wish, by.borrow(), grounds)?;
        if !texts_written {
            write_documents(store, wish).await?;
            texts_written = true;
        }
        for event in events {
            ticket
                .apply(event)
                .map_err(|error| AppError::Broken(error.to_string()))?;
        }
        if store
            .commit(&ticket, read_version, &reference.timetable)
            .await?
            == Committed::Yes
        {
            return Ok((ticket, by));
        }
        let wanted = ticket.events;
        ticket = find(store, &wish.number).await?;
        // Our own write, its answer lost and the store asked again: nothing is left to do.
        if ticket.events.starts_with(&wanted) {
            return Ok((ticket, by));
        }
    }
    Err(AppError::ChangedMeanwhile(present(&ticket)))
}

/// What would follow from a wish, or why it is refused.
pub(crate) fn decided(
    ticket: &Ticket,
    wish: &Wish,
    by: &Actor,
    (reference, earlier): (&Reference, Option<&Ticket>),
) -> Result<Vec<Event>, AppError> {
    let facts = Facts {
        at: wish.at,
        rulebook: &ticket.rulebook(&reference.timetable),
        timetable: &reference.timetable,
        registry: &reference.registry,
        earlier,
    };
    let refused = |refusal| AppError::Refused {
        refusal,
        present: Some(present(ticket)),
    };
    decide(Some(ticket), by, wish.command.clone(), &facts).map_err(refused)
}

/// The ticket with this number. A number with the right key and a wrong day is not found.
pub async fn find(store: &dyn Store, number: &TicketNumber) -> Result<Ticket, AppError> {
    let ticket = store.load(&number.key()).await?;
    ticket
        .filter(|ticket| ticket.number == *number)
        .ok_or(AppError::NotFound)
}

/// Where a ticket stands.
pub fn present(ticket: &Ticket) -> Present {
    Present {
        version: ticket.version(),
        state: ticket.state,
    }
}

async fn write_documents(store: &dyn Store, wish: &Wish) -> Result<(), AppError> {
    for document in &wish.documents {
        let (name, bytes) = document.seal()?;
        store.put_text(&wish.number.key(), &name, &bytes).await?;
    }
    for original in &wish.originals {
        store.put_original(original).await?;
    }
    Ok(())
}
