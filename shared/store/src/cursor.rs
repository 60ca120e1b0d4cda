//! Where the next page of a work list starts.

use crate::attributes::{Item, Reader, number, text};
use crate::keys;

/// A cursor is the last key of the page, opaque to callers; what it can reach is what the caller
/// may list anyway, because the unit is part of the query.
pub(crate) fn write(key: &Item) -> Option<String> {
    let reader = Reader::new(key, keys::WORKLIST);
    let unit = reader.text("wp").ok()?;
    let due: i64 = reader.number("ws").ok()?;
    let (pk, sk) = (reader.text(keys::PK).ok()?, reader.text(keys::SK).ok()?);
    let cursor = format!("{unit}|{due}|{pk}|{sk}");
    Some(data_encoding::BASE64URL_NOPAD.encode(cursor.as_bytes()))
}

pub(crate) fn read(cursor: &str) -> Option<Item> {
    let bytes = data_encoding::BASE64URL_NOPAD
        .decode(cursor.as_bytes())
        .ok()?;
    let cursor = String::from_utf8(bytes).ok()?;
    let mut parts = cursor.splitn(4, '|');
    let (unit, due) = (parts.next()?, parts.next()?.parse::<i64>().ok()?);
    let (pk, sk) = (parts.next()?, parts.next()?);
    Some(Item::from([
        ("wp".to_owned(), text(unit)),
        ("ws".to_owned(), number(due)),
        (keys::PK.to_owned(), text(pk)),
        (keys::SK.to_owned(), text(sk)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page may end with a ticket's own row, or with that of a unit that only helps.
    #[test]
    fn a_cursor_reads_back() {
        for sk in [keys::TICKET, "L#ta-rsj#opinion"] {
            let last = Item::from([
                ("wp".to_owned(), text("ta-rsj")),
                ("ws".to_owned(), number(17)),
                (keys::PK.to_owned(), text("T#1")),
                (keys::SK.to_owned(), text(sk)),
            ]);
            assert_eq!(read(&write(&last).unwrap()), Some(last));
        }
        assert!(read("nonsense").is_none());
    }
}
