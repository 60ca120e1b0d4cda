//! Working days by the State Council's yearly notice, with its make-up days (工作日, Art. 12;
//! R-CAL-1, R-CAL-2).
//!
//! Rule A (Civil Code 200–204): the day of the event is not counted; the Nth working day after
//! it; ends at 24:00 Asia/Shanghai. Compare with `now >= due_before`. Days of a year without a
//! published notice are told from weekends and the statutory holidays known so far, and marked
//! provisional.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone as _};
use chrono::{TimeDelta, Utc, Weekday};

/// Asia/Shanghai has no daylight saving time: a fixed offset is exact for every date we handle.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// How far a search for working days goes before it stops: no notice closes the offices longer.
const SEARCH_LIMIT_DAYS: u32 = 3_660;

/// One year's notice: which days are off, and which weekend days are worked (调休).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearNotice {
    /// The year the notice is about.
    pub year: i32,
    /// Whether the notice was published; a provisional year holds statutory holidays only.
    pub published: bool,
    /// Document number of the notice (文号).
    pub document_number: String,
    /// `(date, off)`: what differs from Monday-to-Friday.
    pub days: Vec<(NaiveDate, bool)>,
}

/// The statutory calendar: all notices known, versioned by their document numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, bool>,
    published: BTreeSet<i32>,
    documents: BTreeMap<i32, String>,
}

/// A due day: the last day of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDay {
    /// The last day of the limit, in Shanghai.
    pub date: NaiveDate,
    /// Whether a year without a published notice took part in the count.
    pub provisional: bool,
}

impl DueDay {
    /// The first instant at which the limit is over: 24:00 of the due day.
    pub fn due_before(self) -> DateTime<Utc> {
        midnight(next_day(self.date))
    }
}

impl Calendar {
    /// Builds the calendar; a later notice for the same year replaces the earlier one whole.
    pub fn new(notices: impl IntoIterator<Item = YearNotice>) -> Self {
        let mut calendar = Self::default();
        for notice in notices {
            calendar.load(notice);
        }
        calendar
    }

    /// With one more notice; it replaces an earlier one for the same year whole.
    #[must_use]
    pub fn with(mut self, notice: YearNotice) -> Self {
        self.load(notice);
        self
    }

    fn load(&mut self, notice: YearNotice) {
        self.days.retain(|date, _| date.year() != notice.year);
        self.days.extend(notice.days);
        self.documents.insert(notice.year, notice.document_number);
        if notice.published {
            self.published.insert(notice.year);
        } else {
            self.published.remove(&notice.year);
        }
    }

    /// Whether `date` is a working day: the notice first, then Monday to Friday.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        match self.days.get(&date) {
            Some(off) => !off,
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The years known: year, document number, whether the notice is published.
    pub fn years(&self) -> impl Iterator<Item = (i32, &str, bool)> {
        let years = self.documents.iter();
        years.map(|(year, number)| (*year, number.as_str(), self.published.contains(year)))
    }

    /// What the notice of `year` says of its days, in order.
    pub fn days_of(&self, year: i32) -> Vec<(NaiveDate, bool)> {
        let of_year = self.days.iter().filter(|(date, _)| date.year() == year);
        of_year.map(|(date, off)| (*date, *off)).collect()
    }

    /// Whether a notice says what `date` is, rather than its day of the week.
    pub fn is_named(&self, date: NaiveDate) -> bool {
        self.days.contains_key(&date)
    }

    /// Whether the year of `date` has a published notice.
    pub fn is_published(&self, date: NaiveDate) -> bool {
        self.published.contains(&date.year())
    }

    /// Document number of the notice that `date` follows, if its year is known at all.
    pub fn document_number(&self, date: NaiveDate) -> Option<&str> {
        self.documents.get(&date.year()).map(String::as_str)
    }

    /// The `n`th working day after `day` (`n` = 0: `day` itself, or the next working day).
    pub fn working_day_after(&self, day: NaiveDate, n: u32) -> DueDay {
        let mut date = day;
        let mut left = n;
        let mut provisional = !self.is_published(date);
        for _ in 0..SEARCH_LIMIT_DAYS {
            if left == 0 && self.is_working_day(date) {
                break;
            }
            date = next_day(date);
            provisional |= !self.is_published(date);
            if self.is_working_day(date) {
                left = left.saturating_sub(1);
            }
        }
        DueDay { date, provisional }
    }

    /// Rule A: the due day of a limit of `n` working days for an event at `event_at`.
    pub fn due_day(&self, event_at: DateTime<Utc>, n: u32) -> DueDay {
        self.working_day_after(shanghai_date(event_at), n.max(1))
    }

