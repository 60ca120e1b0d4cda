//! Queues: batches of messages to a function, deleted when it has dealt with them.

use std::{collections::BTreeSet, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustack_sqs_model::{
    input::ReceiveMessageInput,
    types::{Message, MessageAttributeValue},
};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{Context, reported_failures};
use crate::{Outcome, REGION, net, template::names};

/// SQS hands out so many messages at most.
const MAX_RECEIVE: usize = 10;

/// The wait of one long poll.
const POLL_SECONDS: i32 = 10;

/// A failed message waits a second for each time it failed, but no longer than this. In the cloud
/// it waits for its visibility timeout; nobody at a laptop wants to.
const MAX_RETRY_SECONDS: i32 = 5;

/// A queue that calls a function.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) function: String,
    pub(super) queue: String,
    pub(super) batch_size: usize,
    pub(super) partial: bool,
    pub(super) batching_window: Duration,
}

/// Hands the queue's messages to the function until everything stops.
pub(super) async fn run(context: Context, source: Source) {
    while !context.is_stopped() {
        let batch = tokio::select! {
            () = net::stopped(context.stop.clone()) => return,
            batch = gather(&context, &source) => batch,
        };
        match batch {
            Ok(batch) if batch.is_empty() => {}
            Ok(batch) => deliver(&context, &source, batch).await,
            Err(error) => {
                tracing::warn!(queue = source.queue, "cannot receive messages: {error:#}");
                context.wait(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Waits for a message, and then for more of them until the batch is full or its window ends.
pub(super) async fn gather(context: &Context, source: &Source) -> anyhow::Result<Vec<Message>> {
    let mut batch = receive(context, source, source.batch_size, POLL_SECONDS).await?;
    let end = Instant::now() + source.batching_window;
    while !batch.is_empty() && batch.len() < source.batch_size && Instant::now() < end {
        let room = source.batch_size - batch.len();
        match tokio::time::timeout_at(end, receive(context, source, room, 1)).await {
            Ok(more) => batch.extend(more?),
            Err(_) => break,
        }
    }
    Ok(batch)
}

async fn receive(
    context: &Context,
    source: &Source,
    room: usize,
    wait_seconds: i32,
) -> anyhow::Result<Vec<Message>> {
    let input = ReceiveMessageInput {
        queue_url: context.sqs.url(&source.queue),
        max_number_of_messages: Some(i32::try_from(room.min(MAX_RECEIVE))?),
        wait_time_seconds: Some(wait_seconds),
        message_attribute_names: vec!["All".to_owned()],
        ..ReceiveMessageInput::default()
    };
    context
        .sqs
        .receive(input)
        .await
        .map_err(|error| anyhow::anyhow!("{}", error.message))
}

pub(super) async fn deliver(context: &Context, source: &Source, batch: Vec<Message>) {
    let records: Vec<Value> = batch
        .iter()
        .map(|message| record(source, message))
        .collect();
    let outcome = context
        .call(&source.function, &json!({ "Records": records }))
        .await;
    let ids: BTreeSet<&str> = batch
        .iter()
        .filter_map(|m| m.message_id.as_deref())
        .collect();
    let failed: BTreeSet<String> = match outcome {
        Ok(Outcome::Ok(_)) if !source.partial => BTreeSet::new(),
        Ok(Outcome::Ok(payload)) => match reported_failures(&payload) {
            Some(failures) if failures.iter().all(|id| ids.contains(id.as_str())) => {
                failures.into_iter().collect()
            }
            _ => {
                tracing::warn!(
                    function = source.function,
                    "an unreadable report of failures"
                );
                ids.into_iter().map(str::to_owned).collect()
            }
        },
        Ok(Outcome::FunctionError(_)) | Err(_) => ids.into_iter().map(str::to_owned).collect(),
    };
    let url = context.sqs.url(&source.queue);
    let mut done = Vec::new();
    for message in batch {
        let receipt = message.receipt_handle.clone().unwrap_or_default();
        if !message
            .message_id
            .as_ref()
            .is_some_and(|id| failed.contains(id))
        {
            done.push(receipt);
            continue;
        }
        let wait = receive_count(&message).clamp(1, MAX_RETRY_SECONDS);
        if let Err(error) = context.sqs.change_visibility(&url, receipt, wait).await {
            // Its visibility timeout has run out already: it is visible without this.
            tracing::debug!(
                error = error.message,
                "cannot change a message's visibility"
            );
        }
    }
    if let Err(error) = context.sqs.delete(&url, done).await {
        tracing::warn!(
            queue = source.queue,
            error = error.message,
            "cannot delete messages"
        );
    }
}

fn receive_count(message: &Message) -> i32 {
    let count = message.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// A message as Lambda hands it to a function.
fn record(source: &Source, message: &Message) -> Value {
    let attributes: Map<String, Value> = message
        .message_attributes
        .iter()
        .map(|(name, value)| (name.clone(), attribute(value)))
        .collect();
    let mut record = json!({
        "messageId": message.message_id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": message.attributes,
        "messageAttributes": attributes,
        "md5OfBody": message.md5_of_body,
        "eventSource": "aws:sqs",
        "eventSourceARN": names::queue_arn(&source.queue),
        "awsRegion": REGION,
    });
    if let (Some(object), Some(md5)) = (record.as_object_mut(), &message.md5_of_message_attributes)
    {
        object.insert("md5OfMessageAttributes".to_owned(), md5.clone().into());
    }
    record
}

fn attribute(value: &MessageAttributeValue) -> Value {
    let mut attribute = json!({
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value.data_type,
    });
    if let Some(object) = attribute.as_object_mut() {
        if let Some(text) = &value.string_value {
            object.insert("stringValue".to_owned(), text.clone().into());
        }
        if let Some(bytes) = &value.binary_value {
            object.insert("binaryValue".to_owned(), STANDARD.encode(bytes).into());
        }
    }
    attribute
}
