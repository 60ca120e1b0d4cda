//! Long texts, compressed: every kilobyte is a write unit.

use std::io::{Read as _, Write as _};

use app::AppError;

use crate::table::broken;

/// A text that inflates to more than this is not ours.
const TEXT_LIMIT_BYTES: u64 = 1 << 20;

pub(crate) fn deflate(content: &[u8]) -> Result<Vec<u8>, AppError> {
    let level = flate2::Compression::best();
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
    encoder.write_all(content).map_err(broken)?;
    encoder.finish().map_err(broken)
}

pub(crate) fn inflate(content: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut plain = Vec::new();
    let decoder = flate2::read::DeflateDecoder::new(content);
    decoder
        .take(TEXT_LIMIT_BYTES)
        .read_to_end(&mut plain)
        .map_err(broken)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn texts_survive_compression(content in proptest::collection::vec(proptest::num::u8::ANY, 0..5_000)) {
            proptest::prop_assert_eq!(inflate(&deflate(&content).unwrap()).unwrap(), content);
        }
    }
}
