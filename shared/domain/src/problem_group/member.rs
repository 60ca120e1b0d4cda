//! Tickets in a problem group.

use chrono::{DateTime, Utc};

use super::NotSo;
use crate::appeal::Kind;
use crate::knowledge::Step;
use crate::ticket::{How, Ticket, TicketNumber};

/// A ticket that a person found to be about the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub number: TicketNumber,
    /// What was wanted: complaints count (Art. 17(3)).
    pub kind: Kind,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Who found so.
    pub joined: Step,
    /// Who found that it is about something else, and why.
    pub released: Option<(Step, String)>,
}

impl Member {
    /// The ticket as a member, if it counts.
    pub fn of(ticket: &Ticket, joined: Step) -> Result<Self, NotSo> {
        if !is_valid(ticket) {
            return Err(NotSo::NotValid);
        }
        Ok(Self {
            number: ticket.number.clone(),
            kind: ticket.submission.kind,
            received_at: ticket.received_at,
            joined,
            released: None,
        })
    }

    /// Whether it is about the problem still.
    pub const fn is_in(&self) -> bool {
        self.released.is_none()
    }
}

/// Whether a ticket counts for a problem: not what was not accepted, belongs elsewhere or was taken back.
pub const fn is_valid(ticket: &Ticket) -> bool {
    match ticket.closed {
        Some(
            How::NotAccepted { .. } | How::Explained { .. } | How::Referred { .. } | How::Withdrawn,
        ) => false,
        None | Some(How::Answered { .. } | How::AnsweredDirectly { .. } | How::Repeated { .. }) => {
            true
        }
    }
}
