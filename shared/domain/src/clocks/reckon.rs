//! How the end of a limit follows from a clock's history.
//!
//! Rule A (Civil Code 200–204): the day of an event is not counted. That holds for every event: a
//! working day counts when the clock ran through the whole of it, so neither the day on which it
//! was started, nor one on which it was paused, waited or was resumed.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Reading, Running, Step, Turn};
use crate::calendar::{Calendar, Instant, midnight, next_day, shanghai_date};
use crate::rulebook::{Limit, Mark, Rulebook};

/// A search for the last day of a limit goes no further: no notice closes the offices longer.
const SEARCH_LIMIT_DAYS: u32 = 3_660;

/// How a day goes into the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// The day of the event: not counted.
    Event,
    /// Not a working day.
    DayOff,
    /// The clock waited.
    Waiting,
    /// The working day of this number.
    As(u32),
}

/// A day of the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which day, in Shanghai.
    pub date: NaiveDate,
    /// How it goes in.
    pub counts: Counts,
}

/// The days of a limit in working days, from the day of the event to the last day.
pub fn days(reading: &Reading, limit_days: u32, calendar: &Calendar) -> Vec<Day> {
    let started = shanghai_date(reading.started_at);
    let waits = waits(reading);
    let wanted = limit_days + extension_days(reading);
    let mut days = vec![Day {
        date: started,
        counts: Counts::Event,
    }];
    let (mut date, mut counted) = (started, 0);
    for _ in 0..SEARCH_LIMIT_DAYS {
        if counted >= wanted {
            break;
        }
        date = next_day(date);
        let is_waiting = |(from, until): &(DateTime<Utc>, DateTime<Utc>)| {
            (shanghai_date(*from)..=shanghai_date(*until)).contains(&date)
        };
        let counts = if !calendar.is_working_day(date) {
            Counts::DayOff
        } else if waits.iter().any(is_waiting) {
            Counts::Waiting
        } else {
            counted += 1;
            Counts::As(counted)
        };
        days.push(Day { date, counts });
    }
    days
}

/// The spells in which the clock waited and which are over. One that is not over yet is left out:
/// how long it will be, nobody knows.
pub fn waits(reading: &Reading) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let mut waits = Vec::new();
    let mut since = None;
    for (at, turn) in &reading.turns {
        match turn {
            Turn::Paused | Turn::Stopped => since = since.or(Some(*at)),
            Turn::Resumed => waits.extend(since.take().map(|since| (since, *at))),
            Turn::ExtendedBy(_) | Turn::ExtendedUntil(_) => {}
        }
    }
    // Stopped while it waited: it waited to its end.
    let stopped_at = match reading.running {
        Running::StoppedAt(at) => Some(at),
        Running::Yes | Running::PausedAt(_) => None,
    };
    let last = since.zip(stopped_at).filter(|(since, at)| since < at);
    waits.extend(last);
    waits
}

/// Working days by which the limit was extended.
pub fn extension_days(reading: &Reading) -> u32 {
    let by = |(_, turn): &(DateTime<Utc>, Turn)| match turn {
        Turn::ExtendedBy(days) => *days,
        _ => 0,
    };
    reading.turns.iter().map(by).sum()
}

/// The first instant after the limit of `reading`.
pub fn due(reading: &Reading, rulebook: &Rulebook, calendar: &Calendar) -> Instant {
    let due = match reading.limit {
        Limit::WorkingDays(0) => Instant {
            at: reading.started_at,
            provisional: false,
        },
        Limit::WorkingDays(limit) => {
            let days = days(reading, limit, calendar);
            let last = days.last().map_or(NaiveDate::MAX, |day| day.date);
            Instant {
                at: midnight(next_day(last)),
                provisional: days.iter().any(|day| !calendar.is_published(day.date)),
            }
        }
        Limit::OfficeMinutes(minutes) => office_due(reading, minutes, rulebook, calendar),
        Limit::Hours(hours) => hours_due(reading, hours),
        Limit::Until(date) => until(date, calendar),
    };
    let later = reading.turns.iter().filter_map(|(_, turn)| match turn {
        Turn::ExtendedUntil(date) => Some(until(*date, calendar)),
        _ => None,
    });
    later.fold(
        due,
        |due, later| if later.at > due.at { later } else { due },
    )
}

/// 24:00 of a day; of the next working day where it is a day off (Civil Code 203).
fn until(date: NaiveDate, calendar: &Calendar) -> Instant {
    let day = calendar.working_day_after(date, 0);
    Instant {
        at: day.due_before(),
        provisional: day.provisional,
    }
}

fn office_due(
    reading: &Reading,
    minutes: i64,
    rulebook: &Rulebook,
    calendar: &Calendar,
) -> Instant {
    let hours = &rulebook.office_hours;
    let mut due = hours.add(calendar, reading.started_at, minutes);
    for (from, until) in waits(reading) {
        if from < due.at {
            let left = hours.between(calendar, from, due.at);
            let later = hours.add(calendar, until, left);
            due = Instant {
                at: later.at,
                provisional: due.provisional || later.provisional,
            };
        }
    }
    due
}

/// Hours run through nights and days off.
fn hours_due(reading: &Reading, hours: i64) -> Instant {
    let mut at = reading.started_at + chrono::TimeDelta::hours(hours);
    for (from, until) in waits(reading) {
        if from < at {
            at += until - from;
        }
    }
    Instant {
        at,
        provisional: false,
    }
}

/// When a step of the clock comes.
pub fn instant_of(
    reading: &Reading,
    step: Step,
    calendar: &Calendar,
    rulebook: &Rulebook,
) -> DateTime<Utc> {
    let hours = &rulebook.office_hours;
    match (step, reading.limit) {
        (Step::End, _) => reading.due_before,
        (Step::Warn(Mark::LastHour), _) => hours.subtract(calendar, reading.due_before, 60),
        (Step::Warn(Mark::Half), Limit::OfficeMinutes(minutes)) => {
            hours.subtract(calendar, reading.due_before, minutes / 2)
        }
        (Step::Warn(Mark::Half), Limit::Hours(limit)) => {
            reading.due_before - chrono::TimeDelta::minutes(limit * 30)
        }
        (Step::Warn(Mark::Half), Limit::WorkingDays(limit)) => {
            let half = u32::midpoint(limit, extension_days(reading)) + 1;
            let days = days(reading, limit, calendar);
            let day = days.iter().find(|day| day.counts == Counts::As(half));
            day.map_or(reading.due_before, |day| hours.opening(day.date))
        }
        (Step::Warn(Mark::Half), Limit::Until(_)) => {
            let started = shanghai_date(reading.started_at);
            let last = shanghai_date(reading.due_before - chrono::TimeDelta::seconds(1));
            let days = calendar.working_days_between(started, last);
            hours.opening(calendar.working_day_after(started, days / 2 + 1).date)
        }
    }
}
