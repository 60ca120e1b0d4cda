//! The mark of a download that nobody sees: characters without width, by which a file that turns up
//! elsewhere is led back to who took it out, as long as one row of it is whole.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use sha2::{Digest as _, Sha256};

use super::ExportId;
use crate::dated;
use crate::ticket::TicketKey;

/// Four characters without width, two bits each. All are kept by spreadsheets and by copying text.
const SYMBOLS: [char; 4] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}'];

/// Characters of a mark: two bytes of the day, five of the key, one of the download, two to check.
const LENGTH: usize = 40;

/// Days are counted from here.
const EPOCH: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 1, 1);

/// Which download a row came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HiddenMark {
    /// Of which export.
    pub export: ExportId,
    /// Which download of it, from 1.
    pub download: u8,
}

impl HiddenMark {
    /// The mark as characters that nobody sees.
    pub fn to_hidden(&self) -> String {
        let bits = self.bits().unwrap_or_default();
        let symbol = |place: usize| {
            let two = usize::try_from(bits >> (2 * place) & 3).unwrap_or_default();
            SYMBOLS.get(two).copied()
        };
        (0..LENGTH).rev().filter_map(symbol).collect()
    }

    fn bits(&self) -> Option<u128> {
        let (day, key) = dated::read(ExportId::LETTER, self.export.as_str())?;
        let day = u16::try_from((day - EPOCH?).num_days()).ok()?;
        let key = key.to_bits();
        let body = u128::from(day) << 48 | u128::from(key) << 8 | u128::from(self.download);
        Some(body << 16 | u128::from(check(body)))
    }

    fn from_bits(bits: u128) -> Option<Self> {
        let (body, check_bits) = (bits >> 16, bits & 0xffff);
        if check_bits != u128::from(check(body)) {
            return None;
        }
        let days = u64::try_from(body >> 48 & 0xffff).ok()?;
        let day = EPOCH?.checked_add_days(Days::new(days))?;
        let key = TicketKey::from_bits(u64::try_from(body >> 8 & 0xff_ffff_ffff).ok()?);
        let export = dated::write(ExportId::LETTER, day, &key);
        Some(Self {
            export: ExportId::parse(&export)?,
            download: u8::try_from(body & 0xff).ok()?,
        })
    }
}

/// 16 bits by which a mark is told from other characters without width.
fn check(body: u128) -> u16 {
    let digest = Sha256::digest(body.to_be_bytes());
    let byte = |index| u16::from(digest.get(index).copied().unwrap_or_default());
    byte(0) << 8 | byte(1)
}

/// Every mark in a text, whatever else was done to it.
pub fn hidden_marks(text: &str) -> BTreeSet<HiddenMark> {
    let mut found = BTreeSet::new();
    let (mut bits, mut length) = (0_u128, 0_usize);
    for character in text.chars() {
        let Some(two) = SYMBOLS.iter().position(|symbol| *symbol == character) else {
            (bits, length) = (0, 0);
            continue;
        };
        bits = (bits << 2 | u128::try_from(two).unwrap_or_default()) & ((1 << (2 * LENGTH)) - 1);
        length += 1;
        if length >= LENGTH {
            found.extend(HiddenMark::from_bits(bits));
        }
    }
    found
}
