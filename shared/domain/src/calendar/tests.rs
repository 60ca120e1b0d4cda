//! R-CAL-1, R-CAL-2 against the copied data: every vector, every day of 2024–2026.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct File {
    year: i32,
    status: String,
    source_no: String,
    days: Vec<Day>,
}

#[derive(Deserialize)]
struct Day {
    date: NaiveDate,
    off: bool,
}

const FILES: [&str; 4] = [
    include_str!("../../data/cn-workdays-2024.json"),
    include_str!("../../data/cn-workdays-2025.json"),
    include_str!("../../data/cn-workdays-2026.json"),
    include_str!("../../data/cn-workdays-2027.json"),
];

fn files() -> Vec<File> {
    FILES
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
}

/// The calendar of the copied data.
pub(crate) fn calendar() -> Calendar {
    Calendar::new(files().into_iter().map(|file| YearNotice {
        year: file.year,
        published: file.status == "published",
        document_number: file.source_no,
        days: file.days.iter().map(|day| (day.date, day.off)).collect(),
    }))
}

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    received: DateTime<Utc>,
    n: u32,
    due_date: NaiveDate,
    due_before: DateTime<Utc>,
    provisional: bool,
    note: String,
}

#[test]
fn r_cal_1_all_24_vectors_pass() {
    let file: Vectors =
        serde_json::from_str(include_str!("../../data/cn-workday-vectors.json")).unwrap();
    assert_eq!(file.vectors.len(), 24);
    for vector in file.vectors {
        let due = calendar().due_day(vector.received, vector.n);
        assert_eq!(due.date, vector.due_date, "{}", vector.note);
        assert_eq!(due.due_before(), vector.due_before, "{}", vector.note);
        assert_eq!(due.provisional, vector.provisional, "{}", vector.note);
    }
}

#[test]
fn r_cal_1_every_day_of_2024_to_2026_follows_the_notices() {
    let calendar = calendar();
    for (file, working_days) in files().iter().zip([251, 248, 248]) {
        let mut date = NaiveDate::from_ymd_opt(file.year, 1, 1).unwrap();
        let mut worked = 0;
        while date.year() == file.year {
            let noticed = file
                .days
                .iter()
                .find(|day| day.date == date)
                .map(|day| !day.off);
            let weekday = !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            assert_eq!(
                calendar.is_working_day(date),
                noticed.unwrap_or(weekday),
                "{date}"
            );
            assert!(calendar.is_published(date), "{date}");
            worked += u32::from(calendar.is_working_day(date));
            date = next_day(date);
        }
        assert_eq!(worked, working_days, "{}", file.year);
    }
}

#[test]
fn r_cal_1_dates_beyond_the_data_are_provisional_and_never_panic() {
    let calendar = calendar();
    for text in [
        "2031-05-01T00:00:00Z",
        "1999-01-01T00:00:00Z",
        "2027-12-31T16:00:00Z",
    ] {
        let due = calendar.due_day(text.parse().unwrap(), 3);
        assert!(due.provisional, "{text}");
    }
    for extreme in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
        let day = if extreme > DateTime::UNIX_EPOCH {
            NaiveDate::MAX
        } else {
            NaiveDate::MIN
        };
        assert!(calendar.working_day_after(day, 1).provisional);
    }
}

#[test]
fn r_cal_2_the_day_turns_at_midnight_in_shanghai() {
    let due = calendar().due_day("2026-11-20T16:30:00Z".parse().unwrap(), 1);
    assert_eq!(due.date.to_string(), "2026-11-23");
}

#[test]
fn a_later_notice_replaces_its_year() {
    let mut notices = calendar();
    let new_year = NaiveDate::from_ymd_opt(2027, 1, 2).unwrap();
    assert!(!notices.is_working_day(new_year));
    notices.load(YearNotice {
        year: 2027,
        published: true,
        document_number: "示例".into(),
        days: vec![(new_year, false)],
    });
    assert!(notices.is_working_day(new_year) && notices.is_published(new_year));
}

fn office() -> OfficeHours {
    crate::rulebook::Rulebook::first().office_hours
}

#[test]
fn office_time_skips_lunch_nights_and_holidays() {
    for (from, minutes, expected) in [
        (
            "2026-11-23T09:00:00+08:00",
            240,
            "2026-11-23T15:00:00+08:00",
        ),
        (
            "2026-11-23T16:00:00+08:00",
            240,
            "2026-11-24T11:00:00+08:00",
        ),
        ("2026-09-30T17:00:00+08:00", 60, "2026-10-08T09:00:00+08:00"),
        ("2026-10-10T08:00:00+08:00", 30, "2026-10-10T09:00:00+08:00"),
        ("2026-11-21T12:00:00+08:00", 0, "2026-11-23T08:30:00+08:00"),
    ] {
        let from: DateTime<Utc> = from.parse().unwrap();
        let expected: DateTime<Utc> = expected.parse().unwrap();
        assert_eq!(
            office().add(&calendar(), from, minutes).at,
            expected,
            "{from}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn subtracting_office_time_undoes_adding_it(hour in 0i64..20_000, minutes in 1i64..3_000) {
        let from = "2024-06-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hour);
        let due = office().add(&calendar(), from, minutes).at;
        let back = office().subtract(&calendar(), due, minutes);
        proptest::prop_assert_eq!(office().add(&calendar(), back, minutes).at, due);
        proptest::prop_assert!(back >= from);
    }

    #[test]
    fn a_due_day_is_the_nth_working_day_after(hour in 0i64..20_000, n in 1u32..15) {
        let from = "2024-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hour);
        let calendar = calendar();
        let due = calendar.due_day(from, n);
        proptest::prop_assert!(calendar.is_working_day(due.date));
        proptest::prop_assert_eq!(calendar.working_days_between(shanghai_date(from), due.date), n);
    }
}
