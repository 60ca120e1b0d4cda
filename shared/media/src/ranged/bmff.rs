//! Boxes of the ISO base media file format (MPEG-4, QuickTime, 3GPP, HEIF).

use crate::bytes::{array, be_u32, be_u64, index, slice};
use crate::ranged::{Patch, Patches};
use crate::refusal::MediaRefusal;
use crate::strip::taken;

/// Longest `ftyp` looked at.
const BRANDS_MAX: usize = 64;

/// The header of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) kind: [u8; 4],
    /// Length of the header, 8 or 16.
    pub(crate) head_len: usize,
    /// Length of the box with its header.
    pub(crate) len: u64,
}

impl Header {
    /// The header at the beginning of `bytes`, of a box that may take `left` bytes.
    pub(crate) fn parse(bytes: &[u8], left: u64) -> Option<Self> {
        let kind = array(bytes, 4)?;
        let (head_len, len) = match be_u32(bytes, 0)? {
            0 => (8, left),
            1 => (16, be_u64(bytes, 8)?),
            len => (8, u64::from(len)),
        };
        let fits = len <= left && len >= u64::try_from(head_len).ok()?;
        fits.then_some(Self {
            kind,
            head_len,
            len,
        })
    }

    /// Makes the box at `offset` one of type `free`, full of zeros.
    pub(crate) fn blank(self, offset: u64, patches: &mut Patches) -> Result<(), MediaRefusal> {
        match &self.kind {
            // Free already, but cameras are known to hide coordinates there.
            b"free" | b"skip" => {}
            b"udta" | b"meta" | b"uuid" => patches.note(taken::METADATA),
            _ => patches.note(taken::APPLICATION),
        }
        let mut head = b"free".to_vec();
        if self.head_len == 16 {
            head.extend_from_slice(&self.len.to_be_bytes());
        }
        patches.push(Patch {
            offset: offset + 4,
            len_bytes: self.len - 4,
            head,
        })
    }
}

/// Bytes read from a file, and where they were.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) offset: u64,
    pub(crate) file_size: u64,
}

impl Scope<'_> {
    /// What lies behind the first `len` bytes.
    pub(crate) fn after(self, len: usize) -> Option<Self> {
        let bytes = self.bytes.get(len..)?;
        let offset = self.offset + u64::try_from(len).ok()?;
        Some(Self {
            bytes,
            offset,
            ..self
        })
    }

    /// The boxes inside, each with its whole scope; `None` when one does not fit. Fewer than
    /// eight bytes at the end (QuickTime ends some lists with four zeros) are left alone.
    pub(crate) fn boxes(self) -> Option<Vec<(Header, Self)>> {
        let mut found = Vec::new();
        let mut rest = self;
        while rest.bytes.len() >= 8 {
            let left = u64::try_from(rest.bytes.len()).ok()?;
            let header = Header::parse(rest.bytes, left)?;
            let len = usize::try_from(header.len).ok()?;
            found.push((
                header,
                Self {
                    bytes: slice(rest.bytes, 0, len)?,
                    ..rest
                },
            ));
            rest = rest.after(len)?;
        }
        Some(found)
    }

    /// The content of the first box of a kind.
    pub(crate) fn find(self, kind: [u8; 4]) -> Option<Self> {
        let (header, scope) = self
            .boxes()?
            .into_iter()
            .find(|(header, _)| header.kind == kind)?;
        scope.after(header.head_len)
    }
}

/// The major brand and then the compatible ones of a file that begins with `ftyp`.
pub(crate) fn brands(bytes: &[u8]) -> Option<Vec<[u8; 4]>> {
    let left = u64::try_from(bytes.len()).ok()?;
    let header = Header::parse(bytes, left)?;
    if header.kind != *b"ftyp" || header.head_len != 8 || header.len < 16 {
        return None;
    }
    let content = slice(bytes, 8, index(be_u32(bytes, 0)?).checked_sub(8)?)?;
    let brands = content.chunks_exact(4).enumerate();
    // The second word is a version.
    let brands = brands.filter(|(place, _)| *place != 1).take(BRANDS_MAX);
    brands.map(|(_, brand)| brand.try_into().ok()).collect()
}

/// Whether the index stands in `bytes` and tells of sound and of no picture.
pub(crate) fn holds_sound_only(bytes: &[u8]) -> bool {
    handlers(bytes).is_some_and(|handlers| {
        handlers.contains(b"soun") && !handlers.contains(b"vide") && !handlers.contains(b"pict")
    })
}

/// The kinds of the tracks, if the index is within `bytes`, which may end in the midst of a box.
fn handlers(bytes: &[u8]) -> Option<Vec<[u8; 4]>> {
    let mut rest = Scope {
        bytes,
        offset: 0,
        file_size: 0,
    };
    loop {
        let header = Header::parse(rest.bytes, u64::MAX)?;
        let len = usize::try_from(header.len).ok()?;
        if header.kind != *b"moov" {
            rest = rest.after(len)?;
            continue;
        }
        let index = Scope {
            bytes: slice(rest.bytes, 0, len)?,
            ..rest
        };
        let tracks = index.after(header.head_len)?.boxes()?;
        let tracks = tracks
            .into_iter()
            .filter(|(track, _)| track.kind == *b"trak");
        return tracks
            .map(|(track, scope)| handler(scope.after(track.head_len)?))
            .collect();
    }
}

/// What a track holds: `vide`, `soun`, `meta`, …
pub(crate) fn handler(track: Scope<'_>) -> Option<[u8; 4]> {
    array(track.find(*b"mdia")?.find(*b"hdlr")?.bytes, 8)
}
