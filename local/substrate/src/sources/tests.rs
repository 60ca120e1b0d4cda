//! The event sources against the real engines and a function that answers as told.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use serde_json::json;

use super::{stream::Poller, *};
use crate::{Endpoints, Ports, Template};

const TEMPLATE: &str = r"
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: sk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }, { AttributeName: sk, KeyType: RANGE }]
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
  Work: { Type: AWS::SQS::Queue }
  Failures: { Type: AWS::SQS::Queue }
";

/// Answers calls as told, and then always with success.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Outcome>>,
    calls: Mutex<Vec<Value>>,
}

#[async_trait]
impl Invoke for Script {
    async fn invoke(&self, _function: &str, payload: Bytes) -> anyhow::Result<Outcome> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(serde_json::from_slice(&payload)?);
        let answer = self
            .answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        Ok(answer.unwrap_or_else(|| Outcome::Ok(Bytes::from_static(b"null"))))
    }
}

impl Script {
    fn answer(&self, outcome: Outcome) {
        self.answers.lock().unwrap().push_back(outcome);
    }

    /// For each call, the sort keys of its records.
    fn calls(&self) -> Vec<Vec<String>> {
        let key = |record: &Value| {
            record["dynamodb"]["Keys"]["pk"]["S"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let calls = std::mem::take(&mut *self.calls.lock().unwrap());
        calls
            .iter()
            .map(|call| {
                call["Records"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(key)
                    .collect()
            })
            .collect()
    }
}

fn failed(identifiers: &[&str]) -> Outcome {
    let items: Vec<_> = identifiers
        .iter()
        .map(|id| json!({ "itemIdentifier": id }))
        .collect();
    Outcome::Ok(json!({ "batchItemFailures": items }).to_string().into())
}

fn crashed() -> Outcome {
    Outcome::FunctionError(Bytes::from_static(b"{}"))
}

struct Bench {
    context: Context,
    script: Arc<Script>,
    _stop: watch::Sender<bool>,
}

async fn bench(state: &Path) -> Bench {
    let endpoints: Endpoints = Ports {
        dynamodb: 1,
        s3: 2,
        sqs: 3,
    }
    .into();
    let template =
        Template::parse(TEMPLATE, &std::collections::BTreeMap::default(), &endpoints).unwrap();
    let clock = Clock::open(state).unwrap();
    let (stop, stopped) = watch::channel(false);
    let script = Arc::new(Script::default());
    let context = Context {
        invoker: script.clone(),
        dynamodb: DynamoDb::open(&state.join("dynamodb"), template.tables())
            .await
            .unwrap(),
        sqs: Sqs::open(&state.join("sqs"), template.queues(), 3, clock.clone())
            .await
            .unwrap(),
        clock,
        checkpoints: state.join("checkpoints"),
        stop: stopped,
    };
    Bench {
        context,
        script,
        _stop: stop,
    }
}

fn stream(filters: Vec<Value>, max_retries: Option<u32>) -> EventSpec {
    EventSpec::Stream {
        table: "Tickets".to_owned(),
        batch_size: 10,
        filters,
        on_failure: Some("Failures".to_owned()),
        bisect: true,
        max_retries,
        partial: true,
        batching_window: std::time::Duration::ZERO,
    }
}

impl Bench {
    async fn poller(&self, event: &EventSpec) -> Poller {
        Poller::open(&self.context, "Relay", "Tickets", event)
            .await
            .unwrap()
    }

    async fn put(&self, keys: &[&str]) {
        for key in keys {
            self.context
                .dynamodb
                .put_for_test("Tickets", json!({ "pk": { "S": key }, "sk": { "S": "A" } }))
                .await;
        }
    }

    async fn sequences(&self) -> Vec<String> {
        let start = self.context.dynamodb.beginning("Tickets").await.unwrap();
        let records = self
            .context
            .dynamodb
            .records_after("Tickets", &start, 100)
            .await
            .unwrap();
        records
            .into_iter()
            .map(|record| record.dynamodb.sequence_number)
            .collect()
    }

    async fn received(&self, queue: &str) -> Vec<Value> {
        let input = rustack_sqs_model::input::ReceiveMessageInput {
            queue_url: self.context.sqs.url(queue),
            max_number_of_messages: Some(10),
            ..Default::default()
        };
        let messages = self.context.sqs.receive(input).await.unwrap();
        messages
            .iter()
            .map(|m| serde_json::from_str(m.body.as_deref().unwrap()).unwrap())
            .collect()
    }
}

#[tokio::test]
async fn a_stream_goes_on_where_it_was_after_a_restart() {
    let state = tempfile::tempdir().unwrap();
    let event = stream(vec![], None);
    let first = bench(state.path()).await;
    first.put(&["a", "b"]).await;
    let mut poller = first.poller(&event).await;
    assert!(poller.step().await.unwrap());
    assert!(!poller.step().await.unwrap());
    let call = first.script.calls.lock().unwrap()[0].clone();
    let record = &call["Records"][0];
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["awsRegion"], crate::REGION);
    assert_eq!(record["dynamodb"]["NewImage"]["sk"]["S"], "A");
    assert!(
        record["eventSourceARN"]
            .as_str()
            .unwrap()
            .ends_with(":table/Tickets/stream/laptop")
    );
    first.put(&["c"]).await;
    drop((poller, first));

    let second = bench(state.path()).await;
    let mut poller = second.poller(&event).await;
    assert!(poller.step().await.unwrap());
    assert_eq!(second.script.calls(), [["c"]]);
}

#[tokio::test]
async fn a_reported_failure_is_tried_again_from_there() {
    let state = tempfile::tempdir().unwrap();
    let bench = bench(state.path()).await;
    bench.put(&["a", "b", "c"]).await;
    let sequences = bench.sequences().await;
    bench.script.answer(failed(&[&sequences[2], &sequences[1]]));
    let mut poller = bench.poller(&stream(vec![], None)).await;
    assert!(poller.step().await.unwrap());
    assert_eq!(
        bench.script.calls(),
        [vec!["a", "b", "c"], vec!["b"], vec!["c"]]
    );
}

#[tokio::test]
async fn a_poisonous_record_is_isolated_and_given_up() {
    let state = tempfile::tempdir().unwrap();
    let bench = bench(state.path()).await;
    bench.put(&["a", "b", "c", "d"]).await;
    for _ in 0..2 {
        bench.script.answer(crashed()); // abcd, ab
    }
    bench.script.answer(Outcome::Ok(Bytes::from_static(b""))); // a
    for _ in 0..2 {
        bench.script.answer(crashed()); // b, and once more
    }
    let mut poller = bench.poller(&stream(vec![], Some(1))).await;
    assert!(poller.step().await.unwrap());
    let expected = [
        vec!["a", "b", "c", "d"],
        vec!["a", "b"],
        vec!["a"],
        vec!["b"],
        vec!["b"],
        vec!["c", "d"],
    ];
    assert_eq!(bench.script.calls(), expected);
    let told = bench.received("Failures").await;
    let sequences = bench.sequences().await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0]["requestContext"]["condition"],
        "RetryAttemptsExhausted"
    );
    assert_eq!(
        told[0]["DDBStreamBatchInfo"]["startSequenceNumber"],
        sequences[1]
    );
    assert_eq!(told[0]["DDBStreamBatchInfo"]["batchSize"], 1);
    let arrival = arrival(&told[0]);
    assert!((Clock::real() - arrival).num_seconds() < 60, "{arrival}");
}

