//! PNG: the chunks a decoder needs, and the orientation.

use flate2::Crc;

use crate::bytes::{array, be_u32, index, slice};
use crate::strip::{Stripped, note, taken};
use crate::tiff;

const SIGNATURE_LEN: usize = 8;
/// Length, type and checksum around a chunk's content.
const FRAME_LEN: usize = 12;

/// The picture without its metadata; `None` when the structure does not hold.
pub(crate) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut removed = Vec::new();
    let mut orientation = None;
    let mut at = SIGNATURE_LEN;
    let head_len = SIGNATURE_LEN + FRAME_LEN + 13;
    loop {
        let content_len = index(be_u32(bytes, at)?);
        let kind: [u8; 4] = array(bytes, at + 4)?;
        let chunk = slice(bytes, at, content_len.checked_add(FRAME_LEN)?)?;
        at += chunk.len();
        match removed_as(kind) {
            None => kept.extend_from_slice(chunk),
            Some(name) => {
                if kind == *b"eXIf" {
                    orientation = tiff::orientation(slice(chunk, 8, content_len)?);
                }
                note(&mut removed, name);
            }
        }
        if kind == *b"IEND" {
            break;
        }
    }
    if at < bytes.len() {
        note(&mut removed, taken::AFTER);
    }
    let (header, rest) = kept.split_at_checked(head_len - SIGNATURE_LEN)?;
    let mut out = bytes.get(..SIGNATURE_LEN)?.to_vec();
    out.extend_from_slice(header);
    if let Some(tiff) = tiff::only_orientation(orientation) {
        push_chunk(&mut out, *b"eXIf", &tiff);
    }
    out.extend_from_slice(rest);
    Some(Stripped {
        bytes: out,
        removed,
    })
}

/// The name for the record of a chunk that goes; `None` for one that stays.
fn removed_as(kind: [u8; 4]) -> Option<&'static str> {
    match &kind {
        b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tRNS" | b"cHRM" | b"gAMA" | b"iCCP" | b"sBIT"
        | b"sRGB" | b"cICP" | b"mDCV" | b"cLLI" | b"bKGD" | b"hIST" | b"pHYs" | b"sPLT"
        | b"acTL" | b"fcTL" | b"fdAT" => None,
        b"eXIf" => Some(taken::EXIF),
        b"tEXt" | b"zTXt" | b"iTXt" => Some(taken::TEXT),
        b"tIME" => Some(taken::TIME),
        _ => Some(taken::APPLICATION),
    }
}

fn push_chunk(out: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    let len = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(content);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(&kind);
    out.extend_from_slice(content);
    out.extend_from_slice(&crc.sum().to_be_bytes());
}