    /// Working days in `(after, until]`.
    pub fn working_days_between(&self, after: NaiveDate, until: NaiveDate) -> u32 {
        let mut count = 0;
        let mut date = after;
        while date < until {
            date = next_day(date);
            count += u32::from(self.is_working_day(date));
        }
        count
    }
}

/// Office hours of a working day: two spells, in Shanghai time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeHours {
    /// Morning spell, from and to.
    pub morning: (NaiveTime, NaiveTime),
    /// Afternoon spell, from and to.
    pub afternoon: (NaiveTime, NaiveTime),
}

impl OfficeHours {
    /// Whether each spell ends after it begins, and the afternoon does not begin before the morning ends.
    pub fn are_consecutive(&self) -> bool {
        let ((opens, lunch), (afternoon, closes)) = (self.morning, self.afternoon);
        opens < lunch && lunch <= afternoon && afternoon < closes
    }

    /// The instant `minutes` of office time after `from`, and whether a provisional year took part.
    pub fn add(&self, calendar: &Calendar, from: DateTime<Utc>, minutes: i64) -> Instant {
        let mut left = TimeDelta::minutes(minutes.max(0));
        let mut day = shanghai_date(from);
        let mut provisional = false;
        for _ in 0..SEARCH_LIMIT_DAYS {
            provisional |= !calendar.is_published(day);
            for (opens, shuts) in self.spells(calendar, day) {
                let starts = opens.max(from);
                let spell = shuts.signed_duration_since(starts);
                if spell <= TimeDelta::zero() {
                    continue;
                }
                if left <= spell {
                    return Instant {
                        at: starts + left,
                        provisional,
                    };
                }
                left -= spell;
            }
            day = next_day(day);
        }
        Instant {
            at: midnight(day),
            provisional,
        }
    }

    /// Minutes of office time in `[from, until)`, rounded up.
    pub fn between(&self, calendar: &Calendar, from: DateTime<Utc>, until: DateTime<Utc>) -> i64 {
        let (mut seconds, mut day) = (0, shanghai_date(from));
        let last = shanghai_date(until);
        while day <= last {
            for (opens, shuts) in self.spells(calendar, day) {
                let spell = shuts.min(until) - opens.max(from);
                seconds += spell.num_seconds().max(0);
            }
            day = next_day(day);
        }
        (seconds + 59) / 60
    }

    /// The instant `minutes` of office time before `until`.
    pub fn subtract(
        &self,
        calendar: &Calendar,
        until: DateTime<Utc>,
        minutes: i64,
    ) -> DateTime<Utc> {
        let mut left = TimeDelta::minutes(minutes.max(0));
        let mut day = shanghai_date(until);
        for _ in 0..SEARCH_LIMIT_DAYS {
            for (opens, shuts) in self.spells(calendar, day).into_iter().rev() {
                let ends = shuts.min(until);
                let spell = ends.signed_duration_since(opens);
                if spell <= TimeDelta::zero() {
                    continue;
                }
                if left <= spell {
                    return ends - left;
                }
                left -= spell;
            }
            day = day.pred_opt().unwrap_or(day);
        }
        until
    }

    /// When the offices open on `day`.
    pub fn opening(&self, day: NaiveDate) -> DateTime<Utc> {
        at(day, self.morning.0)
    }

    /// When the offices shut on `day`.
    pub fn closing(&self, day: NaiveDate) -> DateTime<Utc> {
        at(day, self.afternoon.1)
    }

    fn spells(&self, calendar: &Calendar, day: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        if !calendar.is_working_day(day) {
            return Vec::new();
        }
        [self.morning, self.afternoon]
            .map(|(from, to)| (at(day, from), at(day, to)))
            .to_vec()
    }
}

/// An instant, and whether a year without a published notice took part in finding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Whether it is provisional.
    pub provisional: bool,
}

/// The date in Shanghai at `instant`.
pub fn shanghai_date(instant: DateTime<Utc>) -> NaiveDate {
    to_shanghai(instant).date_naive()
}

/// `instant` as people in Shanghai read it.
pub fn to_shanghai(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(SHANGHAI_SECONDS) {
        Some(offset) => instant.with_timezone(&offset),
        None => instant.fixed_offset(), // not reachable: eight hours is a lawful offset
    }
}

/// 00:00 of `day` in Shanghai.
pub fn midnight(day: NaiveDate) -> DateTime<Utc> {
    at(day, NaiveTime::MIN)
}

fn at(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = day.and_time(time);
    let offset = TimeDelta::seconds(i64::from(SHANGHAI_SECONDS));
    Utc.from_utc_datetime(&local.checked_sub_signed(offset).unwrap_or(local))
}

/// The day after; the last representable day stays.
pub fn next_day(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

#[cfg(test)]
pub(crate) mod tests;
