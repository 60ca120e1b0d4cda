//! The parts of the ticket page.

use app::documents::Document;
use app::ports::{Attachment, AttachmentState, Delivery, Dossier, Reference};
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::{Actor, Event, Happening};
use domain::clocks::{Reading, Running};
use domain::ids::UnitId;
use domain::signs::{Sign, Suggestion};
use domain::ticket::Ticket;
use serde::Serialize;

use super::receipts::running;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
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
        clock: reading.id.clock.code(),
        name: reading.id.clock.zh(),
        unit: reading.id.unit.as_ref().map(ToString::to_string),
        article: reading.article,
        started_at: reading.started_at,
        due_at: reading.due_before,
        state: running(reading.running),
        overdue: reading.is_overdue(now),
        provisional: reading.provisional,
        remaining_seconds: (reading.running == Running::Yes)
            .then(|| (reading.due_before - now).num_seconds()),
    };
    readings.iter().map(view).collect()
}

pub(super) fn timeline(
    ticket: &Ticket,
    dossier: &Dossier,
    reference: &Reference,
) -> Vec<TimelineLine> {
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
        note: note(event, dossier, reference),
    };
    ticket.events.iter().enumerate().map(line).collect()
}

fn note(event: &Event, dossier: &Dossier, reference: &Reference) -> Option<String> {
    let about = about(&event.happening, reference);
    let words = event
        .happening
        .text()
        .and_then(|name| Document::find(&dossier.texts, name))
        .and_then(in_words);
    match (about, words) {
        (Some(about), Some(words)) => Some(format!("{about}：{words}")),
        (about, words) => about.or(words),
    }
}

fn in_words(document: Document) -> Option<String> {
    match document {
        Document::Note(words) => Some(words),
        Document::Return {
            ground,
            explanation,
        } => Some(joined(&[
            &ground,
            explanation.as_deref().unwrap_or_default(),
        ])),
        Document::Plan {
            measures,
            responsible,
            reason,
        } => Some(joined(&[
            &measures,
            &format!("责任人：{responsible}"),
            &reason,
        ])),
        // They have places of their own on the page.
        Document::Appeal { .. } | Document::Answer { .. } | Document::SupplementList(_) => None,
    }
}

/// What several people wrote as one line: whoever ends with a full stop has said enough.
fn joined(parts: &[&str]) -> String {
    let said = parts.iter().filter(|part| !part.is_empty());
    let cut = said.map(|part| part.trim_end_matches(['。', '；', '.', ';']));
    cut.collect::<Vec<_>>().join("；")
}

/// What an event is about, besides its words.
fn about(happening: &Happening, reference: &Reference) -> Option<String> {
    let name = |unit: &UnitId| reference.registry.unit_name(unit).to_owned();
    let names = |units: &[UnitId]| units.iter().map(name).collect::<Vec<_>>().join("、");
    let day = |date: &NaiveDate| date.format("%Y年%m月%d日").to_string();
    Some(match happening {
        Happening::Warned { id, .. } | Happening::BecameOverdue { id } => {
            let unit = id.unit.as_ref().map(|unit| format!("（{}）", name(unit)));
            format!("{}{}", id.clock.zh(), unit.unwrap_or_default())
        }
        Happening::Contacted { contact } => contact.outcome.zh().to_owned(),
        Happening::Revealed { purpose } => purpose.zh().to_owned(),
        Happening::Erased { ground, .. } => ground.zh().to_owned(),
        Happening::Declined { ground, .. } => ground.zh().to_owned(),
        Happening::Explained { ground, .. } => ground.zh().to_owned(),
        Happening::CitedEarlier { earlier, .. } => earlier.to_string(),
        Happening::Dispatched {
            unit, co_handlers, ..
        }
        | Happening::JointConcluded {
            unit, co_handlers, ..
        } if !co_handlers.is_empty() => {
            format!("{}牵头，{}协办", name(unit), names(co_handlers))
        }
        Happening::Dispatched { unit, .. }
        | Happening::JointConcluded { unit, .. }
        | Happening::Transferred { unit, .. }
        | Happening::CoHandlerReleased { unit, .. }
        | Happening::OpinionGiven { unit, .. } => name(unit),
        Happening::CoHandlersAppointed { units, .. } => names(units),
        Happening::JointOpened { cause, members, .. } => {
            format!("{}，{}参加", cause.zh(), names(members))
        }
        Happening::MeetingRecorded { on, .. } => day(on),
        Happening::ReturnRequested {
            reason, suggested, ..
        } => format!("{}，建议由{}承办", reason.zh(), name(suggested)),
        Happening::ReturnAccepted { to, .. } => format!("由{}重新分派", name(to)),
        Happening::ReturnRefused { unit, .. } => format!("仍由{}办理", name(unit)),
        Happening::ExtensionRequested { days, .. } | Happening::ExtensionGranted { days, .. } => {
            format!("{days}个工作日")
        }
        Happening::DeferralRequested { until, .. } | Happening::DeferralGranted { until, .. } => {
            format!("至{}", day(until))
        }
        Happening::Closed { outcome, .. } => outcome.zh().to_owned(),
        Happening::UnsolvedReviewed { next_on, .. } => match next_on {
            Some(on) => format!("下次复核{}", day(on)),
            None => "移出登记".to_owned(),
        },
        Happening::DeadlineMoved { because, .. } => because.clone(),
        _ => return None,
    })
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
