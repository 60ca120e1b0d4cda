//! Files too large to hold: which bytes to overwrite, found by reading a few of them.
//!
//! [`Scan`] does no reading itself, so that the caller may wait for a ranged GET: ask [`Scan::step`],
//! read, [`Scan::supply`], again. A film of 500 MB then costs its box headers and its `moov`.
//! [`Patches::apply`] overwrites piece by piece while the copy is uploaded; a piece that
//! [`Patches::touch`] denies may be copied by the store itself.
//!
//! No patch changes a length: what goes becomes a box of type `free` (in WebM, `Void`) full of
//! zeros, so that every offset in the file stays right.

use crate::kinds::MediaType;
use crate::refusal::MediaRefusal;
use crate::strip::{note, taken};

pub(crate) mod bmff;
mod heif;
mod movie;
mod samples;
mod webm;

/// Most that one step asks for; an index larger than this belongs to no attachment.
const READ_MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Enough for the header of a box or an element.
const HEADER_BYTES: u64 = 16;
/// Most top-level parts looked at, and most patches kept.
const PARTS_MAX: usize = 100_000;

/// Bytes to overwrite: `head` first, zeros behind it, `len_bytes` in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Where it begins.
    pub offset: u64,
    /// How long it is.
    pub len_bytes: u64,
    /// What it begins with.
    pub head: Vec<u8>,
}

/// All patches of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patches {
    list: Vec<Patch>,
    removed: Vec<&'static str>,
}

impl Patches {
    /// The patches, in no particular order; applying one twice does no harm.
    pub fn list(&self) -> &[Patch] {
        &self.list
    }

    /// What they remove, in words for the record.
    pub fn removed(&self) -> &[&'static str] {
        &self.removed
    }

    /// Whether any patch touches the piece of `len_bytes` at `offset`.
    pub fn touch(&self, offset: u64, len_bytes: u64) -> bool {
        let end = offset.saturating_add(len_bytes);
        self.list.iter().any(|patch| {
            patch.len_bytes > 0
                && patch.offset < end
                && offset < patch.offset.saturating_add(patch.len_bytes)
        })
    }

    /// Overwrites a piece of the file that begins at `offset`.
    pub fn apply(&self, offset: u64, piece: &mut [u8]) {
        for patch in &self.list {
            let end = patch.offset.saturating_add(patch.len_bytes);
            let from = usize::try_from(patch.offset.saturating_sub(offset)).unwrap_or(usize::MAX);
            let to = usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX);
            let to = to.min(piece.len());
            let skipped =
                usize::try_from(offset.saturating_sub(patch.offset)).unwrap_or(usize::MAX);
            let head = patch.head.get(skipped..).unwrap_or_default();
            if let Some(target) = piece.get_mut(from..to) {
                target.fill(0);
                target
                    .iter_mut()
                    .zip(head)
                    .for_each(|(byte, new)| *byte = *new);
            }
        }
    }

    fn push(&mut self, patch: Patch) -> Result<(), MediaRefusal> {
        if self.list.len() >= PARTS_MAX {
            return Err(MediaRefusal::NotStrippable);
        }
        self.list.push(patch);
        Ok(())
    }

    /// Zeros only.
    fn wipe(&mut self, offset: u64, len_bytes: u64) -> Result<(), MediaRefusal> {
        self.push(Patch {
            offset,
            len_bytes,
            head: Vec::new(),
        })
    }

    fn note(&mut self, what: &'static str) {
        note(&mut self.removed, what);
    }
}

/// What a [`Scan`] needs next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Exactly these bytes of the file. The reads go forward through the file, most of them 16
    /// bytes: a caller does well to fetch some more and keep it.
    Read {
        /// Where they begin.
        offset: u64,
        /// How many.
        len: usize,
    },
    /// Nothing: call [`Scan::finish`].
    Done,
}

/// A walk through a file for what must be overwritten.
#[derive(Debug)]
pub struct Scan {
    media: MediaType,
    size: u64,
    /// Where the part begins that is looked at.
    at: u64,
    /// Length of the part, when it is to be read whole.
    body: Option<bmff::Header>,
    parts: usize,
    has_index: bool,
    patches: Patches,
}

