//! Office documents (OOXML), told from the content of the archive: its list of content types names
//! the main part, whatever the file is called.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::bytes::contains;
use crate::kinds::MediaType;
use crate::refusal::MediaRefusal;

const CONTENT_TYPES: &str = "[Content_Types].xml";
/// Ordinary ones have a few kilobytes; more is refused unread, so that no archive can fill memory.
const CONTENT_TYPES_MAX_BYTES: u64 = 1024 * 1024;
const MAX_PARTS: usize = 20_000;

const MAIN_PARTS: [(&str, MediaType); 3] = [
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        MediaType::Docx,
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        MediaType::Xlsx,
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        MediaType::Pptx,
    ),
];

/// What an archive is, if it is a document without macros.
pub(crate) fn identify(bytes: &[u8]) -> Result<MediaType, MediaRefusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| MediaRefusal::Malformed)?;
    if archive.len() > MAX_PARTS {
        return Err(MediaRefusal::UnknownType);
    }
    let has_macro_part = archive
        .file_names()
        .try_fold(false, |found, name| {
            name.map(|name| found | is_macro_part(&name))
        })
        .map_err(|_| MediaRefusal::Malformed)?;
    let types = content_types(&mut archive)?.to_ascii_lowercase();
    // Names can be changed, the types of the parts cannot: Office goes by them.
    let has_macro_type = ["macroenabled", "ms-office.vbaproject"]
        .iter()
        .any(|mark| contains(&types, mark.as_bytes()));
    if has_macro_part || has_macro_type {
        return Err(MediaRefusal::MacroDocument);
    }
    MAIN_PARTS
        .into_iter()
        .find(|(main_part, _)| contains(&types, main_part.as_bytes()))
        .map(|(_, media)| media)
        .ok_or(MediaRefusal::UnknownType)
}

fn is_macro_part(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml")
}

fn content_types(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<u8>, MediaRefusal> {
    // An archive without the list is no document; of anything else wrong we cannot be sure.
    let part = archive
        .by_name(CONTENT_TYPES)
        .map_err(|_| MediaRefusal::UnknownType)?;
    let mut text = Vec::new();
    part.take(CONTENT_TYPES_MAX_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|_| MediaRefusal::Malformed)?;
    if u64::try_from(text.len()).is_ok_and(|len| len <= CONTENT_TYPES_MAX_BYTES) {
        Ok(text)
    } else {
        Err(MediaRefusal::UnknownType)
    }
}
