//! Dead-letter policies, which are kept here and not by the engine: it would move messages
//! without the journal knowing.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use rustack_sqs_core::queue::queue_arn;
use serde_json::{Value, json};

use crate::{ACCOUNT_ID, REGION, template::names};

/// The attribute that holds a queue's policy.
pub(super) const ATTRIBUTE: &str = "RedrivePolicy";

/// The engine's largest message.
const MAX_MESSAGE_BYTES: u64 = 262_144;

/// When a message is given up, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RedrivePolicy {
    /// Name of the dead-letter queue.
    pub(super) queue: String,
    /// How often a message may be received.
    pub(super) max_receive_count: u32,
}

/// The policy among a queue's attributes.
pub(super) fn policy_of(
    attributes: &BTreeMap<String, String>,
) -> anyhow::Result<Option<RedrivePolicy>> {
    let Some(text) = attributes.get(ATTRIBUTE).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let policy: Value = serde_json::from_str(text).context("`RedrivePolicy` is not JSON")?;
    let queue = policy
        .get("deadLetterTargetArn")
        .and_then(Value::as_str)
        .and_then(|arn| arn.rsplit(':').next())
        .context("`RedrivePolicy` names no queue")?;
    let count = policy
        .get("maxReceiveCount")
        .context("`RedrivePolicy` has no count")?;
    let count = count
        .as_u64()
        .or_else(|| count.as_str()?.parse().ok())
        .unwrap_or(0);
    ensure!(
        (1..=1000).contains(&count),
        "maxReceiveCount must be between 1 and 1000"
    );
    Ok(Some(RedrivePolicy {
        queue: queue.to_owned(),
        max_receive_count: u32::try_from(count)?,
    }))
}

/// A queue's attributes as the engine gets them: its own form of ARN, and a policy that never
/// moves anything.
pub(super) fn for_engine(
    mut attributes: BTreeMap<String, String>,
) -> anyhow::Result<BTreeMap<String, String>> {
    if let Some(policy) = policy_of(&attributes)? {
        let policy = json!({
            "deadLetterTargetArn": queue_arn(REGION, ACCOUNT_ID, &policy.queue),
            "maxReceiveCount": i32::MAX,
        });
        attributes.insert(ATTRIBUTE.to_owned(), policy.to_string());
    }
    if let Some(size) = attributes.get_mut("MaximumMessageSize")
        && size
            .parse::<u64>()
            .is_ok_and(|bytes| bytes > MAX_MESSAGE_BYTES)
    {
        *size = MAX_MESSAGE_BYTES.to_string();
    }
    Ok(attributes)
}

/// A queue's attributes from the engine, as SQS would show them.
pub(super) fn from_engine(
    attributes: &mut std::collections::HashMap<String, String>,
    queue: &str,
    policy: Option<&RedrivePolicy>,
) {
    if let Some(arn) = attributes.get_mut("QueueArn") {
        *arn = names::queue_arn(queue);
    }
    if let (Some(text), Some(policy)) = (attributes.get_mut(ATTRIBUTE), policy) {
        *text = json!({
            "deadLetterTargetArn": names::queue_arn(&policy.queue),
            "maxReceiveCount": policy.max_receive_count,
        })
        .to_string();
    }
}
