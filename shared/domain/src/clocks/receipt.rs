//! The deadline receipt (期限计算说明; R-CAL-1, R-CAL-3): how a limit was reckoned, day by day, for
//! officers and appellants. It is made by the function that reckons the limit.

use chrono::{DateTime, NaiveDate, Utc};

use super::reckon::{self, Counts};
use super::{ClockId, Reading, Running, Timetable, Turn};
use crate::calendar::shanghai_date;
use crate::rulebook::Limit;

/// How a limit was reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which clock.
    pub id: ClockId,
    /// The article that the limit goes by.
    pub article: &'static str,
    /// The version of the rulebook that gave the limit.
    pub rulebook: u16,
    /// The limit.
    pub limit: Limit,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// The first instant after the limit.
    pub due_before: DateTime<Utc>,
    /// Whether a year whose notice is not out took part.
    pub provisional: bool,
    /// Whether it runs.
    pub running: Running,
    /// What befell it since it started.
    pub turns: Vec<(DateTime<Utc>, Turn)>,
    /// Day by day; empty for limits that are not counted in days.
    pub lines: Vec<Line>,
}

/// One day of the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which day, in Shanghai.
    pub date: NaiveDate,
    /// How it went in.
    pub counts: Counts,
    /// Whether it is a day that the extension added.
    pub is_extension: bool,
    /// Document number of the notice that makes it a day off or a make-up working day.
    pub document: Option<String>,
}

/// How the limit of `reading` was reckoned.
pub fn receipt(reading: &Reading, timetable: &Timetable) -> Receipt {
    Receipt {
        id: reading.id.clone(),
        article: reading.article,
        rulebook: reading.rulebook,
        limit: reading.limit,
        started_at: reading.started_at,
        due_before: reading.due_before,
        provisional: reading.provisional,
        running: reading.running,
        turns: reading.turns.clone(),
        lines: lines(reading, timetable),
    }
}

fn lines(reading: &Reading, timetable: &Timetable) -> Vec<Line> {
    let Limit::WorkingDays(limit) = reading.limit else {
        return Vec::new();
    };
    let calendar = &timetable.calendar;
    let days = reckon::days(reading, limit, calendar);
    let line = |day: reckon::Day| Line {
        date: day.date,
        counts: day.counts,
        is_extension: matches!(day.counts, Counts::As(number) if number > limit),
        document: calendar
            .is_named(day.date)
            .then(|| calendar.document_number(day.date).map(str::to_owned))
            .flatten(),
    };
    // Nothing is owed to a clock that ended before: the days after are not shown.
    let last = match reading.running {
        Running::StoppedAt(at) => Some(shanghai_date(at)),
        Running::Yes | Running::PausedAt(_) => None,
    };
    let days = days.into_iter();
    days.filter(|day| last.is_none_or(|last| day.date <= last))
        .map(line)
        .collect()
}
