//! The item of a notification's delivery.

use app::AppError;
use app::ports::Delivery;
use chrono::DateTime;
use domain::ticket::TicketKey;

use crate::attributes::{Item, Reader, number, text};
use crate::keys;

/// The item.
pub(crate) fn item(key: &TicketKey, delivery: &Delivery) -> Item {
    Item::from([
        (keys::PK.to_owned(), text(keys::ticket(key))),
        (keys::SK.to_owned(), text(keys::delivery(&delivery.id))),
        ("ok".to_owned(), number(u8::from(delivery.arrived))),
        ("c".to_owned(), number(delivery.attempts)),
        ("t".to_owned(), number(delivery.at.timestamp_millis())),
        ("o".to_owned(), text(&delivery.outcome)),
    ])
}

/// Reads the item of delivery `id`.
pub(crate) fn read(id: &str, reader: Reader<'_>) -> Result<Delivery, AppError> {
    let at = DateTime::from_timestamp_millis(reader.number("t")?);
    Ok(Delivery {
        id: id.to_owned(),
        arrived: reader.number::<u8>("ok")? == 1,
        attempts: reader.number("c")?,
        at: at.ok_or_else(|| reader.corrupt("t"))?,
        outcome: reader.text("o")?.to_owned(),
    })
}
