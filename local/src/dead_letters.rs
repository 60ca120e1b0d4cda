//! Lists what could not be processed and puts it back: on the laptop, and in the cloud with the
//! same commands, as neither has `StartMessageMoveTask` everywhere.

mod stream;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use serde_json::Value;

pub use stream::failed_since;

use crate::account::{Account, fits, last};
use crate::console;

/// Hidden from other receivers while it is listed or moved.
const HIDDEN_SECONDS: i32 = 30;
/// An answer of SQS that did not wait asks a part of its servers and may miss messages.
const WAIT_SECONDS: i32 = 1;
/// SQS gives at most so many at once.
const BATCH: usize = 10;
/// Messages shown of one queue at most.
const LISTED: usize = 1000;

/// A queue that others fail into, or that functions send failures to.
#[derive(Debug)]
struct DeadLetterQueue {
    name: String,
    url: String,
    waiting: usize,
    /// Received by somebody who has not deleted them yet.
    in_hand: usize,
    /// The queue it takes the failures of; none for a stream's failures.
    source: Option<String>,
}

/// `dead-letters list [QUEUE]`: the queues with their numbers, and the messages of the named one,
/// or of all.
pub async fn list(account: &Account, queue: Option<&str>) -> Result<()> {
    let queues = dead_letter_queues(account).await?;
    for found in &queues {
        if queue.is_some_and(|name| !fits(&found.name, name)) {
            continue;
        }
        let back = found.source.as_deref().unwrap_or("(the tickets)");
        let in_hand = match found.in_hand {
            0 => String::new(),
            number => format!(", {number} in hand"),
        };
        console::line(&format!(
            "{}  {} waiting{in_hand}  -> {back}",
            found.name, found.waiting
        ));
        if found.waiting > 0 {
            list_messages(&account.sqs, found).await?;
        }
    }
    Ok(())
}

/// How many messages a dead-letter queue holds, waiting or in hand; about, in the cloud.
pub async fn count(account: &Account, queue: &str) -> Result<usize> {
    let found = dead_letter_queue(account, queue).await?;
    Ok(found.waiting.saturating_add(found.in_hand))
}

async fn list_messages(client: &Client, queue: &DeadLetterQueue) -> Result<()> {
    let mut seen = Vec::new();
    while seen.len() < LISTED {
        let batch = receive(client, &queue.url, BATCH, HIDDEN_SECONDS).await?;
        if batch.is_empty() {
            break;
        }
        seen.extend(batch);
    }
    for message in &seen {
        console::line(&format!("  {}", describe(message)));
        // Visible again at once: listing changes nothing but the receive count.
        if let Some(handle) = message.receipt_handle() {
            show(client, &queue.url, handle).await?;
        }
    }
    Ok(())
}

async fn show(client: &Client, url: &str, handle: &str) -> Result<()> {
    let shown = client.change_message_visibility().queue_url(url);
    shown
        .receipt_handle(handle)
        .visibility_timeout(0)
        .send()
        .await?;
    Ok(())
}

/// `dead-letters redrive QUEUE [--limit N]`: sends each message back to the queue it came from,
/// then deletes it. A crash between the two repeats the message; consumers are idempotent. What a
/// stream gave up is emitted again from the tickets.
pub async fn redrive(account: &Account, queue: &str, limit: Option<usize>) -> Result<()> {
    let client = &account.sqs;
    let limit = limit.unwrap_or(usize::MAX);
    let found = dead_letter_queue(account, queue).await?;
    let Some(source) = &found.source else {
        return stream::redrive(account, &found.url, limit).await;
    };
    let source = queue_url(client, source).await?;
    let mut moved = 0_usize;
    while moved < limit {
        let wanted = limit.saturating_sub(moved).min(BATCH);
        let batch = receive(client, &found.url, wanted, HIDDEN_SECONDS).await?;
        if batch.is_empty() {
            break;
        }
        for message in &batch {
            put_back(client, message, &found.url, &source).await?;
            console::line(&describe(message));
            moved = moved.saturating_add(1);
        }
    }
    console::line(&format!("{moved} put back"));
    Ok(())
}

async fn put_back(client: &Client, message: &Message, from: &str, to: &str) -> Result<()> {
    let body = message.body().context("a message without a body")?;
    let attributes = message.message_attributes().cloned().unwrap_or_default();
    // The cause is told for people; the consumer is to see the message as it first came.
    let attributes = attributes
        .into_iter()
        .filter(|(name, _)| !is_cause(name))
        .collect();
    client
        .send_message()
        .queue_url(to)
        .message_body(body)
        .set_message_attributes(Some(attributes))
        .send()
        .await?;
    let handle = message
        .receipt_handle()
        .context("a message without a handle")?;
    client
        .delete_message()
        .queue_url(from)
        .receipt_handle(handle)
        .send()
        .await?;
    Ok(())
}

