//! Histories that were tampered with, each in its way.

use super::*;
use crate::audit::{Actor, Happening};
use crate::workflow::words::Purpose;

fn events(count: usize) -> Vec<Event> {
    let begin: chrono::DateTime<chrono::Utc> = "2026-11-24T01:00:00Z".parse().unwrap();
    (0..count)
        .map(|index| Event {
            at: begin + chrono::TimeDelta::minutes(i64::try_from(index).unwrap()),
            by: Actor::System,
            rulebook: 1,
            happening: Happening::Revealed {
                purpose: Purpose::ALL[index % Purpose::ALL.len()],
            },
        })
        .collect()
}

fn head(events: &[Event]) -> ChainHead {
    ChainHead::of(events)
}

/// What was sealed of these events, at these versions.
fn sealed(events: &[Event], versions: &[u32]) -> Vec<Sealed> {
    let at = |version: &u32| {
        let until = usize::try_from(*version).unwrap();
        (*version, head(&events[..until]))
    };
    versions.iter().map(at).collect()
}

#[test]
fn r_dp_5_what_was_sealed_holds_whenever_and_however_often_it_comes() {
    let events = events(6);
    let all = sealed(&events, &[6, 1, 3, 3, 2]);
    let verdict = verify(&events, head(&events), &all);
    assert_eq!((verdict.sealed, verdict.broken), (6, None));
    let none = verify(&events, head(&events), &[]);
    assert_eq!((none.sealed, none.broken), (0, None));
}

/// R-DP-5: whoever changes an event and reckons every head anew is still found, and where.
#[test]
fn r_dp_5_the_first_broken_link_is_named() {
    let original = events(6);
    let each = sealed(&original, &[1, 2, 3, 4, 5, 6]);
    let some = sealed(&original, &[2, 6]);
    let found = |events: &[Event], sealed: &[Sealed]| {
        let verdict = verify(events, head(events), sealed);
        (verdict.sealed, verdict.broken)
    };
    let changed = |from, to| Some(Break::Changed { from, to });

    let mut tampered = original.clone();
    tampered[3].at += chrono::TimeDelta::seconds(1);
    assert_eq!(found(&tampered, &each), (3, changed(4, 4)));
    assert_eq!(found(&tampered, &some), (2, changed(3, 6)));

    let mut removed = original.clone();
    removed.remove(2);
    assert_eq!(found(&removed, &each), (2, changed(3, 3)));
    assert_eq!(found(&original[..5], &each), (5, Some(Break::Missing(6))));
    assert_eq!(found(&[], &each), (0, Some(Break::Missing(1))));

    let mut reordered = original.clone();
    reordered.swap(1, 4);
    assert_eq!(found(&reordered, &each), (1, changed(2, 2)));

    let mut grown = original.clone();
    grown.insert(5, original[0].clone());
    assert_eq!(found(&grown, &each), (5, changed(6, 6)));

    let verdict = verify(&original, head(&tampered), &each);
    assert_eq!((verdict.sealed, verdict.broken), (6, Some(Break::Head)));
}

/// What came after the last seal is not sealed yet, and no fault.
#[test]
fn r_dp_5_what_is_not_sealed_yet_is_no_fault() {
    let events = events(4);
    let verdict = verify(&events, head(&events), &sealed(&events, &[2]));
    assert_eq!((verdict.sealed, verdict.broken), (2, None));
}
