//! The one thing kept of EXIF: which way up a picture is.

use crate::bytes::{array, be_u16, be_u32, index};

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation (1 to 8) in EXIF data, without the `Exif\0\0` that JPEG puts before it.
pub(crate) fn orientation(tiff: &[u8]) -> Option<u16> {
    let little = match &array(tiff, 0)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at| be_u16(tiff, at).map(|n| if little { n.swap_bytes() } else { n });
    let long = |at| be_u32(tiff, at).map(|n| if little { n.swap_bytes() } else { n });
    let directory = index(long(4)?);
    let entries = usize::from(short(directory)?);
    (0..entries)
        .map_while(|entry| directory.checked_add(2 + 12 * entry))
        .take_while(|at| array::<12>(tiff, *at).is_some())
        .find(|at| short(*at) == Some(ORIENTATION) && short(at + 2) == Some(SHORT))
        .and_then(|at| short(at + 8))
        .filter(|value| (1..=8).contains(value))
}

/// EXIF data with the orientation and nothing else; none for an upright picture.
pub(crate) fn only_orientation(orientation: Option<u16>) -> Option<Vec<u8>> {
    let value = orientation.filter(|value| *value != 1)?;
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    tiff.extend_from_slice(&value.to_be_bytes());
    // The rest of the value's four bytes, and: no further directory.
    tiff.extend_from_slice(&[0; 6]);
    Some(tiff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for value in 2..=8 {
            let tiff = only_orientation(Some(value)).unwrap();
            assert_eq!(orientation(&tiff), Some(value));
        }
        assert_eq!(only_orientation(Some(1)), None);
        assert_eq!(only_orientation(None), None);
    }

    #[test]
    fn damaged_data_has_no_orientation() {
        let tiff = only_orientation(Some(6)).unwrap();
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        assert_eq!(orientation(little), Some(6));
        for len in 0..20 {
            assert_eq!(orientation(&tiff[..len]), None, "{len}");
        }
        for (at, byte) in [
            (0, b'X'),
            (4, 0xff),
            (9, 0),
            (11, 0x13),
            (13, 4),
            (19, 9),
            (19, 0),
        ] {
            let mut damaged = tiff.clone();
            damaged[at] = byte;
            assert_eq!(orientation(&damaged), None, "{at}");
        }
    }
}
