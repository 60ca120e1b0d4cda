//! From the events of one ticket, as the lake has them, to its rows in every table. The same events
//! and the same timetable give the same rows, however often and in whatever order they came.

mod assignments;
mod ratings;

use chrono::{DateTime, TimeDelta, Utc};
use domain::answer::Outcome;
use domain::audit::{Event, Happening};
use domain::calendar::shanghai_date;
use domain::clocks::{Reading, Running, Timetable, runs};
use domain::ids::UnitId;
use domain::ticket::{CorruptHistory, How, Ticket};
use domain::workflow::words::{Action, Clock, End, State};

use self::assignments::assignment_rows;
use self::ratings::rating_rows;
use crate::rows::{AssignmentRow, ClockRow, EventRow, KnowledgeUseRow, RatingRow, TicketRow};

/// What a ticket is in every table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// The ticket.
    pub ticket: TicketRow,
    /// Its clocks.
    pub clocks: Vec<ClockRow>,
    /// Who had it.
    pub assignments: Vec<AssignmentRow>,
    /// What the appellant thought of it.
    pub ratings: Vec<RatingRow>,
    /// Which knowledge its answers rest on.
    pub uses: Vec<KnowledgeUseRow>,
}

/// Why the rows of a ticket are not folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotFolded {
    /// A row holds facts that no event has.
    #[error("version {0} holds facts that no event has")]
    Unreadable(u32),
    /// The events cannot have come from the workflow.
    #[error("{0}")]
    Corrupt(#[from] CorruptHistory),
}

/// How the ticket stood in the moment before `as_of`. `rows` are of one ticket, in order, each once;
/// what comes after a gap waits until that is filled. None where the ticket was not there yet.
pub fn fold(
    rows: &[EventRow],
    timetable: &Timetable,
    as_of: DateTime<Utc>,
) -> Result<Option<Folded>, NotFolded> {
    let there = (1..).zip(rows);
    let there = there.take_while(|(version, row)| row.version == *version && row.at < as_of);
    let rows: Vec<&EventRow> = there.map(|(_, row)| row).collect();
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        events.push(row.event().ok_or(NotFolded::Unreadable(row.version))?);
    }
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(None);
    };
    let (ticket, held) = replay(first, events)?;
    let clocks = clock_rows(&ticket, &held, timetable, as_of);
    let row = ticket_row(&ticket, first, last, &clocks);
    Ok(Some(Folded {
        ratings: rating_rows(&ticket, &held),
        uses: use_rows(&rows, &ticket),
        assignments: assignment_rows(&ticket, &held),
        ticket: row,
        clocks,
    }))
}

/// Who had the ticket after each of its events, and in which state.
struct Held {
    at: DateTime<Utc>,
    unit: UnitId,
    county: Option<UnitId>,
    decider: UnitId,
    state: State,
}

fn replay(row: &EventRow, events: Vec<Event>) -> Result<(Ticket, Vec<Held>), NotFolded> {
    let mut events = events.into_iter();
    let first = events.next().ok_or(CorruptHistory::NoSubmission)?;
    let mut ticket = Ticket::open(row.number.clone(), first)?;
    let mut held = vec![held_by(&ticket, ticket.received_at)];
    for event in events {
        let at = event.at;
        ticket.apply(event)?;
        held.push(held_by(&ticket, at));
    }
    Ok((ticket, held))
}

fn held_by(ticket: &Ticket, at: DateTime<Utc>) -> Held {
    Held {
        at,
        unit: ticket.responsible_unit.clone(),
        county: ticket.county.clone(),
        decider: ticket.decider().clone(),
        state: ticket.state,
    }
}

fn ticket_row(
    ticket: &Ticket,
    first: &EventRow,
    last: &EventRow,
    clocks: &[ClockRow],
) -> TicketRow {
    let count = |action: Action| {
        let events = ticket.events.iter();
        let found = events.filter(|event| event.happening.action() == action);
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    };
    let closed_at = ticket.closed.as_ref().and_then(|_| ticket.last_closing());
    let closed_at = closed_at.map(|(_, event)| event.at);
    let total = clocks.iter().rfind(|row| row.clock == Clock::Total);
    let granted = ticket.events.iter().map(|event| match &event.happening {
        Happening::ExtensionGranted { days, .. } => *days,
        _ => 0,
    });
    let submission = &ticket.submission;
    TicketRow {
        number: ticket.number.clone(),
        version: ticket.version(),
        received_at: ticket.received_at,
        received_on: shanghai_date(ticket.received_at),
        channel: submission.channel.clone(),
        kind: submission.kind,
        subject: submission.subject,
        appellant_kind: submission.appellant_kind,
        reply_way: submission.reply_way,
        area: submission.area.clone(),
        service_item: submission.service_item.clone(),
        managing_unit: submission.managing_unit.clone(),
        responsible_unit: ticket.responsible_unit.clone(),
        county: ticket.county.clone(),
        state: ticket.state,
        ended: ticket.closed.as_ref().map(|how| ended(how).to_owned()),
        outcome: ticket.closed.as_ref().and_then(outcome),
        ground: ticket.closed.as_ref().and_then(ground).map(str::to_owned),
        closed_at,
        closed_on: closed_at.map(shanghai_date),
        minutes_to_close: closed_at.map(|at| (at - ticket.received_at).num_minutes()),
        due_at: total.map(|row| row.due_at),
        is_in_time: total.and_then(|row| row.is_kept),
        is_overdue: count(Action::MarkOverdue) > 0,
        dispatches: count(Action::Dispatch) + count(Action::ConcludeJoint),
        returns: count(Action::AcceptReturn),
        extended_days: granted.sum(),
        contacts: count(Action::RecordContact),
        supplement_lists: count(Action::AskSupplement),
        reopenings: count(Action::Reopen),
        is_joint: count(Action::OpenJoint) > 0,
        rating: ticket.rating.map(|rating| u32::from(rating.level)),
        is_solved: ticket.rating.map(|rating| rating.solved),
        earlier: match &ticket.closed {
            Some(How::Repeated { earlier, .. }) => Some(earlier.clone()),
            _ => None,
        },
        // Erased is erased, whatever an earlier row still says.
        subject_key: first
            .subject_key
            .clone()
            .filter(|_| ticket.erased_at.is_none()),
        title: first.title.clone().filter(|_| ticket.erased_at.is_none()),
        text: first.text.clone().filter(|_| ticket.erased_at.is_none()),
        erased_at: ticket.erased_at,
        last_at: last.at,
    }
}

