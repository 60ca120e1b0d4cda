//! Pauses, extensions, reopenings and receipts around the long holidays (R-CAL-1, R-CAL-3; research:
//! peers, finding 1).

use super::receipt::receipt;
use super::reckon::Counts;
use super::*;
use crate::calendar::shanghai_date;
use crate::ticket::tests::{instant, timetable};

fn started(clock: Clock, limit: Limit, at: &str) -> Reading {
    let mut reading = Reading {
        id: ClockId::one(clock),
        article: "第十二条",
        rulebook: 1,
        limit,
        started_at: instant(at),
        turns: Vec::new(),
        due_before: instant(at),
        provisional: false,
        running: Running::Yes,
        fired: Vec::new(),
    };
    reading.reckon(&timetable());
    reading
}

fn handle(days: u32, at: &str) -> Reading {
    started(Clock::Handle, Limit::WorkingDays(days), at)
}

/// The last day of a limit, and whether it is provisional.
fn last_day(reading: &Reading) -> String {
    let last = shanghai_date(reading.due_before - chrono::TimeDelta::seconds(1));
    let mark = if reading.provisional { "?" } else { "" };
    format!("{last}{mark}")
}

#[test]
fn r_cal_1_make_up_days_count_where_others_count_wrong() {
    for (received, days, last) in [
        ("2026-02-13T10:00:00+08:00", 1, "2026-02-14"),
        ("2026-02-13T10:00:00+08:00", 3, "2026-02-25"),
        ("2026-02-27T10:00:00+08:00", 1, "2026-02-28"),
        ("2026-09-18T10:00:00+08:00", 1, "2026-09-20"),
        ("2026-09-30T10:00:00+08:00", 3, "2026-10-10"),
        ("2026-04-30T10:00:00+08:00", 3, "2026-05-08"),
    ] {
        assert_eq!(
            last_day(&handle(days, received)),
            last,
            "{received} +{days}"
        );
    }
}

/// A start, then turns, then the last day of one working day and its turns.
type History<'a> = (&'a str, &'a [(&'a str, Turn)], &'a str);

