//! The sweep costs what is due, not what exists (R-CAL-5; performance goal G7).

use std::time::Instant;

use app::ports::{Fingerprint, Store as _, TIMER_SHARDS};
use app::sweep::{Swept, sweep};
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use domain::audit::{Actor, Event, Happening};
use domain::clocks::Timetable;
use domain::ids::{AppellantId, ChannelCode, OfficerId, TextRef, UnitId, VaultName};
use domain::ticket::{Ticket, TicketKey, TicketNumber};
use domain::workflow::words::Role;
use dynoxide::Database;
use sha2::{Digest as _, Sha256};
use suqiu::cloud::Settings;
use suqiu::seed::{ReferenceData, dynamodb};
use suqiu::state::{Ports, State};

use crate::city::{City, free_ports, root, store_at, tickets_table};
use crate::meter::{Call, Meter};

/// Tickets put into a table at once.
const CHUNK: usize = 5_000;

fn submission(index: usize) -> Happening {
    Happening::Submitted {
        submission: Box::new(Submission {
            channel: ChannelCode::parse("mobile").unwrap(),
            kind: Kind::Help,
            subject: Subject::ServiceItem,
            appellant_kind: AppellantKind::Person,
            reply_way: ReplyWay::Sms,
            area: Some("370902".to_owned()),
            service_item: None,
            managing_unit: UnitId::parse("ta-bigdata").unwrap(),
            text: TextRef::of(&index.to_be_bytes()),
            vault: VaultName::of(AppellantId::of(&[1; 32]), &[&index.to_be_bytes()]),
            attachments: Vec::new(),
        }),
    }
}

fn officer(id: &str, unit: &str, role: Role) -> Actor {
    let (id, unit) = (OfficerId::parse(id).unwrap(), UnitId::parse(unit).unwrap());
    Actor::Officer { id, unit, role }
}

/// An open ticket: a third are with the desk, a third dispatched, a third signed for.
fn ticket(index: usize, at: DateTime<Utc>) -> Ticket {
    let unit = "ta-ylbzj";
    let dispatched = Happening::Dispatched {
        unit: UnitId::parse(unit).unwrap(),
        co_handlers: Vec::new(),
        note: None,
    };
    let channel = Actor::Channel(ChannelCode::parse("mobile").unwrap());
    let desk = officer("ta-bigdata-triage", "ta-bigdata", Role::TriageOfficer);
    let liaison = officer("ta-ylbzj-liaison", unit, Role::Liaison);
    let life = [
        (channel, submission(index)),
        (desk, dispatched),
        (liaison, Happening::Signed {}),
    ];
    let events = life.into_iter().take(1 + index % 3);
    let event = |(by, happening)| Event {
        at,
        by,
        rulebook: 1,
        happening,
    };
    let key = TicketKey::from_digest(&Sha256::digest(index.to_be_bytes()));
    Ticket::fold(TicketNumber::new(&key, at), events.map(event).collect()).unwrap()
}

/// The ticket table of the template in memory, where writing many tickets takes no disk, with the
/// reference data.
async fn table_in_memory(ports: Ports) -> Database {
    let database = Database::memory().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(&folder.path().join("state"), false).unwrap();
    let template = Settings::new(&root(), ports).load_template(&state).unwrap();
    let mut tables = template.tables().iter();
    let table = tables.find(|table| table.name == tickets_table()).unwrap();
    let request = serde_json::from_value(table.create.clone()).unwrap();
    database.create_table(request).unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", ports.dynamodb))
        .await
        .unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
    let reference = ReferenceData::read(&root(), &root().join("local/demo")).unwrap();
    let client = dynamodb(&Ports::url(ports.dynamodb));
    reference.write(client, &table.name).await.unwrap();
    database
}

/// An attribute of the store as one of the table.
fn attribute(value: AttributeValue) -> dynoxide::AttributeValue {
    use dynoxide::AttributeValue as Its;
    match value {
        AttributeValue::S(text) => Its::S(text),
        AttributeValue::N(number) => Its::N(number),
        AttributeValue::B(bytes) => Its::B(bytes.into_inner()),
        AttributeValue::L(list) => Its::L(list.into_iter().map(attribute).collect()),
        AttributeValue::M(map) => {
            let pairs = map
                .into_iter()
                .map(|(name, value)| (name, attribute(value)));
            Its::M(pairs.collect())
        }
        other => panic!("the store writes no {other:?}"),
    }
}

