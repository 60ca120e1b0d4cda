//! 分析报告 (Art. 6(5), 15; R-AN-2): which span of days a report is about, and what the report is called.

use std::fmt;

use chrono::{
    DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Utc,
};

use crate::calendar::to_shanghai;

/// How an id writes its day and its minute.
const DAY: &str = "%Y%m%d";
const MINUTE: &str = "%H%M";

/// The most days of a report that is asked for by its days.
const DAYS_MOST: i64 = 366;

/// Quarters as they are called.
const QUARTERS: [&str; 4] = ["第一季度", "第二季度", "第三季度", "第四季度"];

/// 统计期间: the days that a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    kind: Kind,
    since: NaiveDate,
    until: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Year,
    Quarter,
    Days,
}

impl Period {
    /// A whole year.
    pub fn year(year: i32) -> Option<Self> {
        let since = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let until = NaiveDate::from_ymd_opt(year, 12, 31)?;
        Self::of(Kind::Year, since, until)
    }

    /// A quarter, from 1.
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        let month = quarter.checked_mul(3).filter(|month| *month <= 12)?;
        let since = NaiveDate::from_ymd_opt(year, month.checked_sub(2)?, 1)?;
        let next = match month {
            12 => NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)?,
            _ => NaiveDate::from_ymd_opt(year, month + 1, 1)?,
        };
        Self::of(Kind::Quarter, since, next.pred_opt()?)
    }

    /// From one day to another, both in it; a year at most.
    pub fn days(since: NaiveDate, until: NaiveDate) -> Option<Self> {
        Self::of(Kind::Days, since, until)
    }

    fn of(kind: Kind, since: NaiveDate, until: NaiveDate) -> Option<Self> {
        let days = (until - since).num_days() + 1;
        let is_written = |day: NaiveDate| (2000..=9999).contains(&day.year());
        let is_one = is_written(since) && is_written(until) && (1..=DAYS_MOST).contains(&days);
        is_one.then_some(Self { kind, since, until })
    }

    /// Reads `2026`, `2026-Q3` or `2026-07-01_2026-08-15`.
    pub fn parse(text: &str) -> Option<Self> {
        let period = if let Some((since, until)) = text.split_once('_') {
            Self::days(since.parse().ok()?, until.parse().ok()?)
        } else if let Some((year, quarter)) = text.split_once("-Q") {
            Self::quarter(year.parse().ok()?, quarter.parse().ok()?)
        } else {
            Self::year(text.parse().ok()?)
        };
        // Each is written in one way only.
        period.filter(|period| period.to_string() == text)
    }

    /// The first day.
    pub const fn since(&self) -> NaiveDate {
        self.since
    }

    /// The last day.
    pub const fn until(&self) -> NaiveDate {
        self.until
    }

    /// What it is called.
    pub fn zh(&self) -> String {
        let year = self.since.year();
        let quarter = usize::try_from(self.since.month0() / 3).ok();
        let quarter = quarter.and_then(|quarter| QUARTERS.get(quarter));
        let day = |day: NaiveDate| format!("{}年{}月{}日", day.year(), day.month(), day.day());
        match (self.kind, quarter) {
            (Kind::Year, _) => format!("{year}年度"),
            (Kind::Quarter, Some(quarter)) => format!("{year}年{quarter}"),
            _ => format!("{}至{}", day(self.since), day(self.until)),
        }
    }

    /// The periods whose reports are due on a day: the quarter that was over last, and the year.
    pub fn due_on(day: NaiveDate) -> Vec<Self> {
        let quarter = day.month0() / 3;
        let last = match quarter {
            0 => Self::quarter(day.year() - 1, 4),
            _ => Self::quarter(day.year(), quarter),
        };
        let found = [last, Self::year(day.year() - 1)];
        found.into_iter().flatten().collect()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.since.year();
        match self.kind {
            Kind::Year => write!(f, "{year}"),
            Kind::Quarter => write!(f, "{year}-Q{}", self.since.month0() / 3 + 1),
            Kind::Days => write!(f, "{}_{}", self.since, self.until),
        }
    }
}

/// A report's id: what it is about, and as of when the lake was that it was taken from, in Beijing:
/// `2026-Q3.20261001` at midnight, `2026-Q3.202610011130` at another minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeriodicId {
    /// What it is about.
    pub period: Period,
    /// The first minute that is not in its figures, in Beijing.
    as_of: NaiveDateTime,
}