impl Scan {
    /// Whether files of this type are stripped in place; a scan of others finds nothing.
    pub fn covers(media: MediaType) -> bool {
        matches!(
            media,
            MediaType::Heic
                | MediaType::M4a
                | MediaType::Mp4
                | MediaType::Mov
                | MediaType::ThreeGp
                | MediaType::Webm
                | MediaType::WebmAudio
        )
    }

    /// Begins at the start of a file of `size_bytes`.
    pub fn new(size_bytes: u64, media: MediaType) -> Self {
        Self {
            media,
            size: if Self::covers(media) { size_bytes } else { 0 },
            at: 0,
            body: None,
            parts: 0,
            has_index: false,
            patches: Patches::default(),
        }
    }

    /// What is needed next.
    pub fn step(&self) -> Step {
        let left = self.size.saturating_sub(self.at);
        let len = self
            .body
            .map_or(HEADER_BYTES.min(left), |header| header.len);
        match usize::try_from(len) {
            Ok(len) if len > 0 => Step::Read {
                offset: self.at,
                len,
            },
            _ => Step::Done,
        }
    }

    /// Takes the bytes that [`Scan::step`] asked for. After an error the scan is of no use.
    pub fn supply(&mut self, bytes: &[u8]) -> Result<(), MediaRefusal> {
        match self.step() {
            Step::Read { len, .. } if len == bytes.len() => {}
            _ => return Err(MediaRefusal::Malformed),
        }
        if let Some(header) = self.body.take() {
            self.has_index = true;
            let scope = bmff::Scope {
                bytes,
                offset: self.at,
                file_size: self.size,
            };
            self.at += header.len;
            return match &header.kind {
                b"meta" => heif::meta(scope, header, &mut self.patches),
                _ => movie::index(scope, header, &mut self.patches),
            };
        }
        self.parts += 1;
        if self.parts > PARTS_MAX {
            return Err(MediaRefusal::NotStrippable);
        }
        match self.media {
            MediaType::Webm | MediaType::WebmAudio => self.element(bytes),
            _ => self.top_box(bytes),
        }
    }

    /// The patches, once [`Scan::step`] says [`Step::Done`].
    pub fn finish(self) -> Result<Patches, MediaRefusal> {
        let at_end = self.step() == Step::Done;
        if at_end && (self.has_index || !Self::covers(self.media)) {
            Ok(self.patches)
        } else {
            Err(MediaRefusal::Malformed)
        }
    }

    fn top_box(&mut self, bytes: &[u8]) -> Result<(), MediaRefusal> {
        let left = self.size - self.at;
        if left < 8 {
            self.patches.wipe(self.at, left)?;
            self.at = self.size;
            return Ok(());
        }
        let header = bmff::Header::parse(bytes, left).ok_or(MediaRefusal::Malformed)?;
        let is_index = match &header.kind {
            b"moov" | b"moof" => true,
            b"meta" => self.media == MediaType::Heic,
            _ => false,
        };
        if is_index {
            if header.len > READ_MAX_BYTES {
                return Err(MediaRefusal::NotStrippable);
            }
            self.body = Some(header);
            return Ok(());
        }
        let is_known = matches!(
            &header.kind,
            b"ftyp" | b"styp" | b"mdat" | b"mfra" | b"sidx" | b"ssix" | b"prft" | b"pdin" | b"wide"
        );
        if !is_known {
            header.blank(self.at, &mut self.patches)?;
        }
        self.at += header.len;
        Ok(())
    }

    fn element(&mut self, bytes: &[u8]) -> Result<(), MediaRefusal> {
        let left = self.size - self.at;
        let element = webm::Element::parse(bytes, left).ok_or(MediaRefusal::Malformed)?;
        self.has_index |= element.is_tracks();
        if element.goes() {
            self.patches.push(element.void(self.at))?;
            if !element.is_void() {
                self.patches.note(taken::METADATA);
            }
        }
        self.at += element.step();
        Ok(())
    }
}

/// Runs a [`Scan`] with a reader that needs no waiting.
pub fn location_patches<E: From<MediaRefusal>>(
    size_bytes: u64,
    media: MediaType,
    mut read: impl FnMut(u64, usize) -> Result<Vec<u8>, E>,
) -> Result<Patches, E> {
    let mut scan = Scan::new(size_bytes, media);
    while let Step::Read { offset, len } = scan.step() {
        scan.supply(&read(offset, len)?)?;
    }
    Ok(scan.finish()?)
}

#[cfg(test)]
mod tests;
