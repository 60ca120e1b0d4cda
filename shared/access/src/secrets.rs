//! The keys file and what is made with its keys: appellants' query codes and the hashes under
//! which identities are looked up (R-AC-2, R-DP-4).
//!
//! No key, code or secret of this module shows in `Debug` output.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::mac::hmac_sha256;
use crate::webhook::WebhookSecret;

/// Shortest key or secret taken, in bytes.
pub(crate) const KEY_MIN_BYTES: usize = 16;
/// The vault's cipher takes exactly this many.
const VAULT_KEY_BYTES: usize = 32;
/// Two secrets are live during a rotation; a third is one somebody forgot to withdraw.
const LIVE_SECRETS_MAX: usize = 2;

/// Crockford's base 32: no `I`, `L`, `O`, `U`, so that a code survives handwriting and telephone.
const ALPHABET: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Ten symbols of five bits are 50 bits; with five tries an hour that is beyond guessing.
const CODE_SYMBOLS: usize = 10;
const CODE_GROUP: usize = 5;

/// Bytes that must not be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// The bytes, for the one call that needs them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Secret {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

/// All keys a function may need; each stands for one purpose and no other.
#[derive(Debug, Clone)]
pub struct KeySet {
    /// Encrypts the vault; 32 bytes.
    pub vault_key: Secret,
    /// Makes query codes.
    pub query_code_key: Secret,
    /// Hashes identities.
    pub identity_key: Secret,
    /// Sign webhooks; all of them, so that receivers can rotate.
    pub webhook_secrets: Vec<WebhookSecret>,
    channel_secrets: BTreeMap<String, Vec<Secret>>,
}

/// Why a keys file cannot be used. Names the field, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// Not JSON, or a field is missing or of the wrong kind.
    #[error("keys file is not the JSON expected")]
    NotJson,
    /// A key is not base64 of a sufficient length.
    #[error("`{0}` is not base64 of the right length")]
    BadKey(String),
    /// A list of secrets is empty or has more than two.
    #[error("`{0}` must list one or two secrets")]
    BadCount(String),
}

#[derive(Deserialize)]
struct KeysFile {
    vault_key: String,
    query_code_key: String,
    identity_key: String,
    webhook_secrets: Vec<String>,
    channel_secrets: BTreeMap<String, Vec<String>>,
}

impl KeySet {
    /// Reads the keys file, or the secret's value, in JSON. Fields it does not know are left
    /// alone, so that a key can be added before the functions that use it are deployed.
    pub fn parse(json: &str) -> Result<Self, KeysError> {
        // The error of `serde_json` may quote the input; it goes no further.
        let file: KeysFile = serde_json::from_str(json).map_err(|_| KeysError::NotJson)?;
        let vault_key = key("vault_key", &file.vault_key)?;
        if vault_key.expose().len() != VAULT_KEY_BYTES {
            return Err(KeysError::BadKey("vault_key".to_owned()));
        }
        let mut channel_secrets = BTreeMap::new();
        for (channel, secrets) in &file.channel_secrets {
            let field = format!("channel_secrets.{channel}");
            let secrets = live("channel_secrets", secrets, |text| key(&field, text))?;
            channel_secrets.insert(channel.clone(), secrets);
        }
        Ok(Self {
            vault_key,
            query_code_key: key("query_code_key", &file.query_code_key)?,
            identity_key: key("identity_key", &file.identity_key)?,
            webhook_secrets: live("webhook_secrets", &file.webhook_secrets, |text| {
                WebhookSecret::parse(text)
                    .ok_or_else(|| KeysError::BadKey("webhook_secrets".to_owned()))
            })?,
            channel_secrets,
        })
    }

    /// Live secrets of a channel; none for one we do not know.
    pub fn channel_secrets(&self, channel: &str) -> &[Secret] {
        self.channel_secrets.get(channel).map_or(&[], Vec::as_slice)
    }
}

fn key(field: &str, text: &str) -> Result<Secret, KeysError> {
    match BASE64.decode(text.as_bytes()) {
        Ok(bytes) if bytes.len() >= KEY_MIN_BYTES => Ok(Secret(bytes)),
        _ => Err(KeysError::BadKey(field.to_owned())),
    }
}

fn live<T>(
    field: &str,
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, KeysError>,
) -> Result<Vec<T>, KeysError> {
    if !(1..=LIVE_SECRETS_MAX).contains(&texts.len()) {
        return Err(KeysError::BadCount(field.to_owned()));
    }
    texts.iter().map(|text| parse(text)).collect()
}

/// What an appellant shows, with the ticket number, to read a ticket: `XXXXX-XXXXX`.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryCode(String);

impl QueryCode {
    /// The code, for the answer to the appellant who submitted.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for QueryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("QueryCode(..)")
    }
}

/// The query code of a ticket: a keyed hash, so that none has to be stored.
pub fn query_code(key: &[u8], ticket_key: &str) -> QueryCode {
    let symbols = code_symbols(key, ticket_key);
    let mut text = String::with_capacity(CODE_SYMBOLS + 1);
    for (place, symbol) in symbols.iter().enumerate() {
        if place == CODE_GROUP {
            text.push('-');
        }
        text.push(char::from(*symbol));
    }
    QueryCode(text)
}

/// Whether `given` is the ticket's query code, as people write codes: in any case, with or without
/// spaces and hyphens, full-width from a Chinese keyboard, with `O` for 0 and `I` or `L` for 1.
///
/// The time taken does not depend on the ticket or on how much of the code is right; ask it for
/// unknown tickets too, so that they take as long as known ones.
pub fn verify_query_code(key: &[u8], ticket_key: &str, given: &str) -> bool {
    let expected = code_symbols(key, ticket_key);
    // A length that differs is compared as unequal; only the length of the guess shows.
    expected.ct_eq(normalize(given).as_slice()).into()
}

/// The lookup hash of an identity: `kind` says what `value` is (`phone`, `id_card`, …), so that
/// equal values of two kinds do not meet. The caller brings `value` into one form first.
pub fn identity_hash(key: &[u8], kind: &str, value: &str) -> String {
    let parts: [&[u8]; 4] = [b"identity/v1\0", kind.as_bytes(), b"\0", value.as_bytes()];
    HEXLOWER.encode(&hmac_sha256(key, &parts))
}

fn code_symbols(key: &[u8], ticket_key: &str) -> Vec<u8> {
    let tag = hmac_sha256(key, &[b"query-code/v1\0", ticket_key.as_bytes()]);
    let bits = tag
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    (0..CODE_SYMBOLS)
        .map(|place| {
            let five_bits = (bits >> (59 - 5 * place)) & 31;
            // INVARIANT: five bits are below 32, the length of the alphabet.
            usize::try_from(five_bits)
                .ok()
                .and_then(|index| ALPHABET.get(index).copied())
                .unwrap_or(b'0')
        })
        .collect()
}

fn normalize(given: &str) -> Vec<u8> {
    given
        .chars()
        .filter_map(
            |character| match half_width(character).to_ascii_uppercase() {
                'O' => Some(b'0'),
                'I' | 'L' => Some(b'1'),
                ' ' | '\t' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => None,
                other => Some(u8::try_from(other).unwrap_or(b'?')),
            },
        )
        .collect()
}

/// Full-width forms (`Ａ`, `－`, ideographic space) as the ASCII they stand for.
fn half_width(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => u32::from(character)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests;
