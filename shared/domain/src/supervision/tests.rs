//! Each trigger of Art. 17, the ladder, and the register of Art. 18.

use chrono::Days;

use super::*;
use crate::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use crate::audit::{Actor, Event, Happening};
use crate::clocks::ClockId;
use crate::ids::{AppellantId, ChannelCode, TextRef, UnitId, VaultName};
use crate::ticket::tests::{instant, timetable};
use crate::ticket::{Ticket, TicketKey, TicketNumber};
use crate::workflow::command::Rating;
use crate::workflow::words::{Clock, RatingFinding, ReturnReason};

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn submission() -> Submission {
    Submission {
        channel: ChannelCode::parse("mobile").unwrap(),
        kind: Kind::Help,
        subject: Subject::ServiceItem,
        appellant_kind: AppellantKind::Person,
        reply_way: ReplyWay::Sms,
        area: None,
        service_item: None,
        managing_unit: unit("city"),
        text: text(),
        vault: VaultName::of(AppellantId::of(&[7; 32]), &[b"vault"]),
        attachments: Vec::new(),
    }
}

fn who() -> OfficerId {
    OfficerId::parse("officer").unwrap()
}

fn text() -> TextRef {
    TextRef::of(b"text")
}

/// A ticket to which these things happened, an hour apart.
fn ticket(which: u8, happenings: Vec<Happening>) -> Ticket {
    let start = instant("2026-11-23T01:00:00Z");
    let number = TicketNumber::new(&TicketKey::from_digest(&[which; 5]), start);
    let submitted = Happening::Submitted {
        submission: Box::new(submission()),
    };
    let events = (0..).zip([submitted].into_iter().chain(happenings));
    let events = events.map(|(hours, happening)| Event {
        at: start + chrono::TimeDelta::hours(hours),
        by: Actor::Channel(ChannelCode::parse("mobile").unwrap()),
        rulebook: 1,
        happening,
    });
    Ticket::fold(number, events.collect()).unwrap()
}

fn dispatched(to: &str) -> Happening {
    Happening::Dispatched {
        unit: unit(to),
        co_handlers: vec![unit("unit-3")],
        note: None,
    }
}

fn overdue(clock: Clock, of: Option<&str>) -> Happening {
    Happening::BecameOverdue {
        id: ClockId {
            clock,
            unit: of.map(unit),
        },
    }
}

fn closed() -> Happening {
    Happening::Closed {
        outcome: crate::answer::Outcome::Solved,
        review_on: None,
        text: text(),
    }
}

#[test]
fn r_sv_1_a_unit_that_gives_back_its_clear_duty() {
    let asked = Happening::ReturnRequested {
        reason: ReturnReason::OtherDuty,
        suggested: unit("unit-2"),
        text: text(),
    };
    let refused = Happening::ReturnRefused {
        unit: unit("unit-1"),
        duty_from: "2026-11-24".parse().unwrap(),
        text: text(),
    };
    let it = ticket(1, vec![dispatched("unit-1"), asked, refused]);
    // Asking is no cause; that it was refused is.
    assert_eq!(cause(&it, 3), None);
    let found = cause(&it, 4).unwrap();
    assert_eq!(
        (found.trigger, found.unit),
        (Trigger::DutyClear, unit("unit-1"))
    );
    assert_eq!(found.supervisor, unit("city"));
    assert!(found.evidence[0].contains(it.number.as_str()));
}