#[test]
#[expect(clippy::too_many_lines, reason = "a table of histories")]
fn r_cal_3_a_working_day_counts_when_the_clock_ran_through_the_whole_of_it() {
    use Turn::{ExtendedBy, ExtendedUntil, Paused, Resumed, Stopped};
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let cases: &[History<'_>] = &[
        // An ordinary week: asked and answered, the day of the answer is not counted.
        (
            "2026-11-23T09:00:00+08:00",
            &[
                ("2026-11-23T10:00:00+08:00", Paused),
                ("2026-11-25T10:00:00+08:00", Resumed),
            ],
            "2026-11-26",
        ),
        // Asked on the last day: that day is given back whole.
        (
            "2026-11-23T09:00:00+08:00",
            &[
                ("2026-11-24T10:00:00+08:00", Paused),
                ("2026-11-27T18:00:00+08:00", Resumed),
            ],
            "2026-11-30",
        ),
        // Answered on a day off.
        (
            "2026-11-23T09:00:00+08:00",
            &[
                ("2026-11-24T10:00:00+08:00", Paused),
                ("2026-11-28T10:00:00+08:00", Resumed),
            ],
            "2026-11-30",
        ),
        // Not answered yet: as if it were waited no longer.
        (
            "2026-11-23T09:00:00+08:00",
            &[("2026-11-23T10:00:00+08:00", Paused)],
            "2026-11-24",
        ),
        // Spring Festival 2024: 02-04 and 02-18 are worked; 02-09 is a working day by law.
        ("2024-02-03T10:00:00+08:00", &[], "2024-02-04"),
        ("2024-02-09T10:00:00+08:00", &[], "2024-02-18"),
        (
            "2024-02-08T10:00:00+08:00",
            &[("2024-02-09T09:00:00+08:00", ExtendedBy(3))],
            "2024-02-20",
        ),
        (
            "2024-02-08T10:00:00+08:00",
            &[
                ("2024-02-09T09:00:00+08:00", Paused),
                ("2024-02-18T09:00:00+08:00", Resumed),
            ],
            "2024-02-19",
        ),
        // National Day 2024: 09-29 and 10-12 are worked.
        ("2024-09-29T10:00:00+08:00", &[], "2024-09-30"),
        (
            "2024-09-30T10:00:00+08:00",
            &[("2024-09-30T11:00:00+08:00", ExtendedBy(3))],
            "2024-10-11",
        ),
        (
            "2024-09-30T10:00:00+08:00",
            &[
                ("2024-10-08T09:00:00+08:00", Paused),
                ("2024-10-11T09:00:00+08:00", Resumed),
            ],
            "2024-10-12",
        ),
        // Spring Festival 2025: 01-26 and 02-08 are worked.
        ("2025-01-25T09:00:00+08:00", &[], "2025-01-26"),
        (
            "2025-01-27T09:00:00+08:00",
            &[("2025-01-27T10:00:00+08:00", ExtendedBy(2))],
            "2025-02-07",
        ),
        (
            "2025-01-27T09:00:00+08:00",
            &[
                ("2025-01-27T10:00:00+08:00", Paused),
                ("2025-02-07T10:00:00+08:00", Resumed),
            ],
            "2025-02-08",
        ),
        // National Day and Mid-Autumn 2025: 09-28 and 10-11 are worked.
        (
            "2025-09-30T17:00:00+08:00",
            &[("2025-09-30T17:30:00+08:00", ExtendedBy(3))],
            "2025-10-13",
        ),
        (
            "2025-09-30T17:00:00+08:00",
            &[
                ("2025-10-09T08:00:00+08:00", Paused),
                ("2025-10-10T08:00:00+08:00", Resumed),
            ],
            "2025-10-11",
        ),
        // Spring Festival 2026: 02-14 and 02-28 are worked.
        (
            "2026-02-13T16:00:00+08:00",
            &[
                ("2026-02-13T17:00:00+08:00", Paused),
                ("2026-02-14T09:00:00+08:00", Resumed),
            ],
            "2026-02-24",
        ),
        (
            "2026-02-14T10:00:00+08:00",
            &[("2026-02-24T10:00:00+08:00", ExtendedBy(3))],
            "2026-02-27",
        ),
        (
            "2026-02-14T10:00:00+08:00",
            &[
                ("2026-02-24T10:00:00+08:00", ExtendedBy(3)),
                ("2026-02-25T10:00:00+08:00", Paused),
                ("2026-02-27T10:00:00+08:00", Resumed),
            ],
            "2026-03-03",
        ),
        // National Day 2026: 09-20 and 10-10 are worked.
        (
            "2026-09-30T10:00:00+08:00",
            &[
                ("2026-10-08T10:00:00+08:00", Paused),
                ("2026-10-09T10:00:00+08:00", Resumed),
            ],
            "2026-10-10",
        ),
        (
            "2026-09-30T10:00:00+08:00",
            &[
                ("2026-10-08T10:00:00+08:00", ExtendedBy(1)),
                ("2026-10-09T10:00:00+08:00", Paused),
                ("2026-10-10T10:00:00+08:00", Resumed),
            ],
            "2026-10-12",
        ),
        // Closed and reopened: the days between are not the appellant's limit.
        (
            "2026-11-23T09:00:00+08:00",
            &[
                ("2026-11-23T16:00:00+08:00", Stopped),
                ("2026-12-01T09:00:00+08:00", Resumed),
            ],
            "2026-12-02",
        ),
        // Reopened after the limit: it stays over.
        (
            "2026-11-23T09:00:00+08:00",
            &[
                ("2026-11-26T16:00:00+08:00", Stopped),
                ("2026-12-01T09:00:00+08:00", Resumed),
            ],
            "2026-11-24",
        ),
        // A committed day that is a day off: the next working day (Civil Code 203).
        (
            "2026-09-21T09:00:00+08:00",
            &[(
                "2026-09-22T09:00:00+08:00",
                ExtendedUntil(day("2026-10-03")),
            )],
            "2026-10-08",
        ),
        (
            "2026-09-21T09:00:00+08:00",
            &[(
                "2026-09-22T09:00:00+08:00",
                ExtendedUntil(day("2026-09-20")),
            )],
            "2026-09-22",
        ),
        // Into a year whose notice is not out.
        ("2026-12-31T09:00:00+08:00", &[], "2027-01-04?"),
        (
            "2026-12-30T09:00:00+08:00",
            &[("2026-12-30T10:00:00+08:00", ExtendedBy(1))],
            "2027-01-04?",
        ),
    ];
    for (received, turns, last) in cases {
        let mut reading = handle(1, received);
        for (at, turn) in *turns {
            reading.turn(instant(at), *turn, &timetable());
        }
        assert_eq!(last_day(&reading), *last, "{received} {turns:?}");
    }
}

