//! The parts of the ticket page.

use app::documents::Document;
use app::ports::{Attachment, AttachmentState, Delivery, Dossier, Reference};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, Event, Happening};
use domain::clocks::{Reading, Running};
use domain::signs::{Sign, Suggestion};
use domain::ticket::Ticket;
use serde::Serialize;

/// No name and no number: this function has no key to the vault.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppellantView {
    pub(super) kind: &'static str,
    pub(super) reply_by: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClockView {
    clock: &'static str,
    name: &'static str,
    article: &'static str,
    started_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    state: &'static str,
    overdue: bool,
    provisional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining_seconds: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TimelineLine {
    seq: usize,
    at: DateTime<Utc>,
    by: String,
    role: &'static str,
    action: &'static str,
    action_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttachmentView {
    id: String,
    content_type: String,
    size_bytes: u64,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detected_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    removed: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SuggestionView {
    managing_unit: String,
    emergency: Vec<SignView>,
    statutory: Vec<SignView>,
    units: Vec<LikelyUnitView>,
}

#[derive(Debug, Serialize)]
struct SignView {
    ground: &'static str,
    name: &'static str,
    words: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct LikelyUnitView {
    unit: String,
    name: String,
    score: u32,
    evidence: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct DeliveryView {
    id: String,
    arrived: bool,
    attempts: u32,
    at: DateTime<Utc>,
    outcome: String,
}

pub(super) fn clock_views(readings: &[Reading], now: DateTime<Utc>) -> Vec<ClockView> {
    let view = |reading: &Reading| ClockView {
        clock: reading.clock.code(),
        name: reading.clock.zh(),
        article: reading.article,
        started_at: reading.started_at,
        due_at: reading.due_before,
        state: match reading.running {
            Running::Yes => "running",
            Running::PausedAt(_) => "paused",
            Running::StoppedAt(_) => "stopped",
        },
        overdue: reading.is_overdue(now),
        provisional: reading.provisional,
        remaining_seconds: (reading.running == Running::Yes)
            .then(|| (reading.due_before - now).num_seconds()),
    };
    readings.iter().map(view).collect()
}

pub(super) fn timeline(ticket: &Ticket, dossier: &Dossier) -> Vec<TimelineLine> {
    let line = |(seq, event): (usize, &Event)| TimelineLine {
        seq: seq + 1,
        at: event.at,
        by: match &event.by {
            Actor::Officer { id, unit, .. } => format!("{unit}/{id}"),
            Actor::Channel(channel) => channel.to_string(),
            Actor::Appellant | Actor::System => event.by.role().zh().to_owned(),
        },
        role: event.by.role().zh(),
        action: event.happening.action().code(),
        action_name: event.happening.action().zh(),
        note: note(event, dossier),
    };
    ticket.events.iter().enumerate().map(line).collect()
}

fn note(event: &Event, dossier: &Dossier) -> Option<String> {
    let about = match &event.happening {
        Happening::Warned { clock, .. } | Happening::BecameOverdue { clock } => Some(clock.zh()),
        Happening::Contacted(contact) => Some(contact.outcome.zh()),
        Happening::Declined { ground, .. } => Some(ground.zh()),
        _ => None,
    };
    let words = event
        .happening
        .text()
        .and_then(|name| Document::find(&dossier.texts, name));
    match (about, words) {
        (Some(about), Some(Document::Note(words))) => Some(format!("{about}：{words}")),
        (None, Some(Document::Note(words))) => Some(words),
        (about, _) => about.map(str::to_owned),
    }
}

pub(super) fn attachment_view(attachment: &Attachment) -> AttachmentView {
    let (state, reason) = match &attachment.state {
        AttachmentState::Granted => ("granted", None),
        AttachmentState::Clean => ("clean", None),
        AttachmentState::Quarantined { reason } => ("quarantined", Some(reason.clone())),
    };
    AttachmentView {
        id: attachment.id.to_string(),
        content_type: attachment.content_type.clone(),
        size_bytes: attachment.size_bytes,
        state,
        detected_type: attachment.detected_type.clone(),
        reason,
        removed: attachment.removed.clone(),
    }
}

pub(super) fn suggestion_view(suggestion: &Suggestion, reference: &Reference) -> SuggestionView {
    let sign = |sign: &Sign| SignView {
        ground: sign.ground.code(),
        name: sign.ground.zh(),
        words: sign.words.clone(),
    };
    let (emergency, statutory): (Vec<&Sign>, Vec<&Sign>) = suggestion
        .signs
        .iter()
        .partition(|sign| sign.ground.is_emergency());
    let unit = |likely: &domain::signs::LikelyUnit| LikelyUnitView {
        unit: likely.unit.to_string(),
        name: reference.registry.unit_name(&likely.unit).to_owned(),
        score: likely.score,
        evidence: likely.evidence.clone(),
    };
    SuggestionView {
        managing_unit: suggestion.managing_unit.to_string(),
        emergency: emergency.into_iter().map(sign).collect(),
        statutory: statutory.into_iter().map(sign).collect(),
        units: suggestion.units.iter().map(unit).collect(),
    }
}

pub(super) fn delivery_view(delivery: &Delivery) -> DeliveryView {
    let Delivery {
        id,
        arrived,
        attempts,
        at,
        outcome,
    } = delivery.clone();
    DeliveryView {
        id,
        arrived,
        attempts,
        at,
        outcome,
    }
}
