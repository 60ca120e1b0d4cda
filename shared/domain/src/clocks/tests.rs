//! Pauses are a mechanism already, though no row uses one yet (R-CAL-3).

use super::*;
use crate::ticket::tests::{instant, timetable};

fn handle(started: &str) -> Reading {
    let timetable = timetable();
    let rulebook = Rulebook::first();
    let started_at = instant(started);
    let due = due(
        Limit::WorkingDays(1),
        started_at,
        &rulebook,
        &timetable.calendar,
    );
    Reading {
        clock: Clock::Handle,
        article: "第十二条",
        started_at,
        due_before: due.at,
        provisional: due.provisional,
        running: Running::Yes,
        fired: Vec::new(),
    }
}

#[test]
fn r_cal_3_a_paused_clock_counts_the_days_that_were_left() {
    for (paused, resumed, due) in [
        // On the day of the event: one working day is left, counted from the day of resuming.
        (
            "2026-11-23T10:00:00+08:00",
            "2026-11-25T10:00:00+08:00",
            "2026-11-27T00:00:00+08:00",
        ),
        // On the due day: what is left is the rest of a working day.
        (
            "2026-11-24T10:00:00+08:00",
            "2026-11-27T18:00:00+08:00",
            "2026-11-28T00:00:00+08:00",
        ),
        // Resumed on a day off: the next working day.
        (
            "2026-11-24T10:00:00+08:00",
            "2026-11-28T10:00:00+08:00",
            "2026-12-01T00:00:00+08:00",
        ),
    ] {
        let mut reading = handle("2026-11-23T09:00:00+08:00");
        reading.running = Running::PausedAt(instant(paused));
        assert!(
            reading
                .thresholds(&timetable(), &Rulebook::first())
                .is_empty()
        );
        resume(&mut reading, instant(resumed), &timetable().calendar);
        assert_eq!(reading.due_before, instant(due), "{paused}");
        assert_eq!(reading.running, Running::Yes);
    }
}

#[test]
fn r_cal_1_a_limit_into_an_unpublished_year_is_provisional() {
    assert!(handle("2026-12-31T09:00:00+08:00").provisional);
    assert!(!handle("2026-12-30T09:00:00+08:00").provisional);
}
