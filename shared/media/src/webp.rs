//! WebP: the chunks a decoder needs, and the orientation.

use crate::bytes::{array, index, le_u32, slice};
use crate::strip::{Stripped, note, taken};
use crate::tiff;

const HEADER_LEN: usize = 12;
const FLAG_EXIF: u8 = 0x08;
const FLAG_XMP: u8 = 0x04;

/// The picture without its metadata; `None` when the structure does not hold.
pub(crate) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let end = index(le_u32(bytes, 4)?).checked_add(8)?;
    let riff = bytes.get(..end)?;
    let mut out = riff.get(..HEADER_LEN)?.to_vec();
    let mut removed = Vec::new();
    let mut orientation = None;
    let mut extended_at = None;
    let mut has_picture = false;
    let mut at = HEADER_LEN;
    while at < riff.len() {
        let kind: [u8; 4] = array(riff, at)?;
        let len = index(le_u32(riff, at + 4)?);
        let content = slice(riff, at + 8, len)?;
        // Contents of odd length are padded; the pad of the last chunk is sometimes left out.
        let padded_len = len.checked_add(len % 2)?.checked_add(8)?;
        let name = match &kind {
            b"VP8X" => {
                extended_at.get_or_insert(out.len());
                None
            }
            b"VP8 " | b"VP8L" | b"ANMF" => {
                has_picture = true;
                None
            }
            b"ALPH" | b"ANIM" | b"ICCP" => None,
            b"EXIF" => {
                orientation =
                    tiff::orientation(content.strip_prefix(b"Exif\0\0").unwrap_or(content));
                Some(taken::EXIF)
            }
            b"XMP " => Some(taken::XMP),
            _ => Some(taken::APPLICATION),
        };
        match name {
            Some(name) => note(&mut removed, name),
            None => push_chunk(&mut out, kind, content),
        }
        at = at.checked_add(padded_len)?;
    }
    if !has_picture {
        return None;
    }
    if end < bytes.len() {
        note(&mut removed, taken::AFTER);
    }
    finish(&mut out, extended_at, orientation)?;
    Some(Stripped {
        bytes: out,
        removed,
    })
}

/// Writes the orientation, the flags that say what is inside, and the length.
fn finish(out: &mut Vec<u8>, extended_at: Option<usize>, orientation: Option<u16>) -> Option<()> {
    if let Some(extended_at) = extended_at {
        let tiff = tiff::only_orientation(orientation);
        let flags = out.get_mut(extended_at + 8)?;
        *flags &= !(FLAG_EXIF | FLAG_XMP);
        if let Some(tiff) = tiff {
            *flags |= FLAG_EXIF;
            push_chunk(out, *b"EXIF", &tiff);
        }
    }
    let len = u32::try_from(out.len() - 8).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&len.to_le_bytes());
    Some(())
}

fn push_chunk(out: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    // INVARIANT: contents come from chunks, or are a few bytes: the length fits.
    let len = u32::try_from(content.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&kind);
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
}
