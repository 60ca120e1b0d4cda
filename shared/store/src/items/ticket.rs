//! The ticket's item: header, index keys, and the list of its events, which is its own truth.
//! Attribute names are short because every write is charged by the item's size.

use app::AppError;
use app::ports::{Fingerprint, TimerList, WorklistRow};
use app::seals::Record;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::audit::{Actor, ChainHead, Event, Happening};
use domain::clocks::Timetable;
use domain::ticket::{Task, Ticket, TicketNumber};
use domain::workflow::words::{Action, End, State};

use crate::attributes::{Item, Reader, bytes, corrupt, number, text};
use crate::keys;

/// Version of the item's form.
const FORM: u8 = 1;

/// Index keys of a ticket: what they are now. `None`: the ticket is not in that index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexKeys {
    pub(crate) worklist: Option<(String, i64)>,
    pub(crate) timer: Option<(TimerList, i64)>,
}

/// Where the ticket belongs in the two sparse indexes.
pub(crate) fn index_keys(ticket: &Ticket, timetable: &Timetable) -> IndexKeys {
    let due = ticket
        .due_at(timetable)
        .map_or(i64::MAX, |due| due.timestamp());
    let thresholds = ticket.thresholds(timetable);
    let timer = thresholds.first().map(|next| {
        let list = match next.id.clock.end() {
            End::Archive => TimerList::Archive,
            End::Window | End::Overdue | End::Lapse => TimerList::Deadlines,
        };
        (list, next.at.timestamp())
    });
    let is_open = ticket.state.is_open();
    IndexKeys {
        worklist: is_open.then(|| (keys::worklist(&ticket.responsible_unit), due)),
        timer,
    }
}

/// The whole item of a new ticket.
pub fn new_item(ticket: &Ticket, print: Fingerprint, timetable: &Timetable) -> Item {
    let index = index_keys(ticket, timetable);
    let mut item = Item::from([
        (
            keys::PK.to_owned(),
            text(keys::ticket(&ticket.number.key())),
        ),
        (keys::SK.to_owned(), text(keys::TICKET)),
        ("v".to_owned(), number(FORM)),
        ("n".to_owned(), text(ticket.number.as_str())),
        (
            "i".to_owned(),
            bytes([print.key, print.body, print.nonce].concat()),
        ),
        ("kd".to_owned(), text(ticket.submission.kind.code())),
        ("sj".to_owned(), text(ticket.submission.subject.code())),
        ("s".to_owned(), text(ticket.state.code())),
        ("ve".to_owned(), number(ticket.version())),
        ("h".to_owned(), bytes(ticket.chain.0)),
        ("ev".to_owned(), events(&ticket.events)),
    ]);
    if let Some((unit, due)) = index.worklist {
        item.insert("wp".to_owned(), text(unit));
        item.insert("ws".to_owned(), number(due));
    }
    if let Some((list, next)) = index.timer {
        let shard = keys::shard(&ticket.number.key());
        item.insert("tp".to_owned(), text(keys::timer(list, shard)));
        item.insert("ts".to_owned(), number(next));
    }
    item
}

/// A list of events as attribute values.
pub(crate) fn events(events: &[Event]) -> AttributeValue {
    AttributeValue::L(events.iter().map(event).collect())
}

fn event(event: &Event) -> AttributeValue {
    let mut map = Item::from([
        ("a".to_owned(), text(event.happening.action().code())),
        ("t".to_owned(), number(event.at.timestamp_millis())),
        ("w".to_owned(), text(event.by.to_word())),
    ]);
    // Version 1 goes without saying: it saves three bytes an event in every write.
    if event.rulebook != 1 {
        map.insert("r".to_owned(), number(event.rulebook));
    }
    let facts = event.happening.facts();
    if !facts.is_empty() {
        let facts = facts
            .into_iter()
            .map(|(name, value)| (name.to_owned(), text(value)));
        map.insert("f".to_owned(), AttributeValue::M(facts.collect()));
    }
    AttributeValue::M(map)
}

