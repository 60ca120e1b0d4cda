//! Clocks as a function of events, calendar and rulebook (Art. 12; R-CAL-3, R-CAL-4, R-CAL-5):
//! one mechanism for every limit, warning and overdue mark. Nothing here is stored as truth.
//!
//! The table says which event starts, pauses, resumes, extends and stops which clock; [`reckon`]
//! turns a clock's history into the end of its limit; [`receipt`] says how, day by day.

pub mod receipt;
pub mod reckon;
mod since;

pub use since::waited_days;

use chrono::{DateTime, NaiveDate, Utc};

use crate::audit::{Event, Happening};
use crate::calendar::Calendar;
use crate::ids::UnitId;
use crate::rulebook::{Limit, Mark, Rulebook, Rulebooks};
use crate::ticket::state_after;
use crate::workflow::rules::rule;
use crate::workflow::words::{Clock, End, State};

/// What deadlines are reckoned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    /// The statutory calendar.
    pub calendar: Calendar,
    /// All versions of the rulebook.
    pub rulebooks: Rulebooks,
}

/// Which clock: each co-handler has its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClockId {
    /// The kind.
    pub clock: Clock,
    /// Whose, for the clocks of co-handlers.
    pub unit: Option<UnitId>,
}

impl ClockId {
    /// The ticket's one clock of this kind.
    pub const fn one(clock: Clock) -> Self {
        Self { clock, unit: None }
    }
}

/// A limit that moved with the calendar or the rulebook (R-CAL-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Which clock.
    pub id: ClockId,
    /// The first instant after the limit, as it was.
    pub from: DateTime<Utc>,
    /// As it is.
    pub to: DateTime<Utc>,
}

/// Whether a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// It runs.
    Yes,
    /// It waits since then.
    PausedAt(DateTime<Utc>),
    /// It ended then.
    StoppedAt(DateTime<Utc>),
}

/// What comes at a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A warning mark (R-CAL-4).
    Warn(Mark),
    /// The limit is over.
    End,
}

/// An instant at which something must happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// When.
    pub at: DateTime<Utc>,
    /// Of which clock.
    pub id: ClockId,
    /// What.
    pub step: Step,
}

/// What befell a clock after it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It waits from here on.
    Paused,
    /// It runs again.
    Resumed,
    /// Working days were added.
    ExtendedBy(u32),
    /// It runs to this day at least.
    ExtendedUntil(NaiveDate),
    /// It ended.
    Stopped,
}

/// A clock as read from the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which clock.
    pub id: ClockId,
    /// The article that its limit goes by.
    pub article: &'static str,
    /// The version of the rulebook that gave the limit.
    pub rulebook: u16,
    /// The limit.
    pub limit: Limit,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// What befell it since.
    pub turns: Vec<(DateTime<Utc>, Turn)>,
    /// The first instant after its limit. While it waits: as if it waited no longer.
    pub due_before: DateTime<Utc>,
    /// Whether an unpublished year took part (R-CAL-1).
    pub provisional: bool,
    /// Whether it runs.
    pub running: Running,
    /// What already fired.
    pub fired: Vec<Step>,
}

