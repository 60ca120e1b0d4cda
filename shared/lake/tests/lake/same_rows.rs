//! R-AN-1: late, repeated, split and reordered deliveries, and a crash anywhere, give the same rows.

use chrono::{DateTime, Utc};
use lake::month::Month;
use lake::names::Part;
use lake::rows::EventRow;
use lake::state::{state, switch};
use proptest::prelude::*;

use crate::memory::{Lake, instant, made, now, rows};

fn end() -> DateTime<Utc> {
    instant("2026-12-31T16:00:00Z")
}

/// All events in one delivery, compacted once.
fn at_once(events: Vec<EventRow>) -> Lake {
    let mut lake = Lake::new();
    lake.write(events).unwrap();
    lake.compact(end()).unwrap();
    lake
}

#[test]
fn r_an_1_what_is_read_back_is_what_the_tickets_say() {
    let made = made(1, 300);
    let lake = at_once(made.iter().flat_map(rows).collect());
    let whole = lake.whole();
    assert_eq!(whole.tickets.len(), 300);
    let events: usize = made.iter().map(|made| made.ticket.events.len()).sum();
    assert_eq!(whole.history.len(), events);
    for made in &made {
        let ticket = &made.ticket;
        let mut found = whole
            .tickets
            .iter()
            .filter(|row| row.number == ticket.number);
        let row = found.next().unwrap();
        assert!(found.next().is_none(), "each ticket once");
        assert_eq!((row.version, row.state), (ticket.version(), ticket.state));
        assert_eq!(row.responsible_unit, ticket.responsible_unit);
        assert_eq!(row.title.as_ref(), Some(&made.title));
        let own = |row: &&EventRow| row.number == ticket.number;
        let history: Vec<_> = whole.history.iter().filter(own).cloned().collect();
        assert_eq!(history, rows(made));
    }
    assert!(!whole.ratings.is_empty() && !whole.uses.is_empty());
    let is_signed = |row: &lake::rows::AssignmentRow| row.signed_at.is_some();
    assert!(whole.assignments.iter().any(is_signed));
    // Six tables of each month, and five that are not divided.
    let manifests = lake.objects.all().into_iter();
    let manifests = manifests.filter(|name| name.starts_with("catalogue/"));
    assert_eq!(manifests.count(), 6 * 2 + 5);
}

