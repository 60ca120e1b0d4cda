//! What goes over the queues: CloudEvents 1.0 in JSON, with ids and references only. No text and
//! no personal data (R-DP-4).

use chrono::{DateTime, Utc};
use domain::audit::Event;
use domain::knowledge::KnowledgeEntry;
use domain::problem_group::ProblemGroup;
use domain::supervision::SupervisionCase;
use domain::ticket::Ticket;
use domain::workflow::words::Action;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::lake::LakeLine;
use crate::notices::{notices, of_case, of_group};
use crate::seals::head_message;

/// An event of a ticket, or of something else that people are told of, for consumers. Idempotent by
/// ticket and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudEvent {
    /// Always `1.0`.
    pub specversion: String,
    /// `<ticket number>/<version>`, and `/<notice>` for the second and later notices of an event:
    /// the same for every repeat.
    pub id: String,
    /// Who emits.
    pub source: String,
    /// `cn.suqiu.ticket.<action>`; `cn.suqiu.case`, `.knowledge`, `.group`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Ticket number, or id of what it is about.
    pub subject: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// What.
    pub data: EventData,
}

/// The data of a [`CloudEvent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventData {
    /// Ticket number, or id of what it is about.
    pub number: String,
    /// Version of the ticket after the event, or which entry it is, from 1.
    pub version: u32,
    /// Code of the action, or what it is about.
    pub action: String,
    /// Which of the event's notices, from 1, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<u32>,
}

/// Messages for the queues, in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages {
    /// For suggest.
    pub suggest: Vec<String>,
    /// For notify.
    pub notify: Vec<String>,
    /// For seal: where the ticket stands after them.
    pub seal: Vec<String>,
    /// For the lake: from which version to which.
    pub lake: Vec<String>,
}

impl Messages {
    /// How many there are.
    pub const fn count(&self) -> usize {
        self.suggest.len() + self.notify.len() + self.seal.len() + self.lake.len()
    }

    /// Takes those of another ticket in.
    pub fn extend(&mut self, others: Self) {
        self.suggest.extend(others.suggest);
        self.notify.extend(others.notify);
        self.seal.extend(others.seal);
        self.lake.extend(others.lake);
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
        if messages.seal.is_empty() {
            messages.seal.push(head_message(ticket)?);
            messages
                .lake
                .push(LakeLine::after(version.saturating_sub(1), ticket)?);
        }
        if wants_suggestion(event.happening.action()) {
            messages
                .suggest
                .push(message(ticket, version, event, None)?);
        }
        for (index, _) in (1..).zip(notices(ticket, event)) {
            let notice = (index > 1).then_some(index);
            messages
                .notify
                .push(message(ticket, version, event, notice)?);
        }
    }
    Ok(messages)
}

/// The messages for notify of the `wanted` entries of a case of supervision, counted from 1.
pub fn case_messages(
    case: &SupervisionCase,
    wanted: impl Fn(u32, DateTime<Utc>) -> bool,
) -> Result<Vec<String>, AppError> {
    let entries = (1..).zip(&case.entries);
    let told =
        entries.filter(|(at, entry)| wanted(*at, entry.at) && of_case(case, &entry.deed).is_some());
    told.map(|(at, entry)| matter_message("case", case.id.as_str(), at, entry.at))
        .collect()
}

/// The messages for notify of the `wanted` notices on an entry of the knowledge base.
pub fn knowledge_messages(
    entry: &KnowledgeEntry,
    wanted: impl Fn(u32, DateTime<Utc>) -> bool,
) -> Result<Vec<String>, AppError> {
    let notices = entry.notices.iter();
    let new = notices.filter(|notice| wanted(notice.number, notice.raised.at));
    new.map(|it| matter_message("knowledge", entry.id.as_str(), it.number, it.raised.at))
        .collect()
}

/// The messages for notify of a problem group: that it was confirmed is the first, its entries follow.
pub fn group_messages(
    group: &ProblemGroup,
    wanted: impl Fn(u32, DateTime<Utc>) -> bool,
) -> Result<Vec<String>, AppError> {
    let entries = group.entries.iter();
    let entries = entries.map(|entry| (entry.step.at, Some(&entry.deed)));
    let all = (1..).zip(std::iter::once((group.opened.at, None)).chain(entries));
    let told =
        all.filter(|(number, (at, deed))| wanted(*number, *at) && of_group(group, *deed).is_some());
    told.map(|(number, (at, _))| matter_message("group", group.id.as_str(), number, at))
        .collect()
}

/// A message about something that is no ticket: what kind of thing, its id, and which of its entries.
fn matter_message(
    matter: &str,
    id: &str,
    version: u32,
    at: DateTime<Utc>,
) -> Result<String, AppError> {
    let event = CloudEvent {
        specversion: "1.0".to_owned(),
        id: format!("{id}/{version}"),
        source: "suqiu/relay".to_owned(),
        kind: format!("cn.suqiu.{matter}"),
        subject: id.to_owned(),
        time: at,
        data: EventData {
            number: id.to_owned(),
            version,
            action: matter.to_owned(),
            notice: None,
        },
    };
    serde_json::to_string(&event).map_err(|error| AppError::Broken(error.to_string()))
}

fn message(
    ticket: &Ticket,
    version: u32,
    event: &Event,
    notice: Option<u32>,
) -> Result<String, AppError> {
    let action = event.happening.action().code();
    let which = notice
        .map(|notice| format!("/{notice}"))
        .unwrap_or_default();
    let event = CloudEvent {
        specversion: "1.0".to_owned(),
        id: format!("{}/{version}{which}", ticket.number),
        source: "suqiu/relay".to_owned(),
        kind: format!("cn.suqiu.ticket.{action}"),
        subject: ticket.number.to_string(),
        time: event.at,
        data: EventData {
            number: ticket.number.to_string(),
            version,
            action: action.to_owned(),
            notice,
        },
    };
    serde_json::to_string(&event).map_err(|error| AppError::Broken(error.to_string()))
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
    use domain::audit::{Actor, Happening};
    use domain::ids::{AppellantId, ChannelCode, TextRef, UnitId, VaultName};
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
            vault: VaultName::of(AppellantId::of(&[7; 32]), &[b"vault"]),
            attachments: vec![],
        };
        let happenings = [
            Happening::Submitted {
                submission: Box::new(submission),
            },
            Happening::Dispatched {
                unit,
                co_handlers: vec![UnitId::parse("ta-rsj").unwrap()],
                note: None,
            },
            Happening::Signed {},
            Happening::Closed {
                outcome: Outcome::Solved,
                review_on: None,
                text: text(),
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
            let which = event.data.notice.map(|n| format!("/{n}"));
            let which = which.unwrap_or_default();
            let version = event.data.version;
            assert_eq!(event.id, format!("{}/{version}{which}", event.subject));
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
        // The lead and its co-handler each get a notice of the dispatch.
        let notices = [
            ("1", "submit"),
            ("2", "dispatch"),
            ("2", "dispatch"),
            ("4", "close"),
        ];
        assert_eq!(told(&all.notify), pairs(&notices));
        // And its newest head is to be sealed.
        assert_eq!(all.seal, [head_message(&ticket).unwrap()]);
        // The lake is told once how far it went.
        assert_eq!(all.lake, [LakeLine::after(0, &ticket).unwrap()]);
        assert_eq!(all.count(), 7);
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
            pairs(&[("2", "dispatch"), ("2", "dispatch"), ("4", "close")])
        );
        assert!(again.suggest.is_empty());
    }
}
