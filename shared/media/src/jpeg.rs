//! JPEG: the segments a decoder needs, and the orientation.
//!
//! What follows the picture goes too: motion photos hang a film there, and multi-picture files a
//! second picture, each with its own location. (That is why no container library is used: those
//! found keep it.)

use crate::bytes::{be_u16, slice};
use crate::strip::{Stripped, note, taken};
use crate::tiff;

const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP13: u8 = 0xed;
const APP14: u8 = 0xee;
const COMMENT: u8 = 0xfe;
const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;

const EXIF: &[u8] = b"Exif\0\0";

#[derive(Default)]
struct Rewrite {
    /// `JFIF`, which must stand first.
    jfif: Vec<u8>,
    rest: Vec<u8>,
    orientation: Option<u16>,
    has_frame: bool,
    removed: Vec<&'static str>,
}

/// The picture without its metadata; `None` when the structure does not hold.
pub(crate) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut rewrite = Rewrite {
        rest: Vec::with_capacity(bytes.len()),
        ..Rewrite::default()
    };
    let mut at = 2;
    let mut has_scan = false;
    loop {
        let (marker, after) = marker_at(bytes, at)?;
        at = after;
        if marker == END {
            break;
        }
        if is_bare(marker) {
            continue;
        }
        let len = usize::from(be_u16(bytes, at)?);
        let content = slice(bytes, at + 2, len.checked_sub(2)?)?;
        at += len;
        rewrite.take(marker, content);
        if marker == START_OF_SCAN {
            has_scan = true;
            let scan_len = scan_len(bytes.get(at..)?);
            rewrite.rest.extend_from_slice(slice(bytes, at, scan_len)?);
            at += scan_len;
            // A picture cut off in its last scan can still be seen.
            if at >= bytes.len() {
                break;
            }
        }
    }
    if !has_scan || !rewrite.has_frame {
        return None;
    }
    if at < bytes.len() {
        note(&mut rewrite.removed, taken::AFTER);
    }
    Some(rewrite.finish())
}

impl Rewrite {
    fn take(&mut self, marker: u8, content: &[u8]) {
        let name = match marker {
            APP0 if content.starts_with(b"JFIF\0") && self.jfif.is_empty() => {
                return push_segment(&mut self.jfif, marker, content);
            }
            APP1 if content.starts_with(EXIF) => {
                let tiff = content.get(EXIF.len()..).unwrap_or_default();
                self.orientation = self.orientation.or_else(|| tiff::orientation(tiff));
                taken::EXIF
            }
            APP1 if content.starts_with(b"http://ns.adobe.com/") => taken::XMP,
            APP2 if content.starts_with(b"ICC_PROFILE\0") => {
                return push_segment(&mut self.rest, marker, content);
            }
            APP13 => taken::IPTC,
            // Says how colours are coded; without it some pictures turn pink.
            APP14 if content.starts_with(b"Adobe") => {
                return push_segment(&mut self.rest, marker, content);
            }
            COMMENT => taken::COMMENT,
            0xe0..=0xef | 0xf0..=0xfd | 0x02..=0xbf => taken::APPLICATION,
            _ => {
                self.has_frame |= is_frame(marker);
                return push_segment(&mut self.rest, marker, content);
            }
        };
        note(&mut self.removed, name);
    }

    fn finish(self) -> Stripped {
        let mut bytes = vec![0xff, 0xd8];
        bytes.extend_from_slice(&self.jfif);
        if let Some(tiff) = tiff::only_orientation(self.orientation) {
            push_segment(&mut bytes, APP1, &[EXIF, &tiff].concat());
        }
        bytes.extend_from_slice(&self.rest);
        bytes.extend_from_slice(&[0xff, END]);
        Stripped {
            bytes,
            removed: self.removed,
        }
    }
}

/// The marker at `at`, after any fill bytes, and the place behind it.
fn marker_at(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    if *bytes.get(at)? != 0xff {
        return None;
    }
    while *bytes.get(at)? == 0xff {
        at += 1;
    }
    let marker = *bytes.get(at)?;
    (marker != 0).then_some((marker, at + 1))
}

/// Markers without length or content: restart markers, a stray start, and one for temporary use.
fn is_bare(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xd0..=0xd8)
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// How far the coded data of a scan go: to the next marker that is not a stuffed zero, a restart
/// or fill.
fn scan_len(bytes: &[u8]) -> usize {
    bytes
        .windows(2)
        .position(|pair| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff)))
        .unwrap_or(bytes.len())
}

fn push_segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // INVARIANT: contents come from segments, or are a few bytes: the length fits.
    let len = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(content);
}