#[test]
fn r_sv_2_who_signs_or_closes_overdue_and_which_clocks_count() {
    let it = ticket(
        1,
        vec![
            dispatched("unit-1"),
            overdue(Clock::Sign, None),
            overdue(Clock::Handle, None),
            overdue(Clock::Opinion, Some("unit-3")),
            overdue(Clock::Decision, None),
        ],
    );
    let found = |version| cause(&it, version).map(|it| (it.trigger, it.unit));
    assert_eq!(found(3), Some((Trigger::Overdue, unit("unit-1"))));
    assert_eq!(found(4), Some((Trigger::Overdue, unit("unit-1"))));
    assert_eq!(found(5), Some((Trigger::Overdue, unit("unit-3"))));
    // The managing unit's own delay is not the unit's.
    assert_eq!(found(6), None);
    // Two clocks are two causes; the same event is always the same one.
    assert_ne!(cause(&it, 3).unwrap().id(), cause(&it, 4).unwrap().id());
    assert_eq!(cause(&it, 3).unwrap().id(), cause(&it, 3).unwrap().id());
}

#[test]
fn r_sv_10_a_county_follows_up_what_it_dispatched_and_the_city_the_county() {
    let transferred = Happening::Transferred {
        unit: unit("county-1"),
        note: None,
    };
    let county_is_slow = overdue(Clock::County, None);
    let it = ticket(
        1,
        vec![
            transferred,
            county_is_slow,
            dispatched("unit-1"),
            overdue(Clock::Sign, None),
        ],
    );
    let county = cause(&it, 3).unwrap();
    assert_eq!(
        (county.unit, county.supervisor),
        (unit("county-1"), unit("city"))
    );
    let own = cause(&it, 5).unwrap();
    assert_eq!(
        (own.unit, own.supervisor),
        (unit("unit-1"), unit("county-1"))
    );
}

#[test]
fn r_sv_6_a_rectification_reported_and_not_done() {
    let drawn = Happening::CallbackDrawn {
        caller: unit("city"),
        ground: crate::workflow::words::DrawGround::Sampled,
    };
    let completed = Happening::RectificationCompleted {
        verifier: Some(unit("city")),
        text: text(),
    };
    let back = Happening::SentBack { text: text() };
    let it = ticket(
        1,
        vec![
            dispatched("unit-1"),
            Happening::Signed {},
            closed(),
            drawn,
            completed,
            back,
        ],
    );
    let found = cause(&it, 7).unwrap();
    assert_eq!(
        (found.trigger, found.unit),
        (Trigger::Falsified, unit("unit-1"))
    );
}

fn proved(which: u8) -> (Ticket, Proved) {
    let rating = Rating {
        level: 1,
        solved: false,
        aspect: None,
    };
    let it = ticket(
        which,
        vec![
            dispatched("unit-1"),
            Happening::Signed {},
            closed(),
            Happening::Rated {
                rating,
                words: None,
            },
            Happening::RatingVerified {
                finding: RatingFinding::Proved,
                text: text(),
            },
        ],
    );
    let found = Proved::of(&it, 6).unwrap();
    assert_eq!(Proved::of(&it, 5), None);
    (it, found)
}

#[test]
fn r_sv_5_two_dissatisfied_ratings_that_proved_true_within_ninety_days() {
    let rulebook = crate::rulebook::Rulebook::first();
    let (it, first) = proved(1);
    let later = |which: u8, days: u64| {
        let (_, mut found) = proved(which);
        found.at = found.at + Days::new(days);
        found
    };
    let (second, third, fourth) = (later(2, 80), later(3, 81), later(4, 200));
    let together = |newest: &Proved, all: &[&Proved]| {
        let all: Vec<_> = all.iter().copied().cloned().collect();
        proved_together(&it, newest, &all, &rulebook)
    };
    assert_eq!(together(&first, &[&first]), None);
    let found = together(&second, &[&second, &first]).unwrap();
    assert_eq!(
        (found.trigger, found.evidence.len()),
        (Trigger::Dissatisfied, 2)
    );
    // Each counts once: the third begins anew, and the fourth comes too late for it.
    assert_eq!(together(&third, &[&first, &second, &third]), None);
    assert_eq!(together(&fourth, &[&first, &second, &third, &fourth]), None);
    // Told twice, it is the same case.
    let again = together(&second, &[&first, &second, &second]).unwrap();
    assert_eq!(again.id(), found.id());
}

