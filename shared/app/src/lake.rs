//! What goes to the lake (Art. 15; R-AN-1): which events of which ticket, as a message; and where the
//! lake's objects are.

use async_trait::async_trait;
use domain::ids::TextRef;
use domain::ticket::{Ticket, TicketKey, TicketNumber};
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Events of a ticket that are new: its number, the version before them, the version after.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LakeLine(pub String, pub u32, pub u32);

impl LakeLine {
    /// The message that a ticket has new events after `seen`.
    pub fn after(seen: u32, ticket: &Ticket) -> Result<String, AppError> {
        let line = Self(ticket.number.to_string(), seen, ticket.version());
        serde_json::to_string(&line).map_err(|error| AppError::Broken(error.to_string()))
    }

    /// Reads a message; none where it is none.
    pub fn read(message: &str) -> Option<(TicketNumber, u32, u32)> {
        let Self(number, seen, until) = serde_json::from_str(message).ok()?;
        let number = TicketNumber::parse(&number).ok()?;
        (seen < until).then_some((number, seen, until))
    }
}

/// Where the lake's objects are.
#[async_trait]
pub trait LakeObjects: Send + Sync {
    /// Names that begin so, in order.
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError>;
    /// The same, of every version that is kept of every object.
    async fn versions(&self, prefix: &str) -> Result<Vec<(String, Option<String>)>, AppError>;
    /// An object, or one version of it.
    async fn get(&self, name: &str, version: Option<&str>) -> Result<Vec<u8>, AppError>;
    /// So many bytes of an object, from one on; fewer at its end.
    async fn range(&self, name: &str, from: u64, count: u64) -> Result<Vec<u8>, AppError>;
    /// An object that is written over, and what it is known by until it is; none where there is none.
    async fn current(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, AppError>;
    /// Writes an object over, if what is there is still what is known by `tag`; where that is none, if
    /// nothing is there. Gives what it is known by now, and none where somebody else was faster.
    async fn replace(
        &self,
        name: &str,
        body: Vec<u8>,
        tag: Option<&str>,
    ) -> Result<Option<String>, AppError>;
    /// Stores an object.
    async fn put(&self, name: &str, body: Vec<u8>) -> Result<(), AppError>;
    /// Removes objects.
    async fn remove(&self, names: &[String]) -> Result<(), AppError>;
}

/// Where the tickets are, for who takes them to the lake.
#[async_trait]
pub trait LakeTickets: Send + Sync {
    /// A ticket; just after an event it may be the one before it.
    async fn ticket(&self, key: &TicketKey) -> Result<Option<Ticket>, AppError>;
    /// A text of it. It was written before the event that names it.
    async fn text(&self, key: &TicketKey, name: &TextRef) -> Result<Option<Vec<u8>>, AppError>;
}