#[test]
fn r_cal_3_office_time_and_hours_wait_too() {
    use Turn::{Paused, Resumed};
    let pause = |reading: &mut Reading| {
        reading.turn(instant("2026-11-27T16:30:00+08:00"), Paused, &timetable());
        reading.turn(instant("2026-11-28T16:30:00+08:00"), Resumed, &timetable());
    };
    // Four office hours from Friday 15:30: one is used when it is paused.
    let mut sign = started(
        Clock::Sign,
        Limit::OfficeMinutes(240),
        "2026-11-27T15:30:00+08:00",
    );
    assert_eq!(sign.due_before, instant("2026-11-30T10:30:00+08:00"));
    pause(&mut sign);
    assert_eq!(sign.due_before, instant("2026-11-30T11:30:00+08:00"));
    // Hours run through the weekend (Art. 17(4)): from Friday 17:00 to Sunday 17:00.
    let mut hours = started(Clock::Review, Limit::Hours(48), "2026-11-27T15:00:00+08:00");
    assert_eq!(hours.due_before, instant("2026-11-29T15:00:00+08:00"));
    pause(&mut hours);
    assert_eq!(hours.due_before, instant("2026-11-30T15:00:00+08:00"));
}

#[test]
fn r_cal_4_a_mark_that_fired_fires_again_only_when_the_limit_moves_past_it() {
    let (timetable, rulebook) = (timetable(), Rulebook::first());
    let mut reading = handle(1, "2026-11-23T09:00:00+08:00");
    reading.fired = vec![Step::Warn(Mark::Half), Step::Warn(Mark::LastHour)];
    assert_eq!(reading.thresholds(&timetable, &rulebook).len(), 1);
    // Extended on the last day at 17:00: the new marks lie ahead.
    let at = instant("2026-11-24T17:00:00+08:00");
    reading.turn(at, Turn::ExtendedBy(3), &timetable);
    let ahead = reading.thresholds(&timetable, &rulebook);
    let ahead: Vec<_> = ahead
        .iter()
        .map(|threshold| (threshold.at, threshold.step))
        .collect();
    assert_eq!(
        ahead,
        [
            (instant("2026-11-26T08:30:00+08:00"), Step::Warn(Mark::Half)),
            (
                instant("2026-11-27T16:30:00+08:00"),
                Step::Warn(Mark::LastHour)
            ),
            (instant("2026-11-28T00:00:00+08:00"), Step::End),
        ]
    );
}

#[test]
fn r_cal_1_the_receipt_says_day_by_day_what_was_counted() {
    let timetable = timetable();
    let mut reading = handle(1, "2026-09-30T10:00:00+08:00");
    for (at, turn) in [
        ("2026-09-30T11:00:00+08:00", Turn::ExtendedBy(2)),
        ("2026-10-08T10:00:00+08:00", Turn::Paused),
        ("2026-10-09T10:00:00+08:00", Turn::Resumed),
    ] {
        reading.turn(instant(at), turn, &timetable);
    }
    let receipt = receipt(&reading, &timetable);
    let lines: Vec<_> = receipt
        .lines
        .iter()
        .map(|line| {
            (
                line.date.format("%m-%d").to_string(),
                line.counts,
                line.is_extension,
            )
        })
        .collect();
    let day = |date: &str, counts, extension| (date.to_owned(), counts, extension);
    let mut expected = vec![day("09-30", Counts::Event, false)];
    for date in [
        "10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07",
    ] {
        expected.push(day(date, Counts::DayOff, false));
    }
    expected.extend([
        day("10-08", Counts::Waiting, false),
        day("10-09", Counts::Waiting, false),
        day("10-10", Counts::As(1), false),
        day("10-11", Counts::DayOff, false),
        day("10-12", Counts::As(2), true),
        day("10-13", Counts::As(3), true),
    ]);
    assert_eq!(lines, expected);
    let notice = Some("国办发明电〔2025〕7号".to_owned());
    let document = |date: &str| {
        let mut lines = receipt.lines.iter();
        lines
            .find(|line| line.date.to_string() == date)
            .unwrap()
            .document
            .clone()
    };
    assert_eq!(document("2026-10-05"), notice);
    assert_eq!(document("2026-10-10"), notice);
    assert_eq!(document("2026-10-11"), None);
    assert_eq!(last_day(&reading), "2026-10-13");
    assert_eq!((receipt.rulebook, receipt.article), (1, "第十二条"));
}

#[test]
fn r_cal_1_a_limit_into_an_unpublished_year_is_provisional() {
    assert!(handle(1, "2026-12-31T09:00:00+08:00").provisional);
    assert!(!handle(1, "2026-12-30T09:00:00+08:00").provisional);
}
