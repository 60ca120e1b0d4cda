//! Webhooks to the city's messaging gateway (R-HD-12), after Standard Webhooks: headers
//! `webhook-id`, `webhook-timestamp` and `webhook-signature`, the last holding one
//! `v1,<base64 HMAC-SHA256(id.timestamp.body)>` per live secret, separated by spaces.
//!
//! [`Ladder`] says when to try again, [`allowed_endpoint`] where a webhook may go.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64;

use crate::mac::{any_key_matches, hmac_sha256};
use crate::secrets::KEY_MIN_BYTES;

pub use delivery::{Delivery, Hop, Ladder, SQS_DELAY_MAX, classify, delay_after, hop};
pub use endpoint::{EndpointRefusal, allowed_endpoint, is_public_address};

mod delivery;
mod endpoint;

/// How far a webhook's timestamp may lie from the receiver's time, either way.
pub const TIME_WINDOW: TimeDelta = TimeDelta::minutes(5);

const SECRET_PREFIX: &str = "whsec_";
const SIGNATURE_PREFIX: &str = "v1,";

/// A shared secret, written `whsec_<base64>`.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(Vec<u8>);

impl WebhookSecret {
    /// Reads `whsec_<base64>` of at least 16 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64
            .decode(text.strip_prefix(SECRET_PREFIX)?.as_bytes())
            .ok()?;
        (bytes.len() >= KEY_MIN_BYTES).then_some(Self(bytes))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WebhookSecret(..)")
    }
}

/// A webhook's identity and content.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// `webhook-id`: the same for every attempt at one message; receivers drop repeats by it.
    pub id: &'a str,
    /// `webhook-timestamp`: Unix seconds of this attempt.
    pub timestamp: i64,
    /// The body's bytes.
    pub body: &'a [u8],
}

/// Why a webhook is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefusal {
    /// The timestamp is further than [`TIME_WINDOW`] from our time.
    #[error("timestamp is outside the window")]
    StaleTimestamp,
    /// No signature is that of a live secret.
    #[error("signature does not match")]
    WrongSignature,
}

/// The value of `webhook-signature`: one signature per live secret.
pub fn sign(message: &Message<'_>, secrets: &[WebhookSecret]) -> String {
    let timestamp = message.timestamp.to_string();
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| {
            let tag = hmac_sha256(&secret.0, &parts(message, &timestamp));
            format!("{SIGNATURE_PREFIX}{}", BASE64.encode(&tag))
        })
        .collect();
    signatures.join(" ")
}

/// Checks a webhook as its receiver does. Signatures of versions other than `v1` are passed over.
pub fn verify(
    message: &Message<'_>,
    signatures: &str,
    secrets: &[WebhookSecret],
    now: DateTime<Utc>,
) -> Result<(), WebhookRefusal> {
    let away = now.timestamp().abs_diff(message.timestamp);
    if away > TIME_WINDOW.num_seconds().unsigned_abs() {
        return Err(WebhookRefusal::StaleTimestamp);
    }
    let timestamp = message.timestamp.to_string();
    let parts = parts(message, &timestamp);
    let matches = signatures
        .split(' ')
        .filter_map(|signature| signature.strip_prefix(SIGNATURE_PREFIX))
        .filter_map(|signature| BASE64.decode(signature.as_bytes()).ok())
        .any(|tag| {
            any_key_matches(
                secrets.iter().map(|secret| secret.0.as_slice()),
                &parts,
                &tag,
            )
        });
    if matches {
        Ok(())
    } else {
        Err(WebhookRefusal::WrongSignature)
    }
}

fn parts<'m>(message: &Message<'m>, timestamp: &'m str) -> [&'m [u8]; 5] {
    [
        message.id.as_bytes(),
        b".",
        timestamp.as_bytes(),
        b".",
        message.body,
    ]
}

#[cfg(test)]
mod tests;
