//! Signed requests of the channels (PC, mobile, window, …): R-AC-2.
//!
//! The signature is the lower-case hexadecimal HMAC-SHA256, under one of the channel's live
//! secrets, of these eight lines joined by `\n`, sent as `Suqiu-Signature: v1=<hex>`:
//!
//! ```text
//! v1
//! {METHOD}
//! {path}
//! {canonical query}
//! {timestamp, Unix seconds}
//! {nonce, 16 to 64 printable ASCII characters}
//! {Idempotency-Key, empty when there is none}
//! {hex SHA-256 of the body}
//! ```
//!
//! Canonical query: the `name=value` pairs, percent-encoded after RFC 3986 (upper-case hex; only
//! letters, digits and `-._~` left bare), then sorted by name and value as bytes of the encoded form
//! (so `%E8…` stands before `a`), joined by `&`. A space is `%20`; `+` is a plus.
//!
//! A signature does not stop a replay: the caller remembers each nonce with what it made, at least
//! for [`NONCE_LIFE`], and refuses its second use. The `Idempotency-Key` is signed because it names
//! what is made: a replay cannot make anything else.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

use crate::mac::{any_key_matches, hmac_sha256};

/// How far a request's timestamp may lie from our time, either way.
pub const TIME_WINDOW: TimeDelta = TimeDelta::seconds(300);

/// How long a nonce must be remembered: as long as any request bearing it could still be in time.
pub const NONCE_LIFE: TimeDelta = TimeDelta::seconds(601);

const PREFIX: &str = "v1=";
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A request as a channel sent it; the `Suqiu-…` headers by their values.
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'a> {
    /// HTTP method, in any case.
    pub method: &'a str,
    /// Path as sent, without the query and without the stage's prefix.
    pub path: &'a str,
    /// Raw query string without its `?`; may be empty.
    pub query: &'a str,
    /// `Suqiu-Timestamp`: Unix seconds.
    pub timestamp: &'a str,
    /// `Suqiu-Nonce`.
    pub nonce: &'a str,
    /// `Idempotency-Key`; empty when there is none.
    pub idempotency_key: &'a str,
    /// `Suqiu-Signature`: `v1=<hex>`. Ignored by [`sign`].
    pub signature: &'a str,
    /// The body's bytes, before any decoding.
    pub body: &'a [u8],
}

/// Why a channel's request is refused. Callers answer all of them with the same 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChannelRefusal {
    /// The timestamp is not a plain number of seconds.
    #[error("timestamp is not a number of seconds")]
    BadTimestamp,
    /// The timestamp is further than [`TIME_WINDOW`] from our time.
    #[error("timestamp is outside the window")]
    StaleTimestamp,
    /// The nonce is not 16 to 64 printable ASCII characters.
    #[error("nonce is not 16 to 64 printable characters")]
    BadNonce,
    /// No live secret of the channel gives this signature.
    #[error("signature does not match")]
    WrongSignature,
}

/// Checks a request against the channel's live secrets (two during a rotation) at `now`.
pub fn verify<S: AsRef<[u8]>>(
    request: &SignedRequest<'_>,
    secrets: &[S],
    now: DateTime<Utc>,
) -> Result<(), ChannelRefusal> {
    check_timestamp(request.timestamp, now)?;
    check_nonce(request.nonce)?;
    let tag = request
        .signature
        .strip_prefix(PREFIX)
        .and_then(|hex| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok())
        .ok_or(ChannelRefusal::WrongSignature)?;
    let text = text_to_sign(request);
    let keys = secrets.iter().map(AsRef::as_ref);
    if any_key_matches(keys, &[text.as_bytes()], &tag) {
        Ok(())
    } else {
        Err(ChannelRefusal::WrongSignature)
    }
}

/// The value of `Suqiu-Signature` for a request; what a client sends.
pub fn sign(request: &SignedRequest<'_>, secret: &[u8]) -> String {
    let tag = hmac_sha256(secret, &[text_to_sign(request).as_bytes()]);
    format!("{PREFIX}{}", HEXLOWER.encode(&tag))
}

/// What is remembered of a nonce: the first twelve bytes of its SHA-256. Nobody without a secret
/// chooses nonces, so chance is all that could make two alike.
pub fn nonce_digest(nonce: &str) -> [u8; 12] {
    first_twelve(Sha256::new_with_prefix(nonce))
}

/// The nonce of one of several things that a request makes, each of which remembers its own.
pub fn nonce_of_part(nonce: &[u8; 12], part: &[u8; 32]) -> [u8; 12] {
    first_twelve(Sha256::new_with_prefix(nonce).chain_update(part))
}

fn first_twelve(hash: Sha256) -> [u8; 12] {
    let mut digest = [0; 12];
    for (to, from) in digest.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    digest
}

/// The keyed digest of a channel's `Idempotency-Key`: it names the ticket, and nobody without our
/// key can tell which. None when the key is not 8 to 128 printable ASCII characters.
pub fn idempotency_digest(identity_key: &[u8], channel: &str, key: &str) -> Option<[u8; 32]> {
    let is_good = (8..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let mut hash = Sha256::new();
    hash.update(identity_key);
    hash.update(channel);
    hash.update([0]);
    hash.update(key);
    is_good.then(|| hash.finalize().into())
}

/// Sorts and percent-encodes a raw query string. Encoded and bare forms of one query give one text.
pub fn canonical_query(raw: &str) -> String {
    let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    });
    canonical_pairs(pairs)
}

/// The canonical query of pairs that are already decoded, as a gateway's event holds them.
pub fn canonical_pairs<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    pairs: impl IntoIterator<Item = (N, V)>,
) -> String {
    let mut encoded: Vec<(String, String)> = pairs
        .into_iter()
        .map(|(name, value)| (encode(name.as_ref()), encode(value.as_ref())))
        .collect();
    encoded.sort_unstable();
    let joined: Vec<String> = encoded.iter().map(|(n, v)| format!("{n}={v}")).collect();
    joined.join("&")
}

fn text_to_sign(request: &SignedRequest<'_>) -> String {
    let method = request.method.to_ascii_uppercase();
    let query = canonical_query(request.query);
    let body = HEXLOWER.encode(&Sha256::digest(request.body));
    [
        "v1",
        &method,
        request.path,
        &query,
        request.timestamp,
        request.nonce,
        request.idempotency_key,
        &body,
    ]
    .join("\n")
}

fn check_timestamp(timestamp: &str, now: DateTime<Utc>) -> Result<(), ChannelRefusal> {
    let plain = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = plain
        .then(|| timestamp.parse().ok())
        .flatten()
        .ok_or(ChannelRefusal::BadTimestamp)?;
    let away = now.timestamp().abs_diff(seconds);
    if away <= TIME_WINDOW.num_seconds().unsigned_abs() {
        Ok(())
    } else {
        Err(ChannelRefusal::StaleTimestamp)
    }
}

fn check_nonce(nonce: &str) -> Result<(), ChannelRefusal> {
    let printable = nonce.bytes().all(|byte| byte.is_ascii_graphic());
    if printable && (16..=64).contains(&nonce.len()) {
        Ok(())
    } else {
        Err(ChannelRefusal::BadNonce)
    }
}

fn decode(text: &str) -> Cow<'_, [u8]> {
    percent_decode_str(text).into()
}

fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, UNRESERVED).to_string()
}

#[cfg(test)]
mod tests;
