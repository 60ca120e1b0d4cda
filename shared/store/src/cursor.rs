//! Where the next page of a work list starts.

use crate::attributes::{Item, Reader, number, text};
use crate::keys;

/// A cursor is the last key of the page, opaque to callers; what it can reach is what the caller
/// may list anyway, because the unit is part of the query.
pub(crate) fn write(key: &Item) -> Option<String> {
    let reader = Reader::new(key, keys::WORKLIST);
    let parts = [reader.text("wp").ok()?, reader.text(keys::PK).ok()?];
    let due: i64 = reader.number("ws").ok()?;
    let cursor = format!("{}|{due}|{}", parts.first()?, parts.last()?);
    Some(data_encoding::BASE64URL_NOPAD.encode(cursor.as_bytes()))
}

pub(crate) fn read(cursor: &str) -> Option<Item> {
    let bytes = data_encoding::BASE64URL_NOPAD
        .decode(cursor.as_bytes())
        .ok()?;
    let cursor = String::from_utf8(bytes).ok()?;
    let mut parts = cursor.splitn(3, '|');
    let (unit, due, pk) = (
        parts.next()?,
        parts.next()?.parse::<i64>().ok()?,
        parts.next()?,
    );
    Some(Item::from([
        ("wp".to_owned(), text(unit)),
        ("ws".to_owned(), number(due)),
        (keys::PK.to_owned(), text(pk)),
        (keys::SK.to_owned(), text(keys::TICKET)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let last = Item::from([
            ("wp".to_owned(), text("ta-rsj")),
            ("ws".to_owned(), number(17)),
            (keys::PK.to_owned(), text("T#1")),
        ]);
        let key = read(&write(&last).unwrap()).unwrap();
        assert_eq!(key["ws"], number(17));
        assert!(read("nonsense").is_none());
    }
}
