//! What goes over the queues: CloudEvents 1.0 in JSON, with ids and references only. No text and
//! no personal data (R-DP-4).

use chrono::{DateTime, Utc};
use domain::audit::{Event, Happening};
use domain::rulebook::Mark;
use domain::ticket::Ticket;
use domain::workflow::words::Action;
use serde::{Deserialize, Serialize};

/// An event of a ticket, for consumers. Idempotent by ticket and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudEvent {
    /// Always `1.0`.
    pub specversion: String,
    /// `<ticket number>/<version>`: the same for every repeat.
    pub id: String,
    /// Who emits.
    pub source: String,
    /// `cn.suqiu.ticket.<action>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Ticket number.
    pub subject: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// What.
    pub data: EventData,
}

/// The data of a [`CloudEvent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventData {
    /// Ticket number.
    pub number: String,
    /// Version of the ticket after the event, from 1.
    pub version: u32,
    /// Code of the action.
    pub action: String,
}

/// The event with this version, as a message.
pub fn cloud_event(ticket: &Ticket, version: u32, event: &Event) -> CloudEvent {
    let action = event.happening.action().code();
    CloudEvent {
        specversion: "1.0".to_owned(),
        id: format!("{}/{version}", ticket.number),
        source: "suqiu/relay".to_owned(),
        kind: format!("cn.suqiu.ticket.{action}"),
        subject: ticket.number.to_string(),
        time: event.at,
        data: EventData {
            number: ticket.number.to_string(),
            version,
            action: action.to_owned(),
        },
    }
}

/// Who is to be told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The appellant, the way they named (Art. 8(4)).
    Appellant,
    /// The liaison of the responsible unit.
    Liaison,
    /// Liaison and leader of the responsible unit (Art. 6(3), 17(2)).
    LiaisonAndLeader,
    /// The triage desk of the managing unit (Art. 6(3)).
    TriageDesk,
}

/// Who is told of `happening`. R-CAL-4: warnings go to the liaison, then to the leader.
pub const fn audience(happening: &Happening) -> Option<Audience> {
    match happening {
        Happening::AnsweredDirectly { .. }
        | Happening::Declined { .. }
        | Happening::Closed { .. } => Some(Audience::Appellant),
        Happening::Dispatched { .. }
        | Happening::Warned {
            mark: Mark::Half, ..
        } => Some(Audience::Liaison),
        Happening::Warned {
            mark: Mark::LastHour,
            ..
        }
        | Happening::BecameOverdue { .. } => Some(Audience::LiaisonAndLeader),
        Happening::Submitted(_) => Some(Audience::TriageDesk),
        Happening::Signed
        | Happening::Contacted(_)
        | Happening::Rated { .. }
        | Happening::Archived { .. } => None,
    }
}

/// Whether a suggestion is computed after `action`.
pub const fn wants_suggestion(action: Action) -> bool {
    matches!(action, Action::Submit)
}
