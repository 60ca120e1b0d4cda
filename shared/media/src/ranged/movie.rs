//! Films and MPEG-4 sound: the index (`moov`, and `moof` of fragmented files).
//!
//! What players need stays; every other box goes, wherever writers put locations: `udta` with
//! `©xyz`, `loci` or `gps `, `meta` with `com.apple.quicktime.location.ISO6709`, `uuid` with XMP.
//! Tracks that are neither picture nor sound (telephones and drones write positions there, second
//! by second) go with their samples.

use crate::ranged::Patches;
use crate::ranged::bmff::{Header, Scope, handler};
use crate::ranged::samples::sample_ranges;
use crate::refusal::MediaRefusal;
use crate::strip::taken;

/// Overwrites what goes in a `moov` or `moof`; `scope` is the box with its header.
pub(crate) fn index(
    scope: Scope<'_>,
    header: Header,
    patches: &mut Patches,
) -> Result<(), MediaRefusal> {
    let content = scope
        .after(header.head_len)
        .ok_or(MediaRefusal::Malformed)?;
    let boxes = content.boxes().ok_or(MediaRefusal::Malformed)?;
    let is_fragmented = boxes.iter().any(|(inner, _)| inner.kind == *b"mvex");
    for (inner, scope) in boxes {
        match &inner.kind {
            b"trak" => track(scope, inner, is_fragmented, patches)?,
            b"traf" => children(scope, inner, patches, |kind| {
                !matches!(kind, b"udta" | b"meta" | b"free" | b"skip")
            })?,
            b"mvhd" | b"mfhd" | b"iods" | b"mvex" | b"pssh" | b"clip" | b"ctab" | b"prfl" => {}
            // A compressed index: QuickTime gave it up long ago.
            b"cmov" => return Err(MediaRefusal::NotStrippable),
            _ => inner.blank(scope.offset, patches)?,
        }
    }
    Ok(())
}

fn track(
    scope: Scope<'_>,
    header: Header,
    is_fragmented: bool,
    patches: &mut Patches,
) -> Result<(), MediaRefusal> {
    let content = scope
        .after(header.head_len)
        .ok_or(MediaRefusal::Malformed)?;
    let handler = handler(content).ok_or(MediaRefusal::Malformed)?;
    if !matches!(&handler, b"vide" | b"soun" | b"auxv" | b"pict" | b"tmcd") {
        return data_track(scope, header, is_fragmented, patches);
    }
    children(scope, header, patches, |kind| {
        matches!(
            kind,
            b"tkhd"
                | b"tref"
                | b"trgr"
                | b"edts"
                | b"mdia"
                | b"tapt"
                | b"load"
                | b"matt"
                | b"clip"
                | b"kmat"
                | b"txas"
                | b"imap"
        )
    })?;
    for (inner, scope) in content.boxes().ok_or(MediaRefusal::Malformed)? {
        if inner.kind == *b"mdia" {
            children(scope, inner, patches, |kind| {
                matches!(kind, b"mdhd" | b"hdlr" | b"elng" | b"minf")
            })?;
        }
    }
    Ok(())
}

fn data_track(
    scope: Scope<'_>,
    header: Header,
    is_fragmented: bool,
    patches: &mut Patches,
) -> Result<(), MediaRefusal> {
    // Its samples may stand in any fragment.
    if is_fragmented {
        return Err(MediaRefusal::NotStrippable);
    }
    let content = scope
        .after(header.head_len)
        .ok_or(MediaRefusal::Malformed)?;
    let ranges = sample_ranges(content).ok_or(MediaRefusal::NotStrippable)?;
    for (offset, len) in ranges {
        let fits = offset
            .checked_add(len)
            .is_some_and(|end| end <= scope.file_size);
        if !fits {
            return Err(MediaRefusal::Malformed);
        }
        patches.wipe(offset, len)?;
    }
    patches.note(taken::TRACK);
    let free = Header {
        kind: *b"free",
        ..header
    };
    free.blank(scope.offset, patches)
}

/// Overwrites the boxes inside that do not stay.
fn children(
    scope: Scope<'_>,
    header: Header,
    patches: &mut Patches,
    stays: impl Fn(&[u8; 4]) -> bool,
) -> Result<(), MediaRefusal> {
    let content = scope
        .after(header.head_len)
        .ok_or(MediaRefusal::Malformed)?;
    for (inner, scope) in content.boxes().ok_or(MediaRefusal::Malformed)? {
        if !stays(&inner.kind) {
            inner.blank(scope.offset, patches)?;
        }
    }
    Ok(())
}