/// When the first record of a given up batch came, to the second, as Lambda writes it.
fn arrival(told: &Value) -> chrono::DateTime<chrono::Utc> {
    let text = told["DDBStreamBatchInfo"]["approximateArrivalOfFirstRecord"]
        .as_str()
        .unwrap();
    assert_eq!(text.len(), "2019-11-14T00:13:19Z".len(), "{text}");
    text.parse().unwrap()
}

#[tokio::test]
async fn with_a_clock_set_back_no_arrival_is_later_than_its_event() {
    for (shift, expected) in [(-7200, -7200), (7200, 0)] {
        let state = tempfile::tempdir().unwrap();
        let bench = bench(state.path()).await;
        bench.context.clock.shift(shift).unwrap();
        bench.put(&["a"]).await;
        bench.script.answer(crashed());
        let mut poller = bench.poller(&stream(vec![], Some(0))).await;
        assert!(poller.step().await.unwrap());
        let told = bench.received("Failures").await;
        let away = (arrival(&told[0]) - Clock::real()).num_seconds() - expected;
        assert!(away.abs() < 60, "{shift}: {told:?}");
    }
}

#[tokio::test]
async fn filtered_records_are_passed_without_a_call() {
    let state = tempfile::tempdir().unwrap();
    let bench = bench(state.path()).await;
    bench.put(&["a", "b"]).await;
    let filter = json!({ "dynamodb": { "Keys": { "pk": { "S": ["b"] } } } });
    let mut poller = bench.poller(&stream(vec![filter], None)).await;
    assert!(poller.step().await.unwrap());
    assert!(!poller.step().await.unwrap());
    assert_eq!(bench.script.calls(), [["b"]]);
}