fn read_event(key: &str, value: &AttributeValue) -> Result<Event, AppError> {
    let map = value.as_m().map_err(|_| corrupt(key, "ev"))?;
    let reader = Reader::new(map, key);
    let action = Action::from_code(reader.text("a")?).ok_or_else(|| reader.corrupt("ev.a"))?;
    let at = DateTime::<Utc>::from_timestamp_millis(reader.number("t")?);
    let by = Actor::from_word(reader.text("w")?).ok_or_else(|| reader.corrupt("ev.w"))?;
    let facts = map.get("f").and_then(|facts| facts.as_m().ok());
    let fact = |name: &str| -> Option<&str> { facts?.get(name)?.as_s().ok().map(String::as_str) };
    let rulebook = if map.contains_key("r") {
        reader.number("r")?
    } else {
        1
    };
    Ok(Event {
        at: at.ok_or_else(|| reader.corrupt("ev.t"))?,
        by,
        rulebook,
        happening: Happening::from_facts(action, &fact).ok_or_else(|| reader.corrupt("ev.f"))?,
    })
}

fn reader(item: &Item) -> Reader<'_> {
    let key = item.get(keys::PK).and_then(|key| key.as_s().ok());
    Reader::new(item, key.map_or("", String::as_str))
}

/// Reads number, events and head as they lie there.
pub(crate) fn read_record(item: &Item) -> Result<Record, AppError> {
    let reader = reader(item);
    if reader.number::<u8>("v")? != FORM {
        return Err(reader.corrupt("v"));
    }
    let number = TicketNumber::parse(reader.text("n")?).map_err(|_| reader.corrupt("n"))?;
    let events = reader
        .list("ev")?
        .iter()
        .map(|event| read_event(reader.key(), event));
    let head = <[u8; 32]>::try_from(reader.bytes("h")?).map_err(|_| reader.corrupt("h"))?;
    Ok(Record {
        number,
        events: events.collect::<Result<_, _>>()?,
        head: ChainHead(head),
    })
}

/// Reads a ticket: the fold of its events, held against the chain and version beside them.
pub(crate) fn read(item: &Item) -> Result<(Ticket, Fingerprint), AppError> {
    let reader = reader(item);
    let record = read_record(item)?;
    let ticket = Ticket::fold(record.number, record.events).map_err(|_| reader.corrupt("ev"))?;
    let kept_state = State::from_code(reader.text("s")?);
    if kept_state != Some(ticket.state) {
        return Err(reader.corrupt("s"));
    }
    if record.head != ticket.chain || reader.number::<u32>("ve")? != ticket.version() {
        return Err(reader.corrupt("h"));
    }
    Ok((ticket, read_fingerprint(reader)?))
}

fn read_fingerprint(reader: Reader<'_>) -> Result<Fingerprint, AppError> {
    let all = reader.bytes("i")?;
    let part = |range| {
        all.get(range)
            .and_then(|bytes: &[u8]| bytes.try_into().ok())
    };
    let key = part(0..12).ok_or_else(|| reader.corrupt("i"))?;
    let body = part(12..24).ok_or_else(|| reader.corrupt("i"))?;
    let nonce = part(24..36).ok_or_else(|| reader.corrupt("i"))?;
    Ok(Fingerprint { key, body, nonce })
}

/// Reads a ticket from a stream's image.
pub fn ticket_from_image(item: &Item) -> Result<Ticket, AppError> {
    read(item).map(|(ticket, _)| ticket)
}

/// Reads what there is to do of a row of the work list index, and the second by which.
pub(crate) fn read_task(item: &Item) -> Result<(Task, i64), AppError> {
    let reader = Reader::new(item, "worklist");
    let task = match reader.optional("ta") {
        Some(code) => Task::from_code(code),
        None => State::from_code(reader.text("s")?).and_then(Task::of),
    };
    let task = task.ok_or_else(|| reader.corrupt("ta"))?;
    Ok((task, reader.number::<i64>("ws")?))
}

/// Reads a row of the work list index.
pub(crate) fn read_row(item: &Item) -> Result<WorklistRow, AppError> {
    let reader = Reader::new(item, "worklist");
    let (task, due) = read_task(item)?;
    let state = State::from_code(reader.text("s")?).ok_or_else(|| reader.corrupt("s"))?;
    Ok(WorklistRow {
        number: TicketNumber::parse(reader.text("n")?).map_err(|_| reader.corrupt("n"))?,
        state,
        task,
        kind: reader.text("kd")?.to_owned(),
        subject: reader.text("sj")?.to_owned(),
        due_at: DateTime::from_timestamp(due, 0),
        version: reader.number("ve")?,
    })
}

#[cfg(test)]
mod tests;