impl PeriodicId {
    /// The report of a period, taken from the lake as of an instant.
    pub fn new(period: Period, as_of: DateTime<Utc>) -> Option<Self> {
        let as_of = to_shanghai(as_of).naive_local();
        let as_of = as_of.date().and_hms_opt(as_of.hour(), as_of.minute(), 0)?;
        Some(Self { period, as_of })
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Option<Self> {
        let (period, as_of) = text.split_once('.')?;
        let (day, time) = as_of.split_at_checked(8)?;
        let day = NaiveDate::parse_from_str(day, DAY).ok()?;
        let time = match time {
            "" => NaiveTime::MIN,
            _ => NaiveTime::parse_from_str(time, MINUTE).ok()?,
        };
        let id = Self {
            period: Period::parse(period)?,
            as_of: day.and_time(time),
        };
        (id.to_string() == text).then_some(id)
    }

    /// The last day of its period that its figures know anything of.
    pub fn last_day(&self) -> NaiveDate {
        let before = self.as_of - TimeDelta::minutes(1);
        self.period.until().min(before.date())
    }

    /// Whether its period was over when its figures were taken: what comes later may only correct it.
    pub fn is_whole(&self) -> bool {
        self.period.until() < self.as_of.date()
    }

    /// Whether its period had begun when its figures were taken.
    pub fn is_begun(&self) -> bool {
        self.period.since().and_time(NaiveTime::MIN) < self.as_of
    }
}

impl fmt::Display for PeriodicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.period, self.as_of.format(DAY))?;
        if self.as_of.time() != NaiveTime::MIN {
            write!(f, "{}", self.as_of.format(MINUTE))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn r_an_2_a_period_is_read_as_it_is_written() {
        for (text, since, until, zh) in [
            ("2026", "2026-01-01", "2026-12-31", "2026年度"),
            ("2026-Q1", "2026-01-01", "2026-03-31", "2026年第一季度"),
            ("2028-Q4", "2028-10-01", "2028-12-31", "2028年第四季度"),
            (
                "2026-07-01_2026-08-15",
                "2026-07-01",
                "2026-08-15",
                "2026年7月1日至2026年8月15日",
            ),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!((period.since(), period.until()), (day(since), day(until)));
            assert_eq!(
                (period.to_string().as_str(), period.zh().as_str()),
                (text, zh)
            );
        }
        for text in [
            "",
            "26",
            "+2026",
            "2026-Q0",
            "2026-Q5",
            "2026-Q01",
            "2026-08-15_2026-07-01",
            "2026-01-01_2027-01-02",
            "2026-7-1_2026-08-15",
            "99999",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn art_6_5_the_quarter_and_the_year_that_are_over_are_due() {
        let due = |text: &str| {
            let periods = Period::due_on(day(text)).into_iter();
            periods.map(|period| period.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(due("2026-01-01"), ["2025-Q4", "2025"]);
        assert_eq!(due("2026-03-31"), ["2025-Q4", "2025"]);
        assert_eq!(due("2026-04-01"), ["2026-Q1", "2025"]);
        assert_eq!(due("2026-12-31"), ["2026-Q3", "2025"]);
    }

    #[test]
    fn r_an_2_an_id_says_whether_its_period_was_over() {
        let id = |text: &str| PeriodicId::parse(text).unwrap();
        assert!(id("2026-Q3.20261001").is_whole());
        assert!(!id("2026-Q3.20260930").is_whole());
        assert!(id("2026-Q3.202607010001").is_begun());
        let last = |text: &str| id(text).last_day().to_string();
        assert_eq!(last("2026-Q3.20261001"), "2026-09-30");
        assert_eq!(last("2026-Q3.20260815"), "2026-08-14");
        assert_eq!(last("2026-Q3.202608151030"), "2026-08-15");
        assert!(!id("2026-Q3.20260701").is_begun());
        let at = "2026-10-01T03:30:59Z".parse().unwrap();
        let period = Period::quarter(2026, 3).unwrap();
        let made = PeriodicId::new(period, at).unwrap();
        assert_eq!(made, id("2026-Q3.202610011130"));
        let midnight = "2026-09-30T16:00:00Z".parse().unwrap();
        let made = PeriodicId::new(period, midnight).unwrap();
        assert_eq!(made.to_string(), "2026-Q3.20261001");
        for text in [
            "2026-Q3",
            "2026-Q3.2026101",
            "2026-Q3.20261301",
            "2026-Q3.202610010000",
            ".20261001",
        ] {
            assert_eq!(PeriodicId::parse(text), None, "{text}");
        }
    }
}
