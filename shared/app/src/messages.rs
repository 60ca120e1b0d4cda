//! What goes over the queues: CloudEvents 1.0 in JSON, with ids and references only. No text and
//! no personal data (R-DP-4).

use chrono::{DateTime, Utc};
use domain::audit::{Event, Happening};
use domain::rulebook::Mark;
use domain::ticket::Ticket;
use domain::workflow::words::Action;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

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

/// Messages for the queues, in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages {
    /// For suggest.
    pub suggest: Vec<String>,
    /// For notify.
    pub notify: Vec<String>,
}

impl Messages {
    /// How many there are.
    pub const fn count(&self) -> usize {
        self.suggest.len() + self.notify.len()
    }

    /// Takes those of another ticket in.
    pub fn extend(&mut self, others: Self) {
        self.suggest.extend(others.suggest);
        self.notify.extend(others.notify);
    }
}

/// The messages of the `wanted` events of a ticket: the same whether the relay sends them when the
/// events are new, or somebody sends them again from the ticket.
pub fn messages(
    ticket: &Ticket,
    wanted: impl Fn(u32, &Event) -> bool,
) -> Result<Messages, AppError> {
    let mut messages = Messages::default();
    for (version, event) in (1..).zip(&ticket.events) {
        if !wanted(version, event) {
            continue;
        }
        let message = serde_json::to_string(&cloud_event(ticket, version, event))
            .map_err(|error| AppError::Broken(error.to_string()))?;
        if wants_suggestion(event.happening.action()) {
            messages.suggest.push(message.clone());
        }
        if audience(&event.happening).is_some() {
            messages.notify.push(message);
        }
    }
    Ok(messages)
}

fn cloud_event(ticket: &Ticket, version: u32, event: &Event) -> CloudEvent {
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
    /// Whoever has the ticket in hand: the triage desk before it is dispatched, then the liaison.
    Holder,
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
        Happening::Withdrawn { .. } => Some(Audience::Holder),
        Happening::Signed
        | Happening::Contacted(_)
        | Happening::Rated { .. }
        | Happening::Archived { .. } => None,
    }
}

/// Whether a suggestion is computed after `action`.
const fn wants_suggestion(action: Action) -> bool {
    matches!(action, Action::Submit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use domain::answer::Outcome;
    use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
    use domain::audit::Actor;
    use domain::ids::{ChannelCode, TextRef, UnitId};
    use domain::ticket::{TicketKey, TicketNumber};

    fn text() -> TextRef {
        TextRef::of(b"text")
    }

    /// Submitted, dispatched, signed and closed, an hour apart.
    fn closed_ticket() -> Ticket {
        let unit = UnitId::parse("ta-ylbzj").unwrap();
        let submission = Submission {
            channel: ChannelCode::parse("mobile").unwrap(),
            kind: Kind::Help,
            subject: Subject::ServiceItem,
            appellant_kind: AppellantKind::Person,
            reply_way: ReplyWay::Sms,
            area: None,
            service_item: None,
            managing_unit: UnitId::parse("ta-bigdata").unwrap(),
            text: text(),
            vault: text(),
            attachments: vec![],
        };
        let happenings = [
            Happening::Submitted(Box::new(submission)),
            Happening::Dispatched { unit, note: None },
            Happening::Signed,
            Happening::Closed {
                text: text(),
                outcome: Outcome::Solved,
            },
        ];
        let start: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        let events = (0..).zip(happenings).map(|(hours, happening)| Event {
            at: start + TimeDelta::hours(hours),
            by: Actor::System,
            rulebook: 1,
            happening,
        });
        let number = TicketNumber::new(&TicketKey::from_digest(b"12345"), start);
        Ticket::fold(number, events.collect()).unwrap()
    }

    fn told(messages: &[String]) -> Vec<(String, String)> {
        let told = messages.iter().map(|message| {
            let event: CloudEvent = serde_json::from_str(message).unwrap();
            assert_eq!(
                event.id,
                format!("{}/{}", event.subject, event.data.version)
            );
            (event.data.version.to_string(), event.data.action)
        });
        told.collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = expected.iter();
        pairs
            .map(|(v, a)| ((*v).to_owned(), (*a).to_owned()))
            .collect()
    }

    #[test]
    fn each_consumer_is_told_of_its_events_only() {
        let ticket = closed_ticket();
        let all = messages(&ticket, |_, _| true).unwrap();
        assert_eq!(told(&all.suggest), pairs(&[("1", "submit")]));
        let notices = pairs(&[("1", "submit"), ("2", "dispatch"), ("4", "close")]);
        assert_eq!(told(&all.notify), notices);
        assert_eq!(all.count(), 4);
        assert_eq!(
            messages(&ticket, |_, _| false).unwrap(),
            Messages::default()
        );
    }

    #[test]
    fn what_is_sent_again_is_what_the_relay_sent() {
        let ticket = closed_ticket();
        let relayed = messages(&ticket, |version, _| version > 1).unwrap();
        let second = ticket.events[1].at;
        let again = messages(&ticket, |_, event| event.at >= second).unwrap();
        assert_eq!(again, relayed);
        assert_eq!(
            told(&again.notify),
            pairs(&[("2", "dispatch"), ("4", "close")])
        );
        assert!(again.suggest.is_empty());
    }
}