/// What happens to a lake.
#[derive(Debug, Clone)]
enum Deed {
    /// These of the events arrive, in this order.
    Write(Vec<prop::sample::Index>),
    /// It is compacted as of some day.
    Compact(u32),
    /// The same, and the store is away after so many calls.
    Crash(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => prop::collection::vec(any::<prop::sample::Index>(), 1..60).prop_map(Deed::Write),
        1 => (0_u32..200).prop_map(Deed::Compact),
        1 => (0_usize..60).prop_map(Deed::Crash),
    ];
    prop::collection::vec(deed, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn r_an_1_late_repeated_split_reordered_and_broken_off_gives_the_same(
        seed in 0_u64..1_000,
        deeds in deeds(),
        order in any::<u64>(),
    ) {
        let events: Vec<EventRow> = made(seed, 12).iter().flat_map(rows).collect();
        let whole = at_once(events.clone()).whole();
        let mut lake = Lake::new();
        for deed in deeds {
            match deed {
                Deed::Write(which) => {
                    let some = which.iter().map(|at| at.get(&events).clone());
                    lake.write(some.collect()).unwrap();
                }
                Deed::Compact(days) => {
                    let as_of = instant("2026-03-10T16:00:00Z") + chrono::Days::new(days.into());
                    lake.compact(as_of).unwrap();
                }
                Deed::Crash(calls) => {
                    lake.objects.fail_in(Some(calls));
                    let _ = lake.compact(end());
                    lake.objects.fail_in(None);
                }
            }
        }
        // In the end everything has arrived, in some order and in pieces.
        let mut rest = events.clone();
        fastrand::Rng::with_seed(order).shuffle(&mut rest);
        for piece in rest.chunks(17) {
            lake.write(piece.to_vec()).unwrap();
        }
        lake.compact(end()).unwrap();
        prop_assert_eq!(lake.whole(), whole);
    }
}

/// The lake after one night, and with what came on the day after it.
fn second_day(events: &[EventRow], nights: [DateTime<Utc>; 2]) -> Lake {
    let of = |from: DateTime<Utc>, until: DateTime<Utc>| -> Vec<EventRow> {
        let day = events.iter().filter(|row| from <= row.at && row.at < until);
        day.cloned().collect()
    };
    let [first, second] = nights;
    let mut lake = Lake::new();
    lake.write(of(DateTime::UNIX_EPOCH, first)).unwrap();
    lake.compact(first).unwrap();
    lake.write(of(first, second)).unwrap();
    lake
}

#[test]
fn r_an_1_a_crash_at_any_call_loses_nothing_and_leaves_the_old_generation_or_the_new_one() {
    let events: Vec<EventRow> = made(7, 6).iter().flat_map(rows).collect();
    let nights = ["2026-04-10", "2026-04-20", "2026-04-21"];
    let [first, second, third] = nights.map(|day| instant(&format!("{day}T16:00:00Z")));
    let came = events.iter().filter(|row| row.at < second).cloned();
    let came: Vec<EventRow> = came.collect();
    let whole = |until: DateTime<Utc>| {
        let mut lake = Lake::new();
        lake.write(came.clone()).unwrap();
        lake.compact(until).unwrap();
        lake.whole()
    };
    let (old, new, later) = (whole(first), whole(second), whole(third));
    let mut calls = 0;
    loop {
        let mut lake = second_day(&events, [first, second]);
        lake.objects.fail_in(Some(calls));
        let run = lake.compact(second);
        lake.objects.fail_in(None);
        // Month by month: each is one or the other.
        let now = lake.whole();
        for month in ["TA2603", "TA2604"] {
            let of = |rows: &[EventRow]| -> Vec<EventRow> {
                let own = rows.iter();
                let own = own.filter(|row| row.number.as_str().starts_with(month));
                own.cloned().collect()
            };
            let now = of(&now.history);
            assert!(
                now == of(&old.history) || now == of(&new.history),
                "after {calls} calls"
            );
        }
        // The next night makes up for it, with nothing sent again.
        lake.compact(third).unwrap();
        assert_eq!(lake.whole(), later, "after {calls} calls");
        if run.is_ok() {
            break;
        }
        calls += 1;
    }
    assert!(calls > 40, "{calls}");
}

#[test]
fn r_an_1_of_two_runs_at_once_one_switches() {
    let events: Vec<EventRow> = made(3, 10).iter().flat_map(rows).collect();
    let lake = at_once(events);
    let part = Part::Of(Month::parse("2026-03").unwrap());
    let read = || now(state(&lake.objects, part)).unwrap().unwrap();
    let (mut one, mut other) = (read(), read());
    (one.generation, other.generation) = ("one".to_owned(), "other".to_owned());
    now(switch(&lake.objects, "s3://lake", part, &mut one)).unwrap();
    let refused = now(switch(&lake.objects, "s3://lake", part, &mut other)).unwrap_err();
    assert!(refused.to_string().contains("another run"), "{refused}");
    assert_eq!(read().generation, "one");
}

#[test]
fn r_an_1_compacting_again_changes_nothing_and_leaves_one_generation_before() {
    let events: Vec<EventRow> = made(3, 30).iter().flat_map(rows).collect();
    let mut lake = at_once(events);
    let whole = lake.whole();
    for _ in 0..3 {
        lake.compact(end()).unwrap();
    }
    assert_eq!(lake.whole(), whole);
    let generations = |lake: &Lake| {
        let names = lake.objects.all().into_iter();
        let names = names.filter(|name| name.starts_with("curated/tickets/month=2026-03/"));
        names.count()
    };
    assert!(generations(&lake) <= 2, "{}", generations(&lake));
}
