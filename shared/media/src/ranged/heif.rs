//! HEIF pictures: EXIF and XMP are items, listed in `iinf` and placed by `iloc`. Which way up the
//! picture is stands elsewhere (`irot`, `imir`) and stays.

use crate::bytes::{array, be_u16, be_u32, slice};
use crate::ranged::bmff::{Header, Scope};
use crate::ranged::{Patch, Patches};
use crate::refusal::MediaRefusal;
use crate::strip::taken;

/// An offset of none, then EXIF data with an empty directory: readers that insist on EXIF get some.
const EMPTY_EXIF: &[u8] = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0";

#[derive(Debug, Clone, Copy)]
struct Item {
    id: u32,
    is_exif: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extent {
    offset: u64,
    len: u64,
}

/// Overwrites the metadata items of a `meta` box; `scope` is the box with its header.
pub(crate) fn meta(
    scope: Scope<'_>,
    header: Header,
    patches: &mut Patches,
) -> Result<(), MediaRefusal> {
    // A full box: version and flags before its content.
    let content = scope
        .after(header.head_len + 4)
        .ok_or(MediaRefusal::Malformed)?;
    for (inner, scope) in content.boxes().ok_or(MediaRefusal::Malformed)? {
        let stays = matches!(
            &inner.kind,
            b"hdlr"
                | b"pitm"
                | b"iinf"
                | b"iloc"
                | b"iref"
                | b"iprp"
                | b"idat"
                | b"dinf"
                | b"grpl"
                | b"ipro"
        );
        if !stays {
            inner.blank(scope.offset, patches)?;
        }
    }
    let items = metadata_items(content).ok_or(MediaRefusal::Malformed)?;
    if items.is_empty() {
        return Ok(());
    }
    let places = Places::read(content).ok_or(MediaRefusal::Malformed)?;
    for item in items {
        let extents = places.of(item.id).ok_or(MediaRefusal::NotStrippable)?;
        wipe(item, &extents, scope.file_size, patches)?;
    }
    Ok(())
}

fn wipe(
    item: Item,
    extents: &[Extent],
    file_size: u64,
    patches: &mut Patches,
) -> Result<(), MediaRefusal> {
    patches.note(if item.is_exif {
        taken::EXIF
    } else {
        taken::XMP
    });
    let mut head = if item.is_exif { EMPTY_EXIF } else { b"" };
    for extent in extents {
        let fits = extent
            .offset
            .checked_add(extent.len)
            .is_some_and(|end| end <= file_size);
        if !fits {
            return Err(MediaRefusal::Malformed);
        }
        let has_room = usize::try_from(extent.len).is_ok_and(|len| len >= head.len());
        let written = if has_room { head } else { b"" };
        head = b"";
        patches.push(Patch {
            offset: extent.offset,
            len_bytes: extent.len,
            head: written.to_vec(),
        })?;
    }
    Ok(())
}

/// Items that are no picture: EXIF, MIME parts (XMP) and links.
fn metadata_items(meta: Scope<'_>) -> Option<Vec<Item>> {
    let Some(list) = meta.find(*b"iinf") else {
        return Some(Vec::new());
    };
    let counter_len = if *list.bytes.first()? == 0 { 2 } else { 4 };
    let mut items = Vec::new();
    for (header, entry) in list.after(4 + counter_len)?.boxes()? {
        if header.kind != *b"infe" {
            continue;
        }
        let entry = entry.after(header.head_len)?.bytes;
        let (id, kind): (u32, [u8; 4]) = match entry.first()? {
            // These know MIME parts only.
            0 | 1 => (u32::from(be_u16(entry, 4)?), *b"mime"),
            2 => (u32::from(be_u16(entry, 4)?), array(entry, 8)?),
            3 => (be_u32(entry, 4)?, array(entry, 10)?),
            _ => return None,
        };
        if matches!(&kind, b"Exif" | b"mime" | b"uri ") {
            items.push(Item {
                id,
                is_exif: kind == *b"Exif",
            });
        }
    }
    Some(items)
}

/// The `iloc` box, and where `idat` begins.
struct Places<'a> {
    iloc: &'a [u8],
    inside: Option<u64>,
}

impl<'a> Places<'a> {
    fn read(meta: Scope<'a>) -> Option<Self> {
        let inside = meta.find(*b"idat").map(|idat| idat.offset);
        Some(Self {
            iloc: meta.find(*b"iloc")?.bytes,
            inside,
        })
    }

    /// Where an item stands; `None` if nowhere, in another file, inside another item, or of
    /// unknown length.
    fn of(&self, wanted: u32) -> Option<Vec<Extent>> {
        let version = *self.iloc.first()?;
        let sizes = be_u16(self.iloc, 4)?;
        let nibble = |shift: u32| usize::from((sizes >> shift) & 15);
        let (offset_len, length_len, base_len) = (nibble(12), nibble(8), nibble(4));
        let index_len = if version == 0 { 0 } else { nibble(0) };
        let id_len = if version < 2 { 2 } else { 4 };
        let mut cursor = Cursor {
            bytes: self.iloc,
            at: 6,
        };
        for _ in 0..cursor.number(id_len)? {
            let id = cursor.number(id_len)?;
            let method = if version == 0 {
                0
            } else {
                cursor.number(2)? & 15
            };
            let other_file = cursor.number(2)? != 0;
            let base = cursor.number(base_len)?;
            let mut extents = Vec::new();
            let mut is_known = !other_file;
            for _ in 0..cursor.number(2)? {
                cursor.number(index_len)?;
                let offset = cursor.number(offset_len)?;
                let len = cursor.number(length_len)?;
                let start = match method {
                    0 => Some(0),
                    1 => self.inside,
                    _ => None,
                };
                is_known &= start.is_some() && len > 0;
                let offset = start.unwrap_or(0).checked_add(base)?.checked_add(offset)?;
                extents.push(Extent { offset, len });
            }
            if id == u64::from(wanted) {
                return is_known.then_some(extents);
            }
        }
        None
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    /// The next number of `len` bytes (at most eight); none at all is zero.
    fn number(&mut self, len: usize) -> Option<u64> {
        if len > 8 {
            return None;
        }
        let bytes = slice(self.bytes, self.at, len)?;
        self.at += len;
        Some(
            bytes
                .iter()
                .fold(0, |number, byte| (number << 8) | u64::from(*byte)),
        )
    }
}