const fn ended(how: &How) -> &'static str {
    match how {
        How::Answered { .. } => "answered",
        How::AnsweredDirectly { .. } => "answered_directly",
        How::NotAccepted { .. } => "not_accepted",
        How::Explained { .. } => "explained",
        How::Repeated { .. } => "repeated",
        How::Referred { .. } => "referred",
        How::Withdrawn => "withdrawn",
    }
}

const fn outcome(how: &How) -> Option<Outcome> {
    match how {
        How::Answered { outcome, .. } => Some(*outcome),
        _ => None,
    }
}

const fn ground(how: &How) -> Option<&'static str> {
    match how {
        How::NotAccepted { ground, .. } => Some(ground.code()),
        How::Explained { ground, .. } => Some(ground.code()),
        _ => None,
    }
}

fn clock_rows(
    ticket: &Ticket,
    held: &[Held],
    timetable: &Timetable,
    as_of: DateTime<Utc>,
) -> Vec<ClockRow> {
    let runs = runs(&ticket.events, timetable);
    let row = |(sequence, run): (u32, Reading)| {
        let then = held.iter().rfind(|held| held.at <= run.started_at)?;
        let is_over = run.is_overdue(as_of);
        let end = match run.running {
            Running::Yes => as_of,
            Running::PausedAt(at) | Running::StoppedAt(at) => at,
        };
        let last = run.due_before - TimeDelta::milliseconds(1);
        Some(ClockRow {
            number: ticket.number.clone(),
            sequence,
            clock: run.id.clock,
            unit: whose(&run, then, ticket).clone(),
            article: run.article.to_owned(),
            rulebook: u32::from(run.rulebook),
            started_at: run.started_at,
            started_on: shanghai_date(run.started_at),
            due_at: run.due_before,
            due_on: shanghai_date(last),
            stopped_at: match run.running {
                Running::StoppedAt(at) => Some(at),
                Running::Yes | Running::PausedAt(_) => None,
            },
            is_waiting: matches!(run.running, Running::PausedAt(_)),
            is_kept: (is_over || run.is_stopped()).then_some(!is_over),
            minutes_over: is_over.then(|| (end - run.due_before).num_minutes()),
            is_provisional: run.provisional,
        })
    };
    // Whose ends only say that something may be done no longer, or is done by itself, is nobody's to
    // keep; the appellant's own is the city's.
    let counts = |run: &Reading| run.id.clock.end() == End::Overdue || run.id.clock == Clock::Total;
    let runs = runs.into_iter().filter(counts);
    (1..).zip(runs).filter_map(row).collect()
}

/// Whose time runs.
fn whose<'a>(run: &'a Reading, then: &'a Held, ticket: &'a Ticket) -> &'a UnitId {
    match run.id.clock {
        Clock::Decision | Clock::Verify => &then.decider,
        Clock::County => then.county.as_ref().unwrap_or(&then.unit),
        Clock::Total | Clock::Joint => &ticket.submission.managing_unit,
        Clock::Callback => ticket
            .callback
            .as_ref()
            .map_or(&then.decider, |callback| &callback.caller),
        _ => run.id.unit.as_ref().unwrap_or(&then.unit),
    }
}

/// Walks the events with whoever had the ticket after each.
fn steps<'a>(
    ticket: &'a Ticket,
    held: &'a [Held],
) -> impl Iterator<Item = (u32, &'a Event, &'a Held)> {
    let events = (1..).zip(&ticket.events).zip(held);
    events.map(|((version, event), held)| (version, event, held))
}

fn use_rows(rows: &[&EventRow], ticket: &Ticket) -> Vec<KnowledgeUseRow> {
    let uses = rows.iter().flat_map(|row| {
        let listed = row.uses().into_iter();
        listed.map(move |(entry, entry_version)| KnowledgeUseRow {
            number: row.number.clone(),
            version: row.version,
            at: row.at,
            unit: row
                .unit
                .as_ref()
                .unwrap_or(&ticket.responsible_unit)
                .clone(),
            entry,
            entry_version,
        })
    });
    uses.collect()
}
