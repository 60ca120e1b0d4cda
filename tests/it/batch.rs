//! A table that is too busy for a whole batch (R-IN-5): what it leaves is written after a pause
//! that grows, and an appeal that cannot be written is not taken in.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::AppError;
use app::ports::{Store as _, VaultRecords};
use aws_sdk_dynamodb::config::{AsyncSleep, Sleep};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use domain::appeal::{Appellant, AppellantKind};
use domain::ids::{AppellantId, TextRef, VaultName};
use domain::ticket::TicketKey;
use serde_json::{Value, json};
use store::{DynamoStore, DynamoVault, VaultKey, VaultTables};

/// The client's pauses are those of the runtime, as in the functions.
#[derive(Debug)]
struct RuntimeSleep;

impl AsyncSleep for RuntimeSleep {
    fn sleep(&self, time: Duration) -> Sleep {
        Sleep::new(tokio::time::sleep(time))
    }
}

/// A table that leaves every batch as it is, so many times.
#[derive(Debug, Clone)]
struct Busy {
    times: usize,
    calls: Arc<Mutex<Vec<(Instant, Value)>>>,
}

async fn answer(State(busy): State<Busy>, body: String) -> Json<Value> {
    let mut body: Value = serde_json::from_str(&body).unwrap();
    // The appellant's key: there is none yet, and the first one stands.
    if body["Key"].is_object() {
        let key = body["ExpressionAttributeValues"][":k"].take();
        return Json(json!({ "Attributes": { "k": key } }));
    }
    let items = body["RequestItems"].take();
    let mut calls = busy.calls.lock().unwrap();
    calls.push((Instant::now(), items.clone()));
    let left = if calls.len() > busy.times {
        json!({})
    } else {
        items
    };
    Json(json!({ "UnprocessedItems": left }))
}

impl Busy {
    /// Writes an appeal to a table that is busy so many times.
    async fn takes(times: usize) -> (Self, Result<(), AppError>) {
        let busy = Self {
            times,
            calls: Arc::default(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/", post(answer))
            .with_state(busy.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let plain = suqiu::seed::dynamodb(&endpoint);
        let config = plain.config().to_builder().sleep_impl(RuntimeSleep).build();
        let client = aws_sdk_dynamodb::Client::from_conf(config);
        let vault_key = VaultKey::new(&[7; 32]).unwrap();
        let tables = VaultTables {
            records: "vault".to_owned(),
            keys: "keys".to_owned(),
        };
        let vault = DynamoVault::new(client.clone(), tables, vault_key);
        let store = DynamoStore::new(client, "tickets".to_owned()).with_vault(vault);
        let appellant = Appellant {
            kind: AppellantKind::Person,
            name: domain::personal::Personal::new("测试甲".to_owned()),
            phone: None,
            identity_number: None,
            address: None,
        };
        let text = TextRef::of(b"text");
        let record = VaultName::of(AppellantId::of(&[1; 32]), &[b"record"]);
        let key = TicketKey::from_digest(&[1; 32]);
        let records = VaultRecords {
            name: &record,
            appellant: &appellant,
            original: None,
        };
        let put = store.put_appeal(&key, (&text, b"text"), &records);
        let outcome = put.await;
        (busy, outcome)
    }

    /// Time between one call and the next, and whether all asked for the same.
    fn gaps(&self) -> (Vec<Duration>, bool) {
        let calls = self.calls.lock().unwrap();
        let pairs = calls.windows(2);
        let gaps = pairs
            .map(|pair| pair[1].0.duration_since(pair[0].0))
            .collect();
        let same = calls.iter().all(|(_, items)| *items == calls[0].1);
        (gaps, same)
    }
}

fn check_growing(gaps: &[Duration]) {
    let least = [50, 100, 200, 400].map(Duration::from_millis);
    let grow = gaps.iter().zip(least).all(|(gap, least)| *gap >= least);
    assert!(grow, "{gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_5_what_a_busy_table_leaves_is_written_after_growing_pauses() {
    let (idle, outcome) = Busy::takes(0).await;
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(idle.calls.lock().unwrap().len(), 1);

    let (busy, outcome) = Busy::takes(3).await;
    assert!(outcome.is_ok(), "{outcome:?}");
    let (gaps, same) = busy.gaps();
    assert_eq!(gaps.len(), 3);
    assert!(same, "what was left is asked for again");
    check_growing(&gaps);
}

#[tokio::test(flavor = "multi_thread")]
async fn r_in_5_a_table_that_stays_busy_refuses_the_appeal_in_time() {
    let started = Instant::now();
    let (busy, outcome) = Busy::takes(usize::MAX).await;
    assert!(
        matches!(outcome, Err(AppError::Unavailable(_))),
        "{outcome:?}"
    );
    let (gaps, _) = busy.gaps();
    assert_eq!(gaps.len(), 4, "five rounds");
    check_growing(&gaps);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "well before the function's limit"
    );
}
