//! 对账 (Art. 3; R-IN-5): a channel system says what it took in on a day, and is told what is not here.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use serde::{Deserialize, Serialize};

/// What a channel said of a day, against the tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Code of the channel.
    pub channel: String,
    /// Which day, by the clock of Beijing.
    pub day: NaiveDate,
    /// How many appeals the channel counted.
    pub count: u32,
    /// How many of the ids that it listed are tickets received on the day.
    pub received: usize,
    /// Ids of which there is no ticket.
    pub missing: Vec<String>,
    /// Ids whose tickets were received on another day, and on which.
    pub other_day: Vec<(String, NaiveDate)>,
    /// When the two were compared.
    pub at: DateTime<Utc>,
}

impl Reconciliation {
    /// Compares; `found` is each id with the instant when its ticket was received, if there is one.
    pub fn of(
        (channel, day, count): (&str, NaiveDate, u32),
        found: Vec<(String, Option<DateTime<Utc>>)>,
        at: DateTime<Utc>,
    ) -> Self {
        let mut all = Self {
            channel: channel.to_owned(),
            day,
            count,
            received: 0,
            missing: Vec::new(),
            other_day: Vec::new(),
            at,
        };
        for (id, received_at) in found {
            match received_at.map(shanghai_date) {
                None => all.missing.push(id),
                Some(its) if its == day => all.received += 1,
                Some(its) => all.other_day.push((id, its)),
            }
        }
        all
    }

    /// How many different ids the channel listed.
    pub fn listed(&self) -> usize {
        self.received + self.missing.len() + self.other_day.len()
    }

    /// Counted by the channel, less received here on the day.
    pub fn difference(&self) -> i64 {
        let received = i64::try_from(self.received).unwrap_or(i64::MAX);
        i64::from(self.count) - received
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_in_5_the_difference_and_the_missing_are_told() {
        let at = |text: &str| Some(text.parse().unwrap());
        // 15:59:59 UTC is the last second of the day in Beijing.
        let found = vec![
            ("M-1".to_owned(), at("2026-03-02T15:59:59Z")),
            ("M-2".to_owned(), None),
            ("M-3".to_owned(), at("2026-03-02T16:00:00Z")),
        ];
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let all = Reconciliation::of(
            ("mobile", day, 4),
            found,
            "2026-03-03T01:00:00Z".parse().unwrap(),
        );
        assert_eq!((all.received, all.listed(), all.difference()), (1, 3, 3));
        assert_eq!(all.missing, ["M-2"]);
        assert_eq!(all.other_day, [("M-3".to_owned(), day.succ_opt().unwrap())]);
    }
}
