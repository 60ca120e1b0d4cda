//! What a stream's function gave up. The record of it names a place in the stream, which forgets
//! after a day; the tickets forget nothing, so what was lost is made again from them.

use anyhow::{Context as _, Result, ensure};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::{BATCH, dead_letter_queue, describe, receive, show};
use crate::account::Account;
use crate::console;
use crate::emit::Emitter;

/// Failure records stay hidden while the tickets are walked; one that outlasts it shows again.
const HELD_SECONDS: i32 = 900;
/// An event bears the time of its request or sweep, which is older than its record in the stream by
/// as long as that took: a minute at most, and clocks differ a little.
const MARGIN: TimeDelta = TimeDelta::minutes(10);

/// Where the relay's failures go.
const RELAY_FAILURES: &str = "RelayFailureQueue";

/// Lambda's record of a batch that it gave up, as far as it is of use here.
#[derive(Debug, Deserialize)]
struct FailureRecord {
    #[serde(rename = "DDBStreamBatchInfo")]
    batch: BatchInfo,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchInfo {
    approximate_arrival_of_first_record: DateTime<Utc>,
    stream_arn: String,
}

impl FailureRecord {
    fn of(message: &Message) -> Option<Self> {
        serde_json::from_str(message.body()?).ok()
    }

    /// The table of `arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<label>`.
    fn table(&self) -> Option<&str> {
        let (_, resource) = self.batch.stream_arn.split_once(":table/")?;
        resource.split_once("/stream/").map(|(table, _)| table)
    }
}

/// Failure records in hand.
#[derive(Debug, Default)]
struct Taken {
    handles: Vec<String>,
    earliest: Option<DateTime<Utc>>,
    table: Option<String>,
    /// Messages that are no failure records of a table's stream.
    strange: Vec<Message>,
}

impl Taken {
    async fn receive(client: &Client, url: &str, limit: usize) -> Result<Self> {
        let mut taken = Self::default();
        while taken.count() < limit {
            let wanted = limit.saturating_sub(taken.count()).min(BATCH);
            let batch = receive(client, url, wanted, HELD_SECONDS).await?;
            if batch.is_empty() {
                break;
            }
            for message in batch {
                taken.add(message)?;
            }
        }
        Ok(taken)
    }

    fn count(&self) -> usize {
        self.handles.len().saturating_add(self.strange.len())
    }

    fn add(&mut self, message: Message) -> Result<()> {
        let record = FailureRecord::of(&message);
        let table = record.as_ref().and_then(FailureRecord::table);
        let (Some(record), Some(table)) = (&record, table) else {
            self.strange.push(message);
            return Ok(());
        };
        let one = self.table.as_deref().is_none_or(|known| known == table);
        ensure!(one, "failure records of several tables in one queue");
        self.table = Some(table.to_owned());
        let arrival = record.batch.approximate_arrival_of_first_record;
        self.earliest = Some(self.earliest.map_or(arrival, |known| known.min(arrival)));
        let handle = message.receipt_handle().context("no receipt handle")?;
        self.handles.push(handle.to_owned());
        Ok(())
    }

    fn since(&self) -> Option<DateTime<Utc>> {
        self.earliest.map(|earliest| earliest - MARGIN)
    }

