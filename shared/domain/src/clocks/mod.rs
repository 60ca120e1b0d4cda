//! Clocks as a function of events, calendar and rulebook (Art. 12; R-CAL-3, R-CAL-4, R-CAL-5):
//! one mechanism for every limit, warning and overdue mark. Nothing here is stored as truth.

use chrono::{DateTime, Utc};

use crate::audit::{Event, Happening};
use crate::calendar::{Calendar, Instant, next_day, shanghai_date};
use crate::rulebook::{Limit, Mark, Rulebook, Rulebooks};
use crate::workflow::rules::rule;
use crate::workflow::words::{Clock, State};

/// What deadlines are reckoned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    /// The statutory calendar.
    pub calendar: Calendar,
    /// All versions of the rulebook.
    pub rulebooks: Rulebooks,
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
    /// The limit is over (Art. 17(2)); for the archive clock: the time has come.
    Overdue,
}

/// An instant at which something must happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// When.
    pub at: DateTime<Utc>,
    /// Of which clock.
    pub clock: Clock,
    /// What.
    pub step: Step,
}

/// A clock as read from the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which clock.
    pub clock: Clock,
    /// The article that started it.
    pub article: &'static str,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// The first instant after its limit.
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

    /// The thresholds still to come, earliest first. A clock that is overdue has none left.
    pub fn thresholds(&self, timetable: &Timetable, rulebook: &Rulebook) -> Vec<Threshold> {
        if self.running != Running::Yes || self.fired.contains(&Step::Overdue) {
            return Vec::new();
        }
        let marks = rulebook.marks(self.clock).iter().map(|mark| {
            let at = self.mark_at(*mark, &timetable.calendar, rulebook);
            (Step::Warn(*mark), at)
        });
        let steps = marks.chain([(Step::Overdue, self.due_before)]);
        let threshold = |(step, at)| Threshold {
            at,
            clock: self.clock,
            step,
        };
        steps
            .filter(|(step, _)| !self.fired.contains(step))
            .map(threshold)
            .collect()
    }

    fn mark_at(&self, mark: Mark, calendar: &Calendar, rulebook: &Rulebook) -> DateTime<Utc> {
        let hours = &rulebook.office_hours;
        match (mark, rulebook.limit(self.clock)) {
            (Mark::Half, Limit::OfficeMinutes(minutes)) => {
                hours.subtract(calendar, self.due_before, minutes / 2)
            }
            (Mark::Half, Limit::WorkingDays(_)) => {
                let started = shanghai_date(self.started_at);
                let last = shanghai_date(self.due_before).pred_opt().unwrap_or(started);
                let days = calendar.working_days_between(started, last);
                hours.opening(calendar.working_day_after(started, days / 2 + 1).date)
            }
            (Mark::LastHour, _) => hours.subtract(calendar, self.due_before, 60),
        }
    }
}

/// Reads every clock that the events ever started; the latest start of a clock counts.
pub fn readings(events: &[Event], timetable: &Timetable) -> Vec<Reading> {
    let mut clocks: Vec<Reading> = Vec::new();
    let mut state = State::New;
    for event in events {
        let Some(row) = rule(event.happening.action(), state) else {
            continue;
        };
        state = row.after(state);
        for clock in row.stops {
            update(&mut clocks, *clock, |reading| {
                reading.running = Running::StoppedAt(event.at);
            });
        }
        for clock in row.pauses {
            update(&mut clocks, *clock, |reading| {
                reading.running = Running::PausedAt(event.at);
            });
        }
        for clock in row.resumes {
            let calendar = &timetable.calendar;
            update(&mut clocks, *clock, |reading| {
                resume(reading, event.at, calendar);
            });
        }
        for clock in row.starts {
            clocks.retain(|reading| reading.clock != *clock);
            clocks.push(start(*clock, row.article, event, timetable));
        }
        note_fired(&mut clocks, &event.happening);
    }
    clocks
}

fn update(clocks: &mut [Reading], clock: Clock, change: impl FnOnce(&mut Reading)) {
    if let Some(reading) = clocks.iter_mut().find(|reading| reading.clock == clock) {
        change(reading);
    }
}

fn start(clock: Clock, article: &'static str, event: &Event, timetable: &Timetable) -> Reading {
    let rulebook = timetable.rulebooks.version(event.rulebook);
    let due = due(
        rulebook.limit(clock),
        event.at,
        &rulebook,
        &timetable.calendar,
    );
    Reading {
        clock,
        article,
        started_at: event.at,
        due_before: due.at,
        provisional: due.provisional,
        running: Running::Yes,
        fired: Vec::new(),
    }
}

/// When `limit` is over for an event at `at`.
pub fn due(limit: Limit, at: DateTime<Utc>, rulebook: &Rulebook, calendar: &Calendar) -> Instant {
    match limit {
        Limit::WorkingDays(days) => {
            let day = calendar.due_day(at, days);
            Instant {
                at: day.due_before(),
                provisional: day.provisional,
            }
        }
        Limit::OfficeMinutes(minutes) => rulebook.office_hours.add(calendar, at, minutes),
    }
}

/// The working days that were left when the clock paused are counted anew from the day it resumes.
fn resume(reading: &mut Reading, at: DateTime<Utc>, calendar: &Calendar) {
    let Running::PausedAt(paused_at) = reading.running else {
        return;
    };
    let last = shanghai_date(reading.due_before)
        .pred_opt()
        .unwrap_or_default();
    let left = calendar.working_days_between(shanghai_date(paused_at), last);
    let day = calendar.working_day_after(shanghai_date(at), left);
    reading.due_before = crate::calendar::midnight(next_day(day.date));
    reading.provisional |= day.provisional;
    reading.running = Running::Yes;
}

fn note_fired(clocks: &mut [Reading], happening: &Happening) {
    match happening {
        Happening::Warned { clock, mark } => {
            update(clocks, *clock, |reading| {
                reading.fired.push(Step::Warn(*mark));
            });
        }
        Happening::BecameOverdue { clock } => {
            update(clocks, *clock, |reading| reading.fired.push(Step::Overdue));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