impl Reading {
    /// Whether the limit was kept, as far as `now` can tell.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        let end = match self.running {
            Running::Yes => now,
            Running::PausedAt(at) | Running::StoppedAt(at) => at,
        };
        end >= self.due_before
    }

    /// Whether it ended.
    pub const fn is_stopped(&self) -> bool {
        matches!(self.running, Running::StoppedAt(_))
    }

    /// Whether a closed ticket is not archived while it runs.
    pub fn holds_the_archive(&self) -> bool {
        self.id.clock.end() == End::Overdue && !self.is_stopped()
    }

    /// The thresholds still to come, earliest first. A clock that is over has none left.
    pub fn thresholds(&self, timetable: &Timetable, rulebook: &Rulebook) -> Vec<Threshold> {
        let is_silent = self.running != Running::Yes
            || self.id.clock.end() == End::Window
            || self.fired.contains(&Step::End);
        if is_silent {
            return Vec::new();
        }
        let steps = rulebook.marks(self.id.clock).iter().map(|m| Step::Warn(*m));
        let to_come = steps
            .chain([Step::End])
            .filter(|step| !self.fired.contains(step));
        let threshold = |step| Threshold {
            at: reckon::instant_of(self, step, &timetable.calendar, rulebook),
            id: self.id.clone(),
            step,
        };
        to_come.map(threshold).collect()
    }

    fn turn(&mut self, at: DateTime<Utc>, turn: Turn, timetable: &Timetable) {
        self.turns.push((at, turn));
        match turn {
            Turn::Paused => self.running = Running::PausedAt(at),
            Turn::Stopped => self.running = Running::StoppedAt(at),
            Turn::Resumed => self.running = Running::Yes,
            Turn::ExtendedBy(_) | Turn::ExtendedUntil(_) => {}
        }
        self.reckon(timetable);
        self.forget_what_is_to_come_again(at, timetable);
    }

    fn reckon(&mut self, timetable: &Timetable) {
        let rulebook = timetable.rulebooks.version(self.rulebook);
        let due = reckon::due(self, &rulebook, &timetable.calendar);
        self.due_before = due.at;
        self.provisional = due.provisional;
    }

    /// A mark that fired and now lies ahead again, because the limit moved, is a new mark.
    fn forget_what_is_to_come_again(&mut self, at: DateTime<Utc>, timetable: &Timetable) {
        let rulebook = timetable.rulebooks.version(self.rulebook);
        let mut fired = std::mem::take(&mut self.fired);
        fired.retain(|step| reckon::instant_of(self, *step, &timetable.calendar, &rulebook) <= at);
        self.fired = fired;
    }
}

/// Reads every clock that the events ever started; the latest start of a clock counts.
pub fn readings(events: &[Event], timetable: &Timetable) -> Vec<Reading> {
    read(events, timetable, &mut Vec::new())
}

/// Every start of every clock, in order: one that was started anew stands here once more, and ended
/// then at the latest.
pub fn runs(events: &[Event], timetable: &Timetable) -> Vec<Reading> {
    let mut past = Vec::new();
    let present = read(events, timetable, &mut past);
    past.extend(present);
    past.sort_by_key(|run| run.started_at);
    past
}

/// The latest start of every clock; those before go into `past`.
fn read(events: &[Event], timetable: &Timetable, past: &mut Vec<Reading>) -> Vec<Reading> {
    let mut clocks: Vec<Reading> = Vec::new();
    let mut state = State::New;
    let managing_unit = managing_unit(events);
    for (index, event) in events.iter().enumerate() {
        let Some(row) = rule(event.happening.action(), state) else {
            continue;
        };
        state = state_after(row, state, &event.happening, managing_unit);
        let at = event.at;
        let unit = co_handler_of(&event.happening);
        let lists = [
            (row.stops, Turn::Stopped),
            (row.pauses, Turn::Paused),
            (row.resumes, Turn::Resumed),
        ];
        for (list, turn) in lists {
            for reading in concerned(&mut clocks, list, unit) {
                if is_news(reading, turn) {
                    reading.turn(at, turn, timetable);
                }
            }
        }
        if let Some(extension) = extension_of(&event.happening) {
            for reading in concerned(&mut clocks, row.extends, None) {
                reading.turn(at, extension, timetable);
            }
        }
        let before = events.get(..index).unwrap_or_default();
        for clock in row.starts {
            for id in started_by(*clock, &event.happening) {
                if let Some(new) = start(id, row.article, (before, event), timetable) {
                    if let Some(at) = clocks.iter().position(|reading| reading.id == new.id) {
                        let mut before = clocks.remove(at);
                        if !before.is_stopped() {
                            before.turn(event.at, Turn::Stopped, timetable);
                        }
                        past.push(before);
                    }
                    clocks.push(new);
                }
            }
        }
        note_fired(&mut clocks, event, timetable);
    }
    clocks
}

fn managing_unit(events: &[Event]) -> Option<&UnitId> {
    match &events.first()?.happening {
        Happening::Submitted { submission } => Some(&submission.managing_unit),
        _ => None,
    }
}

fn concerned<'a>(
    clocks: &'a mut [Reading],
    list: &'a [Clock],
    unit: Option<&'a UnitId>,
) -> impl Iterator<Item = &'a mut Reading> {
    clocks.iter_mut().filter(move |reading| {
        list.contains(&reading.id.clock)
            && (unit.is_none()
                || !reading.id.clock.is_per_unit()
                || reading.id.unit.as_ref() == unit)
    })
}

