//! The month in which a ticket was accepted: by it the lake is divided, for it never changes.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use domain::ticket::TicketNumber;
use serde::{Deserialize, Serialize};

/// A month, `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month of a day.
    pub fn on(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }

    /// The month in which the ticket was accepted, which its number says.
    pub fn of(number: &TicketNumber) -> Self {
        let digits = |from: usize| {
            let digits = number.as_str().get(from..from + 2);
            digits.and_then(|digits| digits.parse::<u32>().ok())
        };
        let year = digits(2).and_then(|year| i32::try_from(2000 + year).ok());
        Self {
            year: year.unwrap_or_default(),
            month: digits(4).unwrap_or(1),
        }
    }

    /// Reads it as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let day = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
        (text.len() == 7).then(|| Self::on(day))
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    /// The month after it.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.month {
            12 => Self {
                year: self.year + 1,
                month: 1,
            },
            month => Self {
                year: self.year,
                month: month + 1,
            },
        }
    }

    /// From one month to another, both among them.
    pub fn from_to(first: Option<Self>, last: Option<Self>) -> Vec<Self> {
        let (Some(first), Some(last)) = (first, last) else {
            return Vec::new();
        };
        let months = std::iter::successors(Some(first), |month| Some(month.next()));
        months.take_while(|month| *month <= last).collect()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no month"))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}
