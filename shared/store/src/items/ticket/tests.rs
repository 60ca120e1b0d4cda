//! A ticket reads back as it was written, and not at all when any part of its history was changed.

use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use domain::calendar::Calendar;
use domain::ids::{AppellantId, ChannelCode, OfficerId, TextRef, UnitId, VaultName};
use domain::rulebook::Rulebooks;
use domain::ticket::TicketKey;
use domain::workflow::words::Role;

use super::*;

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn submitted() -> Happening {
    Happening::Submitted {
        submission: Box::new(Submission {
            channel: ChannelCode::parse("mobile").unwrap(),
            kind: Kind::Help,
            subject: Subject::ServiceItem,
            appellant_kind: AppellantKind::Person,
            reply_way: ReplyWay::Sms,
            area: None,
            service_item: None,
            managing_unit: unit("ta-bigdata"),
            text: TextRef::of(b"text"),
            vault: VaultName::of(AppellantId::of(&[7; 32]), &[b"vault"]),
            attachments: Vec::new(),
        }),
    }
}

fn ticket() -> Ticket {
    let at = "2026-11-23T01:00:00Z".parse().unwrap();
    let desk = Actor::Officer {
        id: OfficerId::parse("ta-1").unwrap(),
        unit: unit("ta-bigdata"),
        role: Role::TriageOfficer,
    };
    let dispatched = Happening::Dispatched {
        unit: unit("ta-rsj"),
        co_handlers: Vec::new(),
        note: None,
    };
    let channel = Actor::Channel(ChannelCode::parse("mobile").unwrap());
    let events = [(channel, submitted()), (desk, dispatched)];
    let event = |(by, happening)| Event {
        at,
        by,
        rulebook: 1,
        happening,
    };
    let number = TicketNumber::new(&TicketKey::from_digest(&[1, 2, 3, 4, 5]), at);
    Ticket::fold(number, events.into_iter().map(event).collect()).unwrap()
}

fn item() -> Item {
    let print = Fingerprint {
        key: [1; 12],
        body: [2; 12],
        nonce: [3; 12],
    };
    let timetable = Timetable {
        calendar: Calendar::new(Vec::new()),
        rulebooks: Rulebooks::new(Vec::new()),
    };
    new_item(&ticket(), print, &timetable)
}

/// The item's list of events, to be changed.
fn history(item: &mut Item) -> &mut Vec<AttributeValue> {
    match item.get_mut("ev") {
        Some(AttributeValue::L(events)) => events,
        other => panic!("{other:?}"),
    }
}

fn change(item: &mut Item, event: usize, name: &str, value: AttributeValue) {
    match &mut history(item)[event] {
        AttributeValue::M(event) => event.insert(name.to_owned(), value),
        other => panic!("{other:?}"),
    };
}

#[test]
fn r_dp_5_a_ticket_reads_back_as_it_was_written() {
    let (read, print) = read(&item()).unwrap();
    assert_eq!(read, ticket());
    assert_eq!((print.key, print.nonce), ([1; 12], [3; 12]));
}

#[test]
fn r_dp_5_a_ticket_whose_history_was_changed_is_not_read() {
    let facts = AttributeValue::M(Item::from([("u".to_owned(), text("ta-other"))]));
    let changes: [&dyn Fn(&mut Item); 8] = [
        &|item| drop(item.insert("s".to_owned(), text(State::Closed.code()))),
        &|item| drop(item.insert("ve".to_owned(), number(3))),
        &|item| drop(item.insert("h".to_owned(), bytes([0; 32]))),
        &|item| drop(history(item).pop()),
        &|item| change(item, 0, "t", number(1_763_000_000_000_i64)),
        &|item| change(item, 1, "w", text("o/ta-2/ta-bigdata/triage_officer")),
        &|item| change(item, 1, "r", number(2)),
        &|item| change(item, 1, "f", facts.clone()),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut item = item();
        change(&mut item);
        let found = read(&item);
        assert!(matches!(found, Err(AppError::Broken(_))), "change {index}");
    }
}
