//! Events: who, when, what, under which rulebook, chained by hash (R-DP-5).
//!
//! [`Happening::facts`] and [`Happening::from_facts`] are the one mapping of an event to plain
//! words: the chain hashes it, the store keeps it, the lake reads it.

mod facts;
mod happening;
pub mod merkle;
mod rows;
pub mod verify;

pub use facts::{Fact, LookUp};
pub use happening::Happening;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::ids::{ChannelCode, OfficerId, UnitId};
use crate::workflow::words::Role;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A channel system, on an appellant's behalf.
    Channel(ChannelCode),
    /// The appellant, by number and query code.
    Appellant,
    /// An officer, in one of their roles.
    Officer {
        /// Who.
        id: OfficerId,
        /// Of which unit.
        unit: UnitId,
        /// In which role.
        role: Role,
    },
    /// A scheduled function of the system.
    System,
}

impl Actor {
    /// The role in which the actor acts.
    pub const fn role(&self) -> Role {
        match self {
            Self::Channel(_) => Role::ChannelSystem,
            Self::Appellant => Role::Appellant,
            Self::Officer { role, .. } => *role,
            Self::System => Role::System,
        }
    }

    /// The officer's unit, if it is one.
    pub const fn unit(&self) -> Option<&UnitId> {
        match self {
            Self::Officer { unit, .. } => Some(unit),
            Self::Channel(_) | Self::Appellant | Self::System => None,
        }
    }

    /// As one word: `c/mobile`, `a`, `o/<id>/<unit>/<role>`, `s`.
    pub fn to_word(&self) -> String {
        match self {
            Self::Channel(channel) => format!("c/{channel}"),
            Self::Appellant => "a".to_owned(),
            Self::Officer { id, unit, role } => format!("o/{id}/{unit}/{}", role.code()),
            Self::System => "s".to_owned(),
        }
    }

    /// Reads [`Actor::to_word`] back.
    pub fn from_word(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('/').collect();
        match parts.as_slice() {
            ["a"] => Some(Self::Appellant),
            ["s"] => Some(Self::System),
            ["c", channel] => ChannelCode::parse(channel).ok().map(Self::Channel),
            ["o", id, unit, role] => Some(Self::Officer {
                id: OfficerId::parse(id).ok()?,
                unit: UnitId::parse(unit).ok()?,
                role: Role::from_code(role)?,
            }),
            _ => None,
        }
    }
}

/// One event of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Actor,
    /// Under which version of the rulebook.
    pub rulebook: u16,
    /// What.
    pub happening: Happening,
}

/// Head of a ticket's hash chain: `h_n = SHA-256(h_{n-1} || event)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChainHead(pub [u8; 32]);

impl ChainHead {
    /// The head after `event`.
    #[must_use]
    pub fn extended_by(self, event: &Event) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(canonical(event));
        Self(hash.finalize().into())
    }

    /// The head of a whole list of events.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        events.into_iter().fold(Self::default(), Self::extended_by)
    }
}

/// One line per fact; values are length-prefixed, so that no two events read alike.
fn canonical(event: &Event) -> String {
    use std::fmt::Write as _;
    let by = event.by.to_word();
    let action = event.happening.action().code();
    let mut text = format!(
        "{}\n{by}\n{}\n{action}\n",
        event.at.timestamp_millis(),
        event.rulebook
    );
    for (name, value) in event.happening.facts() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name}={}:{value}", value.len());
    }
    text
}
