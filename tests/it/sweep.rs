//! The sweep costs what is due, not what exists (R-CAL-5; performance goal G7).

use app::ports::TIMER_SHARDS;
use app::sweep::{Swept, sweep};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use dynoxide::{AttributeValue, Database};
use suqiu::state::Ports;

use crate::city::{City, free_ports, store_at, tickets_table};
use crate::meter::Meter;

/// A table in memory with the timer index alone: what a sweep with nothing due can meet.
async fn table_in_memory(port: u16) -> Database {
    let database = Database::memory().unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
    let client = suqiu::seed::dynamodb(&Ports::url(port));
    let attribute = |name: &str, kind| {
        let definition = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(kind);
        definition.build().unwrap()
    };
    let key = |name: &str, kind| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
            .unwrap()
    };
    let keys_only = Projection::builder()
        .projection_type(ProjectionType::KeysOnly)
        .build();
    let timer = GlobalSecondaryIndex::builder()
        .index_name("timer")
        .key_schema(key("tp", KeyType::Hash))
        .key_schema(key("ts", KeyType::Range))
        .projection(keys_only)
        .build()
        .unwrap();
    client
        .create_table()
        .table_name(tickets_table())
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk", ScalarAttributeType::S))
        .attribute_definitions(attribute("sk", ScalarAttributeType::S))
        .attribute_definitions(attribute("tp", ScalarAttributeType::S))
        .attribute_definitions(attribute("ts", ScalarAttributeType::N))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(timer)
        .send()
        .await
        .unwrap();
    database
}

fn seed(database: &Database, from: usize, to: usize, due: i64) {
    let item = |index: usize| {
        let shard = index % usize::from(TIMER_SHARDS);
        dynoxide::Item::from([
            ("pk".to_owned(), AttributeValue::S(format!("T#{index:08}"))),
            ("sk".to_owned(), AttributeValue::S("A".to_owned())),
            ("tp".to_owned(), AttributeValue::S(format!("D{shard}"))),
            ("ts".to_owned(), AttributeValue::N(due.to_string())),
        ])
    };
    let items = (from..to).map(item).collect();
    database
        .import_items(&tickets_table(), items, dynoxide::ImportOptions::default())
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn r_cal_5_with_nothing_due_a_sweep_is_one_query_a_shard_whatever_is_open() {
    let ports = free_ports();
    let meter = Meter::start(ports.dynamodb + 7, Ports::url(ports.dynamodb)).await;
    let database = table_in_memory(ports.dynamodb).await;
    let now = "2026-11-23T09:00:00Z".parse().unwrap();
    let store = store_at(&Ports::url(ports.dynamodb + 7));
    let mut open = 0;
    for count in [1_000, 100_000] {
        seed(&database, open, count, 4_000_000_000);
        open = count;
        meter.take();
        let swept = sweep(&store, now).await.unwrap();
        let calls = meter.take();
        let units: f64 = calls.iter().map(crate::meter::Call::total).sum();
        println!(
            "sweep over {open} open tickets: {} calls, {units} read units",
            calls.len()
        );
        assert_eq!(swept, Swept::default());
        assert_eq!(calls.len(), usize::from(TIMER_SHARDS));
        assert!(calls.iter().all(|call| call.operation == "Query"));
        assert!(units <= 0.5 * f64::from(TIMER_SHARDS));
    }
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
