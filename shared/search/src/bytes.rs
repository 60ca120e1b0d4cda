//! The files of an index as one block of bytes: a length, names and sizes as JSON, then the files.

use std::path::Path;

use tantivy::Directory;
use tantivy::directory::RamDirectory;

use crate::index::SearchError;

/// First of all; another form of the block has another.
const MARK: &[u8; 4] = b"SQK1";

/// Bytes in which the length of the head is written.
const LENGTH: usize = 4;

fn broken(what: impl std::fmt::Display) -> SearchError {
    SearchError(format!("block of an index: {what}"))
}

/// The block of the files called `names`.
pub(crate) fn write(files: &RamDirectory, names: &[String]) -> Result<Vec<u8>, SearchError> {
    let mut sizes = Vec::new();
    let mut content = Vec::new();
    for name in names {
        // What is written at once lies there as it is; other files have a foot, which stays on them.
        let file = files.open_read(Path::new(name)).map_err(broken)?;
        let file = file.read_bytes().map_err(broken)?;
        sizes.push((name.clone(), file.len()));
        content.extend_from_slice(&file);
    }
    let head = serde_json::to_vec(&sizes).map_err(broken)?;
    let length = u32::try_from(head.len()).map_err(broken)?;
    Ok([&MARK[..], &length.to_le_bytes(), &head, &content].concat())
}

/// The files of a block.
pub(crate) fn read(block: &[u8]) -> Result<RamDirectory, SearchError> {
    let block = block.strip_prefix(MARK).ok_or(broken("another form"))?;
    let (length, block) = block.split_at_checked(LENGTH).ok_or(broken("too short"))?;
    let length = <[u8; LENGTH]>::try_from(length).map_err(broken)?;
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(broken)?;
    let (head, mut block) = block.split_at_checked(length).ok_or(broken("too short"))?;
    let sizes: Vec<(String, usize)> = serde_json::from_slice(head).map_err(broken)?;
    let files = RamDirectory::create();
    for (name, size) in sizes {
        let (file, rest) = block.split_at_checked(size).ok_or(broken("too short"))?;
        files.atomic_write(Path::new(&name), file).map_err(broken)?;
        block = rest;
    }
    if block.is_empty() {
        Ok(files)
    } else {
        Err(broken("more than its files"))
    }
}
