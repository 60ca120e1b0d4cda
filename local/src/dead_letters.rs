//! Lists what could not be processed and puts it back: on the laptop, and in the cloud with the
//! same commands, as neither has `StartMessageMoveTask` everywhere.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use aws_credential_types::Credentials;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use serde_json::Value;

use crate::console;
use crate::state::{Ports, noted_ports};

/// Hidden from other receivers while it is listed or moved.
const HIDDEN_SECONDS: i32 = 30;
/// SQS gives at most so many at once.
const BATCH: usize = 10;
/// Messages shown of one queue at most.
const LISTED: usize = 1000;

/// A queue that others fail into, or that functions send failures to.
#[derive(Debug)]
struct DeadLetterQueue {
    name: String,
    url: String,
    waiting: String,
    /// The queue it takes the failures of; none for a stream's failures.
    source: Option<String>,
}

/// The client: the environment's endpoint, region and keys, else the cloud running on `state`.
pub fn client(state: &Path) -> Result<Client> {
    let first = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok());
    let endpoint = first(&["AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL"]);
    let region = first(&["AWS_REGION", "AWS_DEFAULT_REGION"]);
    let laptop = endpoint.is_none() && region.is_none();
    let endpoint = if laptop {
        Some(Ports::url(noted_ports(state)?.sqs))
    } else {
        endpoint
    };
    let credentials = match (
        first(&["AWS_ACCESS_KEY_ID"]),
        first(&["AWS_SECRET_ACCESS_KEY"]),
    ) {
        (Some(id), Some(secret)) => Credentials::new(
            id,
            secret,
            first(&["AWS_SESSION_TOKEN"]),
            None,
            "environment",
        ),
        _ if endpoint.is_some() => Credentials::new(
            substrate::ACCESS_KEY_ID,
            substrate::SECRET_ACCESS_KEY,
            None,
            None,
            "laptop",
        ),
        _ => bail!("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"),
    };
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let region = region.unwrap_or_else(|| substrate::REGION.to_owned());
    // Whoever has AWS_REGION set for other work is to see that this is not the laptop.
    console::error(&format!(
        "queues of {}",
        endpoint.as_deref().unwrap_or(&region)
    ));
    let mut config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .region(Region::new(region))
        .credentials_provider(credentials);
    config.set_endpoint_url(endpoint);
    Ok(Client::from_conf(config.build()))
}

/// `dead-letters list [QUEUE]`: the queues with their numbers, and the messages of the named one,
/// or of all.
pub async fn list(client: &Client, queue: Option<&str>) -> Result<()> {
    let queues = dead_letter_queues(client).await?;
    for found in &queues {
        if queue.is_some_and(|name| !fits(&found.name, name)) {
            continue;
        }
        let back = found.source.as_deref().unwrap_or("(no queue)");
        console::line(&format!(
            "{}  {} waiting  -> {back}",
            found.name, found.waiting
        ));
        if found.waiting != "0" {
            list_messages(client, found).await?;
        }
    }
    Ok(())
}

async fn list_messages(client: &Client, queue: &DeadLetterQueue) -> Result<()> {
    let mut seen = Vec::new();
    while seen.len() < LISTED {
        let batch = receive(client, &queue.url, BATCH).await?;
        if batch.is_empty() {
            break;
        }
        seen.extend(batch);
    }
    for message in &seen {
        console::line(&format!("  {}", describe(message)));
        // Visible again at once: listing changes nothing but the receive count.
        if let Some(handle) = message.receipt_handle() {
            let shown = client.change_message_visibility().queue_url(&queue.url);
            shown
                .receipt_handle(handle)
                .visibility_timeout(0)
                .send()
                .await?;
        }
    }
    Ok(())
}

/// `dead-letters redrive QUEUE [--limit N]`: sends each message back to the queue it came from,
/// then deletes it. A crash between the two repeats the message; consumers are idempotent.
pub async fn redrive(client: &Client, queue: &str, limit: Option<usize>) -> Result<()> {
    let queues = dead_letter_queues(client).await?;
    let found = queues.iter().find(|found| fits(&found.name, queue));
    let found = found.with_context(|| format!("there is no dead-letter queue `{queue}`"))?;
    let Some(source) = &found.source else {
        bail!(
            "`{}` holds batches of a stream, not messages of a queue: re-emit from the tickets",
            found.name
        );
    };
    let source = queue_url(client, source).await?;
    let limit = limit.unwrap_or(usize::MAX);
    let mut moved = 0_usize;
    while moved < limit {
        let wanted = limit.saturating_sub(moved).min(BATCH);
        let batch = receive(client, &found.url, wanted).await?;
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

async fn receive(client: &Client, url: &str, number: usize) -> Result<Vec<Message>> {
    let received = client
        .receive_message()
        .queue_url(url)
        .max_number_of_messages(i32::try_from(number)?)
        .visibility_timeout(HIDDEN_SECONDS)
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

/// A queue's own name, its template name, or its name in a stack (`stack-Name-SUFFIX`).
fn fits(name: &str, wanted: &str) -> bool {
    name == wanted || name.split('-').any(|part| part == wanted)
}

async fn dead_letter_queues(client: &Client) -> Result<Vec<DeadLetterQueue>> {
    let mut attributes = BTreeMap::new();
    let mut pages = client
        .list_queues()
        .max_results(1000)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        for url in page
            .context("cannot list the queues")?
            .queue_urls
            .unwrap_or_default()
        {
            let got = client
                .get_queue_attributes()
                .queue_url(&url)
                .attribute_names(QueueAttributeName::All);
            attributes.insert(url, got.send().await?.attributes.unwrap_or_default());
        }
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
    let queues = attributes.iter().filter_map(|(url, of)| {
        let name = last(url, '/').to_owned();
        let source = sources.get(&name).cloned();
        let is_dead = source.is_some() || name.contains("DeadLetter") || name.contains("Failure");
        let waiting = of.get(&QueueAttributeName::ApproximateNumberOfMessages);
        let waiting = waiting.cloned().unwrap_or_default();
        is_dead.then(|| DeadLetterQueue {
            name,
            url: url.clone(),
            waiting,
            source,
        })
    });
    Ok(queues.collect())
}

async fn queue_url(client: &Client, name: &str) -> Result<String> {
    let answer = client.get_queue_url().queue_name(name).send().await?;
    let url = answer.queue_url.unwrap_or_default();
    ensure!(!url.is_empty(), "`{name}` has no URL");
    Ok(url)
}

fn last(text: &str, separator: char) -> &str {
    text.rsplit(separator).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sqs::types::MessageAttributeValue;

    #[test]
    fn queues_are_found_by_their_names() {
        let cases = [
            ("NotifyDeadLetterQueue", "NotifyDeadLetterQueue", true),
            (
                "suqiu-NotifyDeadLetterQueue-1A2B",
                "NotifyDeadLetterQueue",
                true,
            ),
            ("suqiu-NotifyDeadLetterQueue-1A2B", "Notify", false),
        ];
        for (name, wanted, expected) in cases {
            assert_eq!(fits(name, wanted), expected, "{name} {wanted}");
        }
    }

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
