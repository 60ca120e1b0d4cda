//! HMAC-SHA256, the one keyed hash of this crate.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// HMAC-SHA256 of the parts, one after the other.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    keyed(key, parts).finalize().into_bytes().into()
}

/// Whether `tag` is the HMAC-SHA256 of the parts, compared in constant time.
pub(crate) fn hmac_matches(key: &[u8], parts: &[&[u8]], tag: &[u8]) -> bool {
    keyed(key, parts).verify_slice(tag).is_ok()
}

/// Whether `tag` fits under any of the keys. Every key is tried, so that the time taken does not
/// tell which of two live secrets a caller holds.
pub(crate) fn any_key_matches<'k>(
    keys: impl IntoIterator<Item = &'k [u8]>,
    parts: &[&[u8]],
    tag: &[u8],
) -> bool {
    keys.into_iter()
        .fold(false, |found, key| hmac_matches(key, parts, tag) | found)
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    #[expect(
        clippy::expect_used,
        reason = "HMAC takes a key of any length; the error is never made"
    )]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac
}