    /// Lets others see again what was not dealt with.
    async fn show(&self, client: &Client, url: &str, handles: &[String]) -> Result<()> {
        let strange = self.strange.iter().filter_map(Message::receipt_handle);
        for handle in handles.iter().map(String::as_str).chain(strange) {
            show(client, url, handle).await?;
        }
        Ok(())
    }
}

/// Emits from the tickets everything since the earliest failure; the records go only then.
pub(super) async fn redrive(account: &Account, url: &str, limit: usize) -> Result<()> {
    let client = &account.sqs;
    let taken = Taken::receive(client, url, limit).await?;
    if let Some(since) = taken.since() {
        console::line(&format!("{} failures", taken.handles.len()));
        if let Err(error) = emit(account, &taken, since).await {
            taken.show(client, url, &taken.handles).await?;
            return Err(error.context("the failure records stay where they are"));
        }
        delete(client, url, &taken.handles).await?;
    }
    taken.show(client, url, &[]).await?;
    for message in &taken.strange {
        console::error(&format!("no failure of a stream: {}", describe(message)));
    }
    console::line(&format!("{} failures dealt with", taken.handles.len()));
    ensure!(
        taken.strange.is_empty(),
        "{} messages are no failures of a stream and stay where they are",
        taken.strange.len()
    );
    Ok(())
}

async fn emit(account: &Account, taken: &Taken, since: DateTime<Utc>) -> Result<()> {
    let emitter = Emitter::open(account, taken.table.clone()).await?;
    emitter.all(since).await.map(|_| ())
}

async fn delete(client: &Client, url: &str, handles: &[String]) -> Result<()> {
    for chunk in handles.chunks(BATCH) {
        let mut request = client.delete_message_batch().queue_url(url);
        for (index, handle) in chunk.iter().enumerate() {
            let entry = DeleteMessageBatchRequestEntry::builder().id(index.to_string());
            request = request.entries(entry.receipt_handle(handle).build()?);
        }
        let failed = request.send().await?.failed;
        ensure!(
            failed.is_empty(),
            "everything was emitted, but {} failure records could not be deleted",
            failed.len()
        );
    }
    Ok(())
}

/// Since when the relay's failures in the queue go, with the margin; `None` without failures.
/// The records stay.
pub async fn failed_since(account: &Account) -> Result<Option<DateTime<Utc>>> {
    let queue = dead_letter_queue(account, RELAY_FAILURES).await?;
    let taken = Taken::receive(&account.sqs, &queue.url, usize::MAX).await?;
    taken.show(&account.sqs, &queue.url, &taken.handles).await?;
    Ok(taken.since())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the documentation of Lambda.
    const RECORD: &str = r#"{
        "requestContext": {
            "requestId": "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
            "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:myfunction",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 1
        },
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "version": "1.0",
        "timestamp": "2019-11-14T00:13:49.717Z",
        "DDBStreamBatchInfo": {
            "shardId": "shardId-00000001573689847184-864758bb",
            "startSequenceNumber": "800000000003126276362",
            "endSequenceNumber": "800000000003126276362",
            "approximateArrivalOfFirstRecord": "2019-11-14T00:13:19Z",
            "approximateArrivalOfLastRecord": "2019-11-14T00:13:19Z",
            "batchSize": 1,
            "streamArn": "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:04:06.388"
        }
    }"#;

    fn message(body: &str) -> Message {
        Message::builder().receipt_handle("h").body(body).build()
    }

    #[test]
    fn the_earliest_failure_decides_since_when() {
        let mut taken = Taken::default();
        for time in [
            "2019-11-14T00:13:19Z",
            "2019-11-14T00:11:00.500Z",
            "2019-11-14T00:20:00Z",
        ] {
            let body = RECORD.replace("2019-11-14T00:13:19Z", time);
            taken.add(message(&body)).unwrap();
        }
        let expected: DateTime<Utc> = "2019-11-14T00:01:00.500Z".parse().unwrap();
        assert_eq!(taken.since(), Some(expected));
        assert_eq!(taken.table.as_deref(), Some("mytable"));
        assert_eq!((taken.handles.len(), taken.strange.len()), (3, 0));
    }

    #[test]
    fn a_message_of_another_kind_is_told_apart() {
        let kinesis = RECORD.replace("DDBStreamBatchInfo", "KinesisBatchInfo");
        let timeless = RECORD.replace("2019-11-14T00:13:19Z", "");
        let stream = RECORD.replace("table/mytable/", "");
        let mut taken = Taken::default();
        for body in ["", "{}", &kinesis, &timeless, &stream] {
            taken.add(message(body)).unwrap();
        }
        assert_eq!((taken.handles.len(), taken.strange.len()), (0, 5));
        assert_eq!(taken.since(), None);
    }

    #[test]
    fn records_of_two_tables_are_not_mixed() {
        let mut taken = Taken::default();
        taken.add(message(RECORD)).unwrap();
        let other = RECORD.replace("table/mytable", "table/other");
        assert!(taken.add(message(&other)).is_err());
    }
}