async fn receive(
    client: &Client,
    url: &str,
    number: usize,
    hidden_seconds: i32,
) -> Result<Vec<Message>> {
    let received = client
        .receive_message()
        .queue_url(url)
        .max_number_of_messages(i32::try_from(number)?)
        .visibility_timeout(hidden_seconds)
        .wait_time_seconds(WAIT_SECONDS)
        .message_attribute_names("All")
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await?;
    Ok(received.messages.unwrap_or_default())
}

/// One line: id, how often received, cause, the beginning of the body.
fn describe(message: &Message) -> String {
    let id = message.message_id().unwrap_or("-");
    let count = message
        .attributes()
        .and_then(|all| all.get(&MessageSystemAttributeName::ApproximateReceiveCount));
    let count = count.map_or("-", String::as_str);
    let body = message.body().unwrap_or_default();
    let cause = cause(message).unwrap_or_else(|| "no cause noted".to_owned());
    let start: String = body.chars().filter(|c| !c.is_control()).take(100).collect();
    format!("{id}  received {count}x  {cause}  {start}")
}

fn is_cause(attribute: &str) -> bool {
    attribute.eq_ignore_ascii_case("cause")
}

fn cause(message: &Message) -> Option<String> {
    let attributes = message.message_attributes()?;
    let noted = attributes.iter().find(|(name, _)| is_cause(name));
    let noted = noted
        .and_then(|(_, value)| value.string_value())
        .map(str::to_owned);
    noted.or_else(|| {
        let body: Value = serde_json::from_str(message.body()?).ok()?;
        Some(
            body.pointer("/requestContext/condition")?
                .as_str()?
                .to_owned(),
        )
    })
}

async fn dead_letter_queue(account: &Account, queue: &str) -> Result<DeadLetterQueue> {
    let queues = dead_letter_queues(account).await?.into_iter();
    let mut fitting: Vec<_> = queues.filter(|found| fits(&found.name, queue)).collect();
    ensure!(
        fitting.len() < 2,
        "several queues fit `{queue}`: {}",
        fitting
            .iter()
            .map(|found| found.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    );
    let found = fitting.pop();
    found.with_context(|| format!("there is no dead-letter queue `{queue}`"))
}

async fn dead_letter_queues(account: &Account) -> Result<Vec<DeadLetterQueue>> {
    let mut attributes = BTreeMap::new();
    for url in account.queue_urls().await? {
        let got = account
            .sqs
            .get_queue_attributes()
            .queue_url(&url)
            .attribute_names(QueueAttributeName::All);
        attributes.insert(url, got.send().await?.attributes.unwrap_or_default());
    }
    // Name of the dead-letter queue -> name of the queue it serves.
    let mut sources = BTreeMap::new();
    for (url, of) in &attributes {
        let policy = of.get(&QueueAttributeName::RedrivePolicy);
        let policy = policy.and_then(|text| serde_json::from_str::<Value>(text).ok());
        let target = policy
            .as_ref()
            .and_then(|policy| policy.get("deadLetterTargetArn")?.as_str());
        if let Some(target) = target {
            sources.insert(last(target, ':').to_owned(), last(url, '/').to_owned());
        }
    }
    let mut queues = Vec::new();
    for (url, of) in &attributes {
        let name = last(url, '/').to_owned();
        let source = sources.get(&name).cloned();
        let number = |attribute| {
            let number = of.get(&attribute).and_then(|number| number.parse().ok());
            number.with_context(|| format!("`{name}` does not tell its {attribute}"))
        };
        if source.is_some() || name.contains("DeadLetter") || name.contains("Failure") {
            queues.push(DeadLetterQueue {
                waiting: number(QueueAttributeName::ApproximateNumberOfMessages)?,
                in_hand: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)?,
                url: url.clone(),
                name,
                source,
            });
        }
    }
    Ok(queues)
}

async fn queue_url(client: &Client, name: &str) -> Result<String> {
    let answer = client.get_queue_url().queue_name(name).send().await?;
    let url = answer.queue_url.unwrap_or_default();
    ensure!(!url.is_empty(), "`{name}` has no URL");
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::types::MessageAttributeValue;

    #[test]
    fn a_line_tells_id_count_and_cause() {
        let cause = MessageAttributeValue::builder()
            .data_type("String")
            .string_value("503")
            .build()
            .unwrap();
        let message = Message::builder()
            .message_id("m1")
            .body("{\"a\":\n1}")
            .attributes(MessageSystemAttributeName::ApproximateReceiveCount, "6")
            .message_attributes("cause", cause)
            .build();
        assert_eq!(describe(&message), "m1  received 6x  503  {\"a\":1}");
    }
}