#[tokio::test]
async fn a_queue_keeps_only_what_failed() {
    let state = tempfile::tempdir().unwrap();
    let bench = bench(state.path()).await;
    for body in ["1", "2"] {
        bench
            .context
            .sqs
            .send_text("Work", body.to_owned())
            .await
            .unwrap();
    }
    let source = queue::Source {
        function: "Suggest".to_owned(),
        queue: "Work".to_owned(),
        batch_size: 10,
        partial: true,
        batching_window: std::time::Duration::ZERO,
    };
    let batch = queue::gather(&bench.context, &source).await.unwrap();
    let bad = batch[0].message_id.clone().unwrap();
    bench.script.answer(failed(&[&bad]));
    queue::deliver(&bench.context, &source, batch).await;
    let again = queue::gather(&bench.context, &source).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].message_id.as_ref(), Some(&bad));
    assert_eq!(again[0].attributes["ApproximateReceiveCount"], "2");
    let calls = bench.script.calls.lock().unwrap().clone();
    let record = &calls[0]["Records"][0];
    assert_eq!(record["eventSource"], "aws:sqs");
    assert_eq!(record["messageId"], json!(bad));
    assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
}

#[test]
fn reports_of_failures() {
    let all = None;
    let none = Some(vec![]);
    let cases: [(&str, Option<Vec<String>>); 7] = [
        ("", none.clone()),
        ("null", none.clone()),
        ("{}", none.clone()),
        (r#"{"batchItemFailures":[]}"#, none),
        (
            r#"{"batchItemFailures":[{"itemIdentifier":"x"}]}"#,
            Some(vec!["x".to_owned()]),
        ),
        (
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            all.clone(),
        ),
        ("not JSON", all),
    ];
    for (payload, expected) in cases {
        assert_eq!(reported_failures(payload.as_bytes()), expected, "{payload}");
    }
}

#[tokio::test]
async fn schedules_follow_a_moved_clock_at_once() {
    let state = tempfile::tempdir().unwrap();
    let bench = bench(state.path()).await;
    let hour = std::time::Duration::from_hours(1);
    let running = tokio::spawn(schedule::run(
        bench.context.clone(),
        "Sweep".to_owned(),
        "sweep".to_owned(),
        hour,
    ));
    let times = |count: usize| {
        let script = Arc::clone(&bench.script);
        async move {
            loop {
                let calls = script.calls.lock().unwrap().clone();
                if calls.len() >= count {
                    return calls;
                }
                tokio::task::yield_now().await;
            }
        }
    };
    let first = times(1).await;
    assert_eq!(first[0]["source"], "aws.scheduler");
    bench.context.clock.shift(86_400 * 3).unwrap();
    let both = times(2).await;
    let time = |event: &Value| -> chrono::DateTime<chrono::Utc> {
        event["time"].as_str().unwrap().parse().unwrap()
    };
    assert!((time(&both[1]) - time(&both[0])).num_hours() >= 72);
    let text = std::fs::read_to_string(bench.context.clock.file()).unwrap();
    assert_eq!(text.trim(), "259200");
    running.abort();
}
