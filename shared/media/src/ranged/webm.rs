//! WebM elements: tags and attachments go; what lies between becomes `Void`.
//!
//! The walk is flat: a segment, and a cluster whose length the writer did not know, are entered,
//! everything else is stepped over.

use crate::ranged::Patch;

const SEGMENT: u32 = 0x1853_8067;
const TRACKS: u32 = 0x1654_ae6b;
const CLUSTER: u32 = 0x1f43_b675;
const VOID: u32 = 0xec;

/// The file's header, then what a segment may hold, then what a cluster may.
const KEPT: [u32; 15] = [
    0x1a45_dfa3,
    SEGMENT,
    0x114d_9b74,
    0x1549_a966,
    TRACKS,
    CLUSTER,
    0x1c53_bb6b,
    0x1043_a770,
    0xbf,
    0xe7,
    0xa3,
    0xa0,
    0xab,
    0xa7,
    0x5854,
];

/// An element's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element {
    id: u32,
    head_len: u64,
    /// Length with the header.
    len: u64,
    is_entered: bool,
}

impl Element {
    /// The header at the beginning of `bytes`, of an element that may take `left` bytes.
    pub(crate) fn parse(bytes: &[u8], left: u64) -> Option<Self> {
        let id_len = vint_len(*bytes.first()?, 4)?;
        let id = bytes
            .get(..id_len)?
            .iter()
            .fold(0, |id, byte| (id << 8) | u32::from(*byte));
        let first = *bytes.get(id_len)?;
        let size_len = vint_len(first, 8)?;
        let size = bytes
            .get(id_len..id_len + size_len)?
            .iter()
            .fold(0, |size: u64, byte| (size << 8) | u64::from(*byte));
        // The marker bit is not part of the size; all ones mean that it is not known.
        let ones = (1_u64 << (7 * size_len)) - 1;
        let size = size & ones;
        let head_len = u64::try_from(id_len + size_len).ok()?;
        let is_unknown = size == ones;
        if is_unknown && id != SEGMENT && id != CLUSTER {
            return None;
        }
        let len = if is_unknown {
            left
        } else {
            head_len.checked_add(size)?
        };
        let is_entered = id == SEGMENT || is_unknown;
        (len <= left && head_len <= left).then_some(Self {
            id,
            head_len,
            len,
            is_entered,
        })
    }

    pub(crate) fn is_tracks(self) -> bool {
        self.id == TRACKS
    }

    pub(crate) fn is_void(self) -> bool {
        self.id == VOID
    }

    /// Whether it is to be overwritten; a `Void` too, for what may be hidden in it.
    pub(crate) fn goes(self) -> bool {
        !KEPT.contains(&self.id)
    }

    /// How far to the next element.
    pub(crate) fn step(self) -> u64 {
        if self.is_entered {
            self.head_len
        } else {
            self.len
        }
    }

    /// The element at `offset` as a `Void` of the same length.
    pub(crate) fn void(self, offset: u64) -> Patch {
        let mut head = vec![0xec];
        if self.len < 9 {
            // INVARIANT: below nine; an element has two bytes at least.
            let size = u8::try_from(self.len.saturating_sub(2)).unwrap_or(0);
            head.push(0x80 | size);
        } else {
            let size = (1_u64 << 56) | (self.len - 9);
            head.extend_from_slice(&size.to_be_bytes());
        }
        Patch {
            offset,
            len_bytes: self.len,
            head,
        }
    }
}

/// How many bytes a variable-length number takes: its leading zeros say.
fn vint_len(first: u8, max: usize) -> Option<usize> {
    let len = usize::try_from(first.leading_zeros()).ok()? + 1;
    (len <= max).then_some(len)
}
