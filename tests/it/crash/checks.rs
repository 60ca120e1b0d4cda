//! What must be true however often something died.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use app::messages::messages;
use app::ports::{AttachmentState, Store as _};
use domain::ids::UploadId;
use domain::ticket::Ticket;
use domain::workflow::words::{Action, State};
use serde_json::Value;

use super::load::{Acknowledged, submit};
use crate::city::all_tickets;
use crate::laptop::Laptop;

/// What is on its way arrives within this, once nothing dies any more.
const ARRIVAL: Duration = Duration::from_mins(2);

/// What happens to tickets here, by people and by the system.
const ACTIONS: [&str; 13] = [
    "submit",
    "answer_directly",
    "decline",
    "dispatch",
    "sign",
    "reveal",
    "record_contact",
    "close",
    "rate",
    "withdraw",
    "warn",
    "mark_overdue",
    "archive",
];

/// Every acknowledged appeal and act is there once; every upload is inspected; every message of
/// every event arrived.
pub(super) async fn all_is_well(laptop: &Laptop, done: &Acknowledged) {
    // Reading holds the events against the state and the hash chain beside them.
    let tickets = all_tickets(&laptop.store()).await;
    let found: BTreeMap<&str, &Ticket> = tickets.iter().map(|t| (t.number.as_str(), t)).collect();
    let known = done.appeals.values().map(|appeal| appeal.number.as_str());
    let known: BTreeSet<&str> = known.collect();
    assert_eq!(known.len(), done.appeals.len(), "two keys share a ticket");
    // Everything was tried until it was acknowledged: a ticket beyond that is a doubled appeal.
    assert_eq!(known, found.keys().copied().collect());
    for ticket in &tickets {
        nothing_is_doubled(ticket);
    }
    let mut places = BTreeSet::new();
    for act in &done.acts {
        let index = usize::try_from(act.version).unwrap() - 1;
        let event = &found[act.number.as_str()].events[index];
        assert_eq!(event.happening.action().code(), act.action, "{act:?}");
        assert!(places.insert((&act.number, index)), "{act:?} twice");
    }
    everything_arrives(laptop, done).await;
}

/// No act here is done twice to a ticket; of the system's, each mark of each clock comes once.
fn nothing_is_doubled(ticket: &Ticket) {
    let mut seen = BTreeSet::new();
    for event in &ticket.events {
        let action = event.happening.action();
        let facts = match action {
            Action::Warn | Action::MarkOverdue => event.happening.facts(),
            _ => Vec::new(),
        };
        let once = seen.insert((action.code(), facts));
        assert!(once, "{}: {} twice", ticket.number, action.code());
    }
    assert!(seen.contains(&("submit", Vec::new())));
}

async fn everything_arrives(laptop: &Laptop, done: &Acknowledged) {
    let began = Instant::now();
    loop {
        let missing = missing(laptop, done).await;
        if missing.is_empty() {
            return;
        }
        assert!(began.elapsed() < ARRIVAL, "missing: {missing:?}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn missing(laptop: &Laptop, done: &Acknowledged) -> Vec<String> {
    let store = laptop.store();
    let sent = laptop.outbox().await;
    let sent: BTreeSet<&str> = sent.iter().filter_map(|sent| sent["id"].as_str()).collect();
    let mut missing = Vec::new();
    for ticket in all_tickets(&store).await {
        let dossier = store.dossier(&ticket.number.key()).await.unwrap();
        if dossier.suggestion.is_none() {
            missing.push(format!("the suggestion of {}", ticket.number));
        }
        // Those of closing among them: the appellant's, on record with the ticket too.
        for message in messages(&ticket, |_, _| true).unwrap().notify {
            let message: Value = serde_json::from_str(&message).unwrap();
            let id = message["id"].as_str().unwrap();
            let action = message["data"]["action"].as_str().unwrap();
            let told = matches!(action, "answer_directly" | "decline" | "close");
            let on_record = dossier.deliveries.iter().any(|d| d.id == id && d.arrived);
            if !sent.contains(id) || (told && !on_record) {
                missing.push(format!("the notice {id} of {action}"));
            }
        }
    }
    for (id, ends) in &done.uploads {
        let id = UploadId::parse(id).unwrap();
        let state = match store.attachment(&id).await.unwrap().map(|a| a.state) {
            None | Some(AttachmentState::Granted) => "not inspected",
            Some(AttachmentState::Clean) => "clean",
            Some(AttachmentState::Quarantined { .. }) => "quarantined",
        };
        if state != *ends {
            missing.push(format!("the upload {id} is {state}, not {ends}"));
        }
    }
    missing
}

/// Whatever was closed before the leap of the clock is archived after it, once; and all that can
/// happen to tickets happened to some.
pub(super) async fn everything_happens(laptop: &Laptop, done: &Acknowledged) {
    let old = done.appeals.values().filter(|appeal| appeal.half == 0);
    let old: BTreeSet<&str> = old.map(|appeal| appeal.number.as_str()).collect();
    let began = Instant::now();
    loop {
        let tickets = all_tickets(&laptop.store()).await;
        let closed = tickets
            .iter()
            .filter(|ticket| old.contains(ticket.number.as_str()) && ticket.closed.is_some());
        let (archived, left): (Vec<_>, Vec<_>) =
            closed.partition(|ticket| ticket.state == State::Archived);
        let events = tickets.iter().flat_map(|ticket| &ticket.events);
        let seen: BTreeSet<&str> = events.map(|e| e.happening.action().code()).collect();
        let missing: Vec<_> = ACTIONS
            .iter()
            .filter(|code| !seen.contains(**code))
            .collect();
        if left.is_empty() && missing.is_empty() {
            println!("archived: {}", archived.len());
            return tickets.iter().for_each(nothing_is_doubled);
        }
        assert!(
            began.elapsed() < ARRIVAL,
            "{missing:?} did not happen; not archived: {left:?}"
        );
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// The same key again is the same ticket.
pub(super) async fn same_key_same_ticket(laptop: &Laptop, done: &Acknowledged) {
    let city = laptop.context();
    let before = all_tickets(&laptop.store()).await.len();
    for (key, appeal) in done.appeals.iter().take(20) {
        let receipt = submit(&city, key, &appeal.body).await.unwrap();
        assert_eq!(receipt["number"], appeal.number.as_str());
    }
    assert_eq!(all_tickets(&laptop.store()).await.len(), before);
}
