//! The item that puts a ticket on the work list of another unit than the responsible one.

use domain::ticket::{Listing, Ticket};

use crate::attributes::{Item, number, text};
use crate::keys;

/// The item, with what a row of a work list shows.
pub(crate) fn item(ticket: &Ticket, listing: &Listing) -> Item {
    let due = listing.due_at.map_or(i64::MAX, |due| due.timestamp());
    Item::from([
        (
            keys::PK.to_owned(),
            text(keys::ticket(&ticket.number.key())),
        ),
        (keys::SK.to_owned(), text(keys::listing(listing))),
        ("wp".to_owned(), text(keys::worklist(&listing.unit))),
        ("ws".to_owned(), number(due)),
        ("n".to_owned(), text(ticket.number.as_str())),
        ("s".to_owned(), text(ticket.state.code())),
        ("ta".to_owned(), text(listing.task.code())),
        ("ve".to_owned(), number(ticket.version())),
        ("kd".to_owned(), text(ticket.submission.kind.code())),
        ("sj".to_owned(), text(ticket.submission.subject.code())),
    ])
}
