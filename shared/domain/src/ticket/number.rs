//! Keys and numbers of tickets (R-IN-6, R-IN-7).

use std::fmt;

use chrono::{DateTime, Utc};

use crate::calendar::to_shanghai;

/// Crockford's base 32: no I, L, O, U, so that a number can be read out over the phone.
pub(super) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters of the city before every number: 泰安.
const CITY: &str = "TA";

/// Key of a ticket: 40 bits that follow from channel and `Idempotency-Key` (R-IN-6).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketKey(String);

impl TicketKey {
    /// The key from at least five bytes of a keyed digest; missing bytes count as zero.
    pub fn from_digest(digest: &[u8]) -> Self {
        Self::from_bits((0..5).fold(0, |bits, index| {
            bits << 8 | u64::from(digest.get(index).copied().unwrap_or_default())
        }))
    }

    /// The key of the lowest 40 of `bits`.
    pub fn from_bits(bits: u64) -> Self {
        let symbols = (0..8).rev().map(|index| symbol(bits >> (5 * index)));
        Self(symbols.collect())
    }

    /// The key as 40 bits.
    pub fn to_bits(&self) -> u64 {
        let values = self.0.bytes().filter_map(value);
        values.fold(0, |bits, value| bits << 5 | u64::from(value))
    }

    /// Takes a stored key back.
    pub fn parse(text: &str) -> Option<Self> {
        let good = text.len() == 8 && text.bytes().all(|byte| value(byte).is_some());
        good.then(|| Self(text.to_owned()))
    }

    /// The key as text, eight characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which of `shards` timer shards the ticket lies in: its key is evenly spread.
    pub fn shard(&self, shards: u8) -> u8 {
        let sum = self
            .0
            .bytes()
            .fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        sum % shards.max(1)
    }
}

fn symbol(bits: u64) -> char {
    let index = usize::try_from(bits & 31).unwrap_or_default();
    ALPHABET.get(index).copied().map_or('0', char::from)
}

fn value(symbol: u8) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|each| *each == symbol)
        .and_then(|index| u32::try_from(index).ok())
}

/// Luhn's rule modulo 32 over Crockford's alphabet: finds every single wrong character and nearly
/// every swap of neighbours.
fn check_character(body: &str) -> Option<char> {
    let mut sum = 0;
    for (index, byte) in body.bytes().rev().enumerate() {
        let value = value(byte)?;
        let doubled = if index % 2 == 0 { value * 2 } else { value };
        sum += doubled / 32 + doubled % 32;
    }
    Some(symbol(u64::from((32 - sum % 32) % 32)))
}

/// A ticket number (R-IN-7): city, day of receipt, key, check character. Readable, sortable by
/// day: `TA261123K7QM3XPA9`, shown as `TA261123-K7QM3XPA-9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketNumber(String);

/// The text is not a ticket number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket number")]
pub struct InvalidNumber;

impl TicketNumber {
    /// The number of the ticket with `key`, received at `received_at`.
    pub fn new(key: &TicketKey, received_at: DateTime<Utc>) -> Self {
        let day = to_shanghai(received_at).format("%y%m%d");
        let body = format!("{CITY}{day}{}", key.as_str());
        let check = check_character(&body).unwrap_or('0');
        Self(format!("{body}{check}"))
    }

    /// Reads a number as people write it: any case, with or without hyphens and spaces, `O` for
    /// `0`, `I` and `L` for `1`.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let mut number = String::new();
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            number.push(match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            });
        }
        if number.len() != 17 || !number.is_ascii() || !number.starts_with(CITY) {
            return Err(InvalidNumber);
        }
        let (body, check) = number.split_at(16);
        let good = check_character(body).is_some_and(|expected| check.starts_with(expected));
        if good {
            Ok(Self(number))
        } else {
            Err(InvalidNumber)
        }
    }

    /// The number as stored and sent, 17 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key within the number.
    pub fn key(&self) -> TicketKey {
        TicketKey(self.0.get(8..16).unwrap_or_default().to_owned())
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
