//! What several units, requests and lists add to the ticket page.

use app::documents::{Document, SupplementItemDocument};
use app::ports::{Dossier, Reference};
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::Happening;
use domain::clocks::{Turn, reckon};
use domain::ids::UnitId;
use domain::ticket::{CoStage, Pending, Ticket};
use domain::workflow::words::Clock;
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CoHandlerView {
    unit: String,
    name: String,
    stage: &'static str,
    stage_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    opinion: Option<String>,
}

pub(super) fn co_handlers(
    ticket: &Ticket,
    dossier: &Dossier,
    reference: &Reference,
) -> Vec<CoHandlerView> {
    let view = |part: &domain::ticket::CoHandling| {
        let (stage, stage_name) = match &part.stage {
            CoStage::ToSign => ("to_sign", "待签收"),
            CoStage::Signed => ("signed", "待出具意见"),
            CoStage::Given(_) => ("given", "已出具意见"),
            CoStage::Released => ("released", "已免除"),
        };
        let opinion = match &part.stage {
            CoStage::Given(text) => Document::note(&dossier.texts, text),
            _ => None,
        };
        CoHandlerView {
            unit: part.unit.to_string(),
            name: reference.registry.unit_name(&part.unit).to_owned(),
            stage,
            stage_name,
            opinion,
        }
    };
    ticket.co_handling.iter().map(view).collect()
}

/// What waits for a decision.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PendingView {
    kind: &'static str,
    name: &'static str,
    decider: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggested: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
}

pub(super) fn pending(ticket: &Ticket) -> Option<PendingView> {
    let mut view = PendingView {
        kind: "",
        name: "",
        decider: ticket.decider().to_string(),
        reason: None,
        suggested: None,
        days: None,
        until: None,
    };
    (view.kind, view.name) = match ticket.pending.as_ref()? {
        Pending::Return { reason, suggested } => {
            view.reason = Some(reason.zh());
            view.suggested = Some(suggested.to_string());
            ("return", "退回")
        }
        Pending::Extension { days } => {
            view.days = Some(*days);
            ("extension", "延期")
        }
        Pending::Deferral { until } => {
            view.until = Some(*until);
            ("deferral", "延期整改")
        }
    };
    Some(view)
}

/// A supplement list, item by item.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SupplementView {
    is_open: bool,
    items: Vec<ItemView>,
    answers: Vec<AnswerView>,
}

#[derive(Debug, Serialize)]
struct ItemView {
    item: usize,
    what: String,
    why: String,
    how: String,
    answered: bool,
}

#[derive(Debug, Serialize)]
struct AnswerView {
    at: DateTime<Utc>,
    items: Vec<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    attachments: Vec<String>,
}

/// The last list and what came in answer to it. `with_words`: also the appellant's own words.
pub(super) fn supplement(
    ticket: &Ticket,
    dossier: &Dossier,
    with_words: bool,
) -> Option<SupplementView> {
    let supplement = ticket.supplement.as_ref()?;
    let list = match Document::find(&dossier.texts, &supplement.text) {
        Some(Document::SupplementList(list)) => list,
        _ => Vec::new(),
    };
    let item = |(item, listed): (usize, SupplementItemDocument)| ItemView {
        item,
        what: listed.what,
        why: listed.why,
        how: listed.how,
        answered: supplement
            .answered
            .iter()
            .any(|each| usize::from(*each) == item),
    };
    // Answers to an earlier unit's list are in the timeline.
    let since = ticket
        .events
        .iter()
        .rposition(|event| matches!(event.happening, Happening::SupplementRequested { .. }));
    let answers = ticket.events.iter().skip(since.unwrap_or_default());
    let answers = answers.filter_map(|event| match &event.happening {
        Happening::SupplementAnswered {
            items,
            attachments,
            text,
        } => Some(AnswerView {
            at: event.at,
            items: items.clone(),
            text: text
                .as_ref()
                .filter(|_| with_words)
                .and_then(|text| Document::note(&dossier.texts, text)),
            attachments: attachments.iter().map(ToString::to_string).collect(),
        }),
        _ => None,
    });
    Some(SupplementView {
        is_open: supplement.is_open,
        items: (1..).zip(list).map(item).collect(),
        answers: answers.collect(),
    })
}

/// Joint handling.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JointView {
    members: Vec<MemberView>,
    meetings: u32,
    raised: bool,
}

#[derive(Debug, Serialize)]
struct MemberView {
    unit: String,
    name: String,
}

pub(super) fn joint(ticket: &Ticket, reference: &Reference) -> Option<JointView> {
    let joint = ticket.joint.as_ref()?;
    let member = |unit: &UnitId| MemberView {
        unit: unit.to_string(),
        name: reference.registry.unit_name(unit).to_owned(),
    };
    Some(JointView {
        members: joint.members.iter().map(member).collect(),
        meetings: joint.meetings,
        raised: joint.is_raised,
    })
}

/// What the form of an extension shows before it is sent: the cap, and the new date of each choice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExtensionForm {
    most_days: u32,
    choices: Vec<ExtensionChoice>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtensionChoice {
    days: u32,
    due_at: DateTime<Utc>,
}

pub(super) fn extension_form(ticket: &Ticket, reference: &Reference) -> Option<ExtensionForm> {
    let timetable = &reference.timetable;
    let rulebook = ticket.rulebook(timetable);
    let handle = ticket.clock(Clock::Handle, timetable)?;
    if handle.is_stopped() || ticket.extended_days.is_some() {
        return None;
    }
    let choice = |days| {
        let mut extended = handle.clone();
        let at = extended.started_at;
        extended.turns.push((at, Turn::ExtendedBy(days)));
        let due = reckon::due(&extended, &rulebook, &timetable.calendar);
        ExtensionChoice {
            days,
            due_at: due.at,
        }
    };
    Some(ExtensionForm {
        most_days: rulebook.extension_days,
        choices: (1..=rulebook.extension_days).map(choice).collect(),
    })
}
