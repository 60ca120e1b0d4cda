//! What those who keep the rules must know in time (Art. 20; R-RULE-1, R-CAL-1): the trial of the
//! regulation ends, a year begins without its notice, another version takes effect.

use chrono::{Datelike as _, NaiveDate};

use crate::clocks::Timetable;

/// How long before it something is announced, in days.
const AHEAD_DAYS: i64 = 180;

/// From this month on, next year's notice is missed: it comes out between late October and December.
const NOTICE_MONTH: u32 = 11;

/// Something to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announcement {
    /// 试行3年届满 (Art. 20).
    TrialEnds {
        /// The last day.
        on: NaiveDate,
        /// Days left; negative once it is over.
        days_left: i64,
    },
    /// No notice of working days for this year: limits that reach into it are provisional.
    NoticeMissing {
        /// The year.
        year: i32,
    },
    /// A version of the rulebook takes effect.
    RulebookComes {
        /// The version.
        version: u16,
        /// From this day on.
        on: NaiveDate,
    },
}

/// What is to be announced on `today`, the most urgent first.
pub fn announcements(timetable: &Timetable, today: NaiveDate) -> Vec<Announcement> {
    let mut all = Vec::new();
    let on = timetable.rulebooks.in_force(today).trial_ends_on;
    let days_left = on.signed_duration_since(today).num_days();
    if days_left <= AHEAD_DAYS {
        all.push(Announcement::TrialEnds { on, days_left });
    }
    let years = [today.year(), today.year().saturating_add(1)];
    let is_missed = |year: &i32| {
        let first = NaiveDate::from_ymd_opt(*year, 1, 1);
        let is_due = *year == today.year() || today.month() >= NOTICE_MONTH;
        is_due && first.is_some_and(|first| !timetable.calendar.is_published(first))
    };
    let missed = years.into_iter().filter(is_missed);
    all.extend(missed.map(|year| Announcement::NoticeMissing { year }));
    let coming = timetable.rulebooks.all().iter();
    let coming = coming.filter(|book| book.effective_on > today);
    all.extend(coming.map(|book| Announcement::RulebookComes {
        version: book.version,
        on: book.effective_on,
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::{Rulebook, Rulebooks};
    use crate::ticket::tests::timetable;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn r_rule_1_the_end_of_the_trial_is_announced_half_a_year_before() {
        let on = day("2028-12-31");
        let ends = |today: &str| {
            let all = announcements(&timetable(), day(today)).into_iter();
            let mut ends = all.filter(|one| matches!(one, Announcement::TrialEnds { .. }));
            ends.next()
        };
        assert_eq!(ends("2028-07-03"), None);
        let days_left = 180;
        let first = Announcement::TrialEnds { on, days_left };
        assert_eq!(ends("2028-07-04"), Some(first));
        let days_left = -1;
        assert_eq!(
            ends("2029-01-01"),
            Some(Announcement::TrialEnds { on, days_left })
        );
    }

    #[test]
    fn r_cal_1_a_missing_notice_and_a_coming_version_are_announced() {
        assert_eq!(announcements(&timetable(), day("2026-10-31")), []);
        let missing = Announcement::NoticeMissing { year: 2027 };
        assert_eq!(announcements(&timetable(), day("2026-11-01")), [missing]);
        let mut timetable = timetable();
        let second = Rulebook {
            version: 2,
            effective_on: day("2026-07-01"),
            ..Rulebook::first()
        };
        timetable.rulebooks = Rulebooks::new(vec![Rulebook::first(), second]);
        let on = day("2026-07-01");
        let comes = Announcement::RulebookComes { version: 2, on };
        assert_eq!(announcements(&timetable, day("2026-06-30")), [comes]);
        assert_eq!(announcements(&timetable, on), []);
    }
}