fn case() -> SupervisionCase {
    let cause = Cause {
        trigger: Trigger::Overdue,
        unit: unit("unit-1"),
        supervisor: unit("city"),
        ticket: None,
        key: "key".to_owned(),
        evidence: vec!["期限已过".to_owned()],
        at: instant("2026-11-23T01:00:00Z"),
    };
    SupervisionCase::open(cause, true, None, instant("2026-11-23T01:00:00Z"))
}

#[test]
fn r_sv_7_who_does_not_answer_is_called_then_written_to_then_visited() {
    let (calendar, book) = (timetable().calendar, crate::rulebook::Rulebook::first());
    let mut case = case();
    let mut told = Vec::new();
    for _ in 0..5 {
        let Some(due) = case.due_before(&calendar, &book) else {
            break;
        };
        let before = due - chrono::TimeDelta::seconds(1);
        assert_eq!(
            case.climb(before, &calendar, &book),
            None,
            "not before its time"
        );
        told.push((case.method().0, due.to_rfc3339()));
        match case.climb(due, &calendar, &book) {
            Some(Climb::To(method)) => {
                let letter = LetterNumber {
                    year: letter_year(due),
                    number: 7,
                };
                case.step(method, Some(letter), None, due).unwrap();
            }
            _ => case.end_ladder(due),
        }
    }
    let expected = [
        (Method::PhoneUrging, "2026-11-24T16:00:00+00:00"),
        (Method::Letter, "2026-11-30T16:00:00+00:00"),
        (Method::OnSite, "2026-12-08T16:00:00+00:00"),
    ];
    let expected = expected.map(|(method, due)| (method, due.to_owned()));
    assert_eq!(told, expected);
    assert_eq!(case.letter().unwrap().0.to_string(), "泰诉督〔2026〕7号");
    assert!(case.is_letter_by_ladder());
    // An answer is taken however late, and the case goes on until one is enough.
    assert_eq!(case.turn(), Turn::Unit);
    let at = instant("2026-12-09T01:00:00Z");
    case.answer("已办结".to_owned(), who(), at).unwrap();
    assert_eq!(case.due_before(&calendar, &book), None);
    assert_eq!(
        case.step(Method::OnSite, None, None, at),
        Err(NotSo::Answered)
    );
    case.accept("已核实".to_owned(), who(), at).unwrap();
    assert_eq!(case.answer(String::new(), who(), at), Err(NotSo::Closed));
    assert_eq!(case.note(String::new(), who(), at), Err(NotSo::Closed));
}

#[test]
fn r_sv_7_an_answer_in_time_stops_the_ladder_and_the_ladder_goes_up_only() {
    let (calendar, book) = (timetable().calendar, crate::rulebook::Rulebook::first());
    let mut case = case();
    let at = instant("2026-11-23T02:00:00Z");
    assert_eq!(case.accept(String::new(), who(), at), Err(NotSo::NoAnswer));
    assert_eq!(
        case.step(Method::OnSite, None, None, at),
        Err(NotSo::Ladder)
    );
    case.answer("已签收".to_owned(), who(), at).unwrap();
    let much_later = instant("2027-01-05T01:00:00Z");
    assert_eq!(case.climb(much_later, &calendar, &book), None);
    // Not enough: the unit has its limit anew, however long the answer was looked at.
    case.refuse("仍未办结".to_owned(), who(), much_later)
        .unwrap();
    assert_eq!(case.climb(much_later, &calendar, &book), None);
    let due = case.due_before(&calendar, &book).unwrap();
    assert_eq!(
        case.climb(due, &calendar, &book),
        Some(Climb::To(Method::Letter))
    );
    let letter = LetterNumber {
        year: 2027,
        number: 1,
    };
    case.step(Method::Letter, Some(letter), Some(who()), due)
        .unwrap();
    assert!(!case.is_letter_by_ladder());
    assert_eq!(
        case.step(Method::PhoneUrging, None, None, at),
        Err(NotSo::Ladder)
    );
}