/// What is stopped is not stopped again, and only what waits or is stopped is resumed.
const fn is_news(reading: &Reading, turn: Turn) -> bool {
    match turn {
        Turn::Resumed => !matches!(reading.running, Running::Yes),
        Turn::Paused => matches!(reading.running, Running::Yes),
        _ => !reading.is_stopped(),
    }
}

/// The co-handler that an event is about; none where it is about the whole ticket.
const fn co_handler_of(happening: &Happening) -> Option<&UnitId> {
    match happening {
        Happening::CoSigned { unit }
        | Happening::OpinionGiven { unit, .. }
        | Happening::CoHandlerReleased { unit, .. } => Some(unit),
        _ => None,
    }
}

const fn extension_of(happening: &Happening) -> Option<Turn> {
    match happening {
        Happening::ExtensionGranted { days, .. } => Some(Turn::ExtendedBy(*days)),
        Happening::DeferralGranted { until, .. } => Some(Turn::ExtendedUntil(*until)),
        _ => None,
    }
}

fn started_by(clock: Clock, happening: &Happening) -> Vec<ClockId> {
    if !clock.is_per_unit() {
        return vec![ClockId::one(clock)];
    }
    let units: &[UnitId] = match happening {
        Happening::Dispatched { co_handlers, .. }
        | Happening::JointConcluded { co_handlers, .. } => co_handlers,
        Happening::CoHandlersAppointed { units, .. } => units,
        _ => &[],
    };
    let of = |unit: &UnitId| ClockId {
        clock,
        unit: Some(unit.clone()),
    };
    units.iter().map(of).collect()
}

fn start(
    id: ClockId,
    started_under: &'static str,
    (before, event): (&[Event], &Event),
    timetable: &Timetable,
) -> Option<Reading> {
    let rulebook = timetable.rulebooks.version(event.rulebook);
    let limit = match (id.clock, &event.happening) {
        (Clock::Deferral, Happening::DeferralGranted { until, .. }) => Limit::Until(*until),
        (
            Clock::Review,
            Happening::Closed { review_on: on, .. }
            | Happening::UnsolvedReviewed { next_on: on, .. },
        ) => Limit::Until((*on)?),
        (Clock::County | Clock::Return, Happening::ReturnAccepted { to, .. })
            if Some(to) == managing_unit(before) =>
        {
            return None;
        }
        (Clock::Rectify, Happening::CalledBack { result, .. }) if !result.is_negative() => {
            return None;
        }
        (Clock::Verify, Happening::RectificationCompleted { verifier: None, .. }) => return None,
        (Clock::Supplement, _) => {
            let waited = waited_days(before, &timetable.calendar);
            Limit::WorkingDays(rulebook.supplement_days.saturating_sub(waited))
        }
        (clock, _) => rulebook.limit(clock)?,
    };
    let started_at = match &event.happening {
        Happening::CallbackDrawn { ground, .. } => since::called_for_at(before, *ground, event.at),
        _ => event.at,
    };
    let mut reading = Reading {
        article: id.clock.article().unwrap_or(started_under),
        id,
        rulebook: event.rulebook,
        limit,
        started_at,
        turns: Vec::new(),
        due_before: started_at,
        provisional: false,
        running: Running::Yes,
        fired: Vec::new(),
    };
    reading.reckon(timetable);
    Some(reading)
}

fn note_fired(clocks: &mut [Reading], event: &Event, timetable: &Timetable) {
    let mut fired = |id: &ClockId, step| {
        if let Some(reading) = clocks.iter_mut().find(|reading| reading.id == *id) {
            reading.fired.push(step);
        }
    };
    match &event.happening {
        Happening::Warned { id, mark } => fired(id, Step::Warn(*mark)),
        Happening::BecameOverdue { id } => fired(id, Step::End),
        Happening::DeadlineMoved { moved, .. } => {
            for reading in clocks.iter_mut() {
                if moved.iter().any(|moved| moved.id == reading.id) {
                    reading.forget_what_is_to_come_again(event.at, timetable);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