/// Puts the tickets `from..to`, mapped by the store, straight into the table: 10^5 of them over
/// HTTP take a quarter of an hour in a debug build.
fn fill(database: &Database, timetable: &Timetable, from: usize, to: usize, at: DateTime<Utc>) {
    let print = Fingerprint {
        key: [1; 12],
        body: [2; 12],
        nonce: [3; 12],
    };
    let item = |index| {
        let item = store::new_item(&ticket(index, at), print, timetable);
        item.into_iter()
            .map(|(name, value)| (name, attribute(value)))
            .collect()
    };
    for start in (from..to).step_by(CHUNK) {
        let items = (start..to.min(start + CHUNK)).map(item).collect();
        let options = dynoxide::ImportOptions::default();
        database
            .import_items(&tickets_table(), items, options)
            .unwrap();
    }
}

fn check_one_query_a_shard(calls: &[Call]) {
    assert_eq!(calls.len(), usize::from(TIMER_SHARDS), "{calls:?}");
    assert!(calls.iter().all(|call| call.operation == "Query"));
    let units: f64 = calls.iter().map(Call::total).sum();
    assert!(units <= 0.5 * f64::from(TIMER_SHARDS), "{units} units");
}

#[tokio::test(flavor = "multi_thread")]
async fn r_cal_5_with_nothing_due_a_sweep_is_one_query_a_shard_whatever_is_open() {
    let ports = free_ports();
    let meter = Meter::start(ports.dynamodb + 7, Ports::url(ports.dynamodb)).await;
    let database = table_in_memory(ports).await;
    let store = store_at(&Ports::url(ports.dynamodb + 7));
    let now = "2026-11-23T02:00:00Z".parse().unwrap();
    let direct = store_at(&Ports::url(ports.dynamodb));
    let reference = direct.reference(now).await.unwrap();
    let timetable = &reference.timetable;
    let mut open = 0;
    for count in [1_000, 100_000] {
        let started = Instant::now();
        fill(&database, timetable, open, count, now);
        println!(
            "{} tickets written in {:?}",
            count - open,
            started.elapsed()
        );
        open = count;
        meter.take();
        let started = Instant::now();
        let swept = sweep(&store, now).await.unwrap();
        let calls = meter.take();
        println!(
            "sweep over {open} open tickets, none due: {} calls, {:?}",
            calls.len(),
            started.elapsed()
        );
        assert_eq!(swept, Swept::default());
        check_one_query_a_shard(&calls);
    }
    // Some that are due among those that are not: the calls follow the due ones alone. Of thirty,
    // twenty have clocks that ran out; a ticket with the desk has none.
    let long_ago = now - TimeDelta::days(14);
    fill(&database, timetable, open, open + 30, long_ago);
    let key = ticket(open - 1, now).number.key();
    let kept = direct.load(&key).await.unwrap().unwrap();
    assert_eq!(kept, ticket(open - 1, now), "whole tickets are there");
    meter.take();
    let swept = sweep(&store, now).await.unwrap();
    let calls = meter.take();
    let writes = calls.iter().filter(|call| call.writes()).count();
    println!(
        "20 due: {} calls, {writes} of them writes, {swept:?}",
        calls.len()
    );
    assert_eq!((swept.due, writes), (20, 20));
    assert!(swept.fired >= 20, "{swept:?}");
    // A query a shard; a read and a write a ticket; the reference data once.
    assert_eq!(calls.len(), usize::from(TIMER_SHARDS) + 2 * 20 + 1);
    assert_eq!(sweep(&store, now).await.unwrap(), Swept::default());
    check_one_query_a_shard(&meter.take());
}

#[tokio::test(flavor = "multi_thread")]
async fn r_cal_5_a_second_sweep_writes_nothing() {
    let ports = free_ports();
    let meter = Meter::start(ports.dynamodb + 7, Ports::url(ports.dynamodb)).await;
    let city = City::start_with(ports, |_| {}).await;
    for index in 0..3 {
        let key = format!("sweep-{index:08}");
        let (number, _) = city.submits("mobile", &key, &crate::city::appeal()).await;
        let unit = serde_json::json!({ "unit": "ta-ylbzj" });
        city.acts("ta-bigdata-triage", &number, "dispatch", &unit)
            .await;
    }
    // The store's own clock is not moved: only this test sweeps at the later time.
    let later = city.cloud.clock.now() + chrono::TimeDelta::days(14);
    let store = store_at(&Ports::url(ports.dynamodb + 7));
    let first = sweep(&store, later).await.unwrap();
    assert_eq!(
        (first.due, first.fired),
        (3, 18),
        "three tickets, six thresholds each"
    );
    meter.take();
    assert_eq!(sweep(&store, later).await.unwrap(), Swept::default());
    let calls = meter.take();
    assert!(calls.iter().all(|call| !call.writes()), "{calls:?}");
    assert_eq!(calls.len(), usize::from(TIMER_SHARDS));
    city.stop().await;
}