#[test]
fn r_sv_8_a_unit_is_on_the_register_until_it_is_put_right_and_verified() {
    let (calendar, book) = (timetable().calendar, crate::rulebook::Rulebook::first());
    let mut case = case();
    let at = instant("2026-11-24T01:00:00Z");
    let on =
        |case: &SupervisionCase, at| restrictions(std::slice::from_ref(case), at, &calendar, &book);
    assert_eq!(on(&case, at), []);
    for refusals in 1..=2 {
        case.answer("已修复".to_owned(), who(), at).unwrap();
        case.refuse("仍不能用".to_owned(), who(), at).unwrap();
        assert_eq!(on(&case, at).len(), usize::from(refusals == 2));
    }
    case.answer("已修复".to_owned(), who(), at).unwrap();
    assert_eq!(on(&case, at).len(), 1, "an answer is not its verification");
    case.accept("已核实".to_owned(), who(), at).unwrap();
    assert_eq!(on(&case, at), []);
    // Nor does it take refusals where nobody corrects anything for long.
    let mut other = self::case();
    let much_later = instant("2027-02-01T01:00:00Z");
    assert!(on(&other, much_later)[0].overdue_since.is_some());
    other.is_technical = false;
    assert_eq!(on(&other, much_later), []);
}

#[test]
fn r_sv_4_a_notice_that_was_not_followed_in_time_is_a_cause_once_and_never_the_owners_own() {
    let mut entry = crate::knowledge::tests::noticed();
    entry.unit = unit("unit-1");
    entry.reviewed_by = vec![unit("unit-1"), unit("city")];
    let at = instant("2026-11-25T01:00:00Z");
    assert_eq!(
        stale_knowledge(&entry, &entry.notices[0]),
        None,
        "not overdue"
    );
    entry.notices[0].overdue_at = Some(at);
    let found = stale_knowledge(&entry, &entry.notices[0]).unwrap();
    assert_eq!(
        (found.trigger, found.supervisor.clone()),
        (Trigger::StaleKnowledge, unit("city"))
    );
    assert_eq!(
        found.id(),
        stale_knowledge(&entry, &entry.notices[0]).unwrap().id()
    );
    entry.reviewed_by = vec![unit("unit-1")];
    assert_eq!(stale_knowledge(&entry, &entry.notices[0]), None);
}

#[test]
fn r_sv_10_a_county_supervises_units_of_its_own_and_the_city_every_unit() {
    use crate::registry::UnitKind::{CityManaging, CountyManaging, Resolving};
    let of = |id: &str, kind, above: Option<&str>, area: &str| crate::registry::Unit {
        id: unit(id),
        name: id.to_owned(),
        kind,
        parent: above.map(unit),
        area: area.to_owned(),
        leaders: 1,
        liaisons: 1,
    };
    let registry = crate::registry::Registry {
        units: vec![
            of("city", CityManaging, None, "370900"),
            of("bureau", Resolving, None, "370900"),
            of("county-1", CountyManaging, Some("city"), "370902"),
            of("county-2", CountyManaging, Some("city"), "370911"),
            of("school-1", Resolving, Some("county-1"), "370902"),
            of("school-2", Resolving, Some("county-2"), "370911"),
        ],
        ..crate::registry::Registry::default()
    };
    let may = |by: &str, of: &str| supervises(&registry, &unit(by), &unit(of));
    for (by, of, expected) in [
        ("city", "bureau", true),
        ("city", "school-1", true),
        ("county-1", "school-1", true),
        ("county-1", "school-2", false),
        ("county-1", "bureau", false),
        ("county-1", "city", false),
        ("county-2", "county-1", false),
        ("bureau", "school-1", false),
        ("nobody", "bureau", false),
    ] {
        assert_eq!(may(by, of), expected, "{by} {of}");
    }
}
