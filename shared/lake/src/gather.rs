//! The event zone: what waits is taken from the tickets, written by day, and only then taken off. What
//! is written twice is the same twice.

use std::collections::BTreeMap;

use app::AppError;
use app::documents::Document;
use app::lake::{LakeLine, LakeObjects, LakeTickets};
use app::ports::Waiting;
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::Happening;
use domain::calendar::shanghai_date;
use domain::ids::hex;
use domain::ticket::{Ticket, TicketNumber};
use sha2::{Digest as _, Sha256};

use crate::event::Said;
use crate::file::{FileError, Writer};
use crate::month::Month;
use crate::names;
use crate::rows::EventRow;

/// Messages that are taken at once at most: some ten thousand rows.
const MESSAGES_MOST: usize = 4_000;

/// What a run wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GatherRun {
    /// Events.
    pub rows: usize,
    /// Files.
    pub files: usize,
    /// Messages that are none, or of no ticket: they come back, and go aside after a few times.
    pub unread: usize,
}

impl From<FileError> for AppError {
    fn from(error: FileError) -> Self {
        Self::Broken(format!("lake: {error}"))
    }
}

#[derive(Default)]
struct Wanted {
    seen: u32,
    until: u32,
    receipts: Vec<String>,
}

/// Writes the events that wait. `clock` says when a file is written.
pub async fn gather(
    waiting: &dyn Waiting,
    tickets: &dyn LakeTickets,
    objects: &dyn LakeObjects,
    clock: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<GatherRun, AppError> {
    let mut run = GatherRun::default();
    loop {
        let (wanted, is_last) = wanted(waiting, &mut run).await?;
        let (mut rows, mut receipts) = (Vec::new(), Vec::new());
        for (number, wanted) in wanted {
            let ticket = tickets.ticket(&number.key()).await?;
            // One that is not as far as the message says comes again.
            let is_it = |it: &Ticket| it.number == number && it.version() >= wanted.until;
            let Some(ticket) = ticket.filter(is_it) else {
                run.unread += wanted.receipts.len();
                continue;
            };
            let said = said(tickets, &ticket, (wanted.seen, wanted.until)).await?;
            rows.extend(EventRow::all(&ticket, wanted.seen, wanted.until, &said));
            receipts.extend(wanted.receipts);
        }
        run.rows += rows.len();
        run.files += write_events(objects, rows, clock()).await?;
        waiting.done(receipts).await?;
        if is_last {
            return Ok(run);
        }
    }
}

/// What waits, the events of a ticket together; and whether nothing waits any more.
async fn wanted(
    waiting: &dyn Waiting,
    run: &mut GatherRun,
) -> Result<(BTreeMap<TicketNumber, Wanted>, bool), AppError> {
    let (mut wanted, mut taken) = (BTreeMap::<_, Wanted>::new(), 0);
    while taken < MESSAGES_MOST {
        let some = waiting.some().await?;
        if some.is_empty() {
            return Ok((wanted, true));
        }
        taken += some.len();
        for (body, receipt) in some {
            let Some((number, seen, until)) = LakeLine::read(&body) else {
                run.unread += 1;
                continue;
            };
            let its = wanted.entry(number).or_default();
            let is_first = its.receipts.is_empty();
            its.seen = if is_first { seen } else { its.seen.min(seen) };
            its.until = its.until.max(until);
            its.receipts.push(receipt);
        }
    }
    Ok((wanted, false))
}

/// What the texts of the events after `seen` say that the lake keeps.
pub async fn said(
    tickets: &dyn LakeTickets,
    ticket: &Ticket,
    (seen, until): (u32, u32),
) -> Result<Said, AppError> {
    let (key, mut said) = (ticket.number.key(), Said::default());
    for (version, event) in (1..).zip(&ticket.events) {
        if version <= seen || version > until {
            continue;
        }
        let name = match &event.happening {
            Happening::Submitted { submission } if ticket.erased_at.is_none() => &submission.text,
            Happening::Closed { text, .. } | Happening::AnsweredDirectly { text } => text,
            _ => continue,
        };
        // It was written before the event; until it is seen, the event waits.
        let missing = || AppError::Unavailable("a text is not there yet".to_owned());
        let text = tickets.text(&key, name).await?.ok_or_else(missing)?;
        match Document::open(&text)? {
            Document::Appeal { title, text } => (said.title, said.text) = (title, Some(text)),
            Document::Answer { knowledge, .. } => {
                let cited = knowledge
                    .into_iter()
                    .map(|cited| (cited.entry, cited.version));
                said.knowledge.insert(version, cited.collect());
            }
            _ => {}
        }
    }
    Ok(said)
}

/// Writes rows into the event zone: a file a day, the rows in order, a group a month of acceptance, so
/// that who wants one month reads no other.
pub async fn write_events(
    objects: &dyn LakeObjects,
    rows: Vec<EventRow>,
    now: DateTime<Utc>,
) -> Result<usize, AppError> {
    let mut days = BTreeMap::<NaiveDate, Vec<EventRow>>::new();
    for row in rows {
        days.entry(shanghai_date(row.at)).or_default().push(row);
    }
    let files = days.len();
    for (day, rows) in days {
        let file = day_file(rows)?;
        let name = event_name(&names::day(day), &names::stamp(now), &file);
        objects.put(&name, file).await?;
    }
    Ok(files)
}

/// A file of events: in order, each once.
pub fn day_file(mut rows: Vec<EventRow>) -> Result<Vec<u8>, FileError> {
    rows.sort_by(|one, other| one.place().cmp(&other.place()));
    rows.dedup_by(|one, other| one.place() == other.place());
    let (mut writer, mut month) = (Writer::new()?, None);
    for row in &rows {
        let its = Some(Month::of(&row.number));
        if month != its {
            writer.end_group()?;
            month = its;
        }
        writer.write(row)?;
    }
    writer.finish()
}

/// `<folder><when written>-<digest>.parquet`.
pub(crate) fn event_name(folder: &str, written: &str, file: &[u8]) -> String {
    let digest = Sha256::digest(file);
    format!("{folder}{written}-{}.parquet", hex(digest.iter().take(6)))
}
