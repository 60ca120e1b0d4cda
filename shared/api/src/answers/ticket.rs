//! The ticket page, for officers (R-UX-1): personal data masked (R-DP-1).

use app::documents::{AnswerDocument, CitedEntry, InterimDocument, RecordDocument};
use app::ports::{Attachment, Dossier, Reference};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ticket::Ticket;
use serde::Serialize;

use super::actions::{ClosedAction, OpenAction, Viewer, closed_actions, open_actions};
use super::callback::{CallbackView, RatedView, callback_view, rating_view};
use super::parts::{
    CoHandlerView, ExtensionForm, JointView, PendingView, SupplementView, co_handlers,
    extension_form, joint, pending, supplement,
};
use super::receipts::{Reader, ReceiptView, receipts};
use super::texts::{answer_of, appeal_text, guidance_of, interim_of, knowledge_of, record_of};
use super::views::{
    AppellantView, AttachmentView, ClockView, DeliveryView, SuggestionView, TimelineLine,
    attachment_view, clock_views, delivery_view, suggestion_view, timeline,
};

/// The ticket page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketPage {
    number: String,
    version: u32,
    state: &'static str,
    state_name: &'static str,
    channel: String,
    kind: &'static str,
    subject: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    text: String,
    /// The content is for the few that the policy names (Art. 11(2)).
    locked: bool,
    appellant: AppellantView,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<String>,
    managing_unit: String,
    responsible_unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    county: Option<String>,
    co_handlers: Vec<CoHandlerView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<PendingView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplement: Option<SupplementView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    joint: Option<JointView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extension_form: Option<ExtensionForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deferred_until: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review_on: Option<NaiveDate>,
    undelivered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<CallbackView>,
    received_at: DateTime<Utc>,
    clocks: Vec<ClockView>,
    receipts: Vec<ReceiptView>,
    timeline: Vec<TimelineLine>,
    attachments: Vec<AttachmentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<SuggestionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerDocument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    knowledge: Vec<CitedEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interim: Option<InterimDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<String>,
    deliveries: Vec<DeliveryView>,
    actions: Vec<OpenAction>,
    closed: Vec<ClosedAction>,
}

/// What the ticket page is made of.
#[derive(Debug)]
pub struct TicketParts<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// Texts, suggestion, deliveries.
    pub dossier: &'a Dossier,
    /// Attachments.
    pub attachments: &'a [Attachment],
    /// Reference data.
    pub reference: &'a Reference,
    /// Who looks.
    pub viewer: Viewer<'a>,
    /// Whether they may see what the appellant brought.
    pub sees_content: bool,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What the appellant brought; nothing of it for those who may not see it (Art. 11(2)).
fn content<'a>(parts: &TicketParts<'a>) -> (Option<String>, String, &'a [Attachment]) {
    if parts.sees_content {
        let (title, text) = appeal_text(parts.ticket, parts.dossier);
        (title, text, parts.attachments)
    } else {
        (None, String::new(), &[])
    }
}

/// The ticket page as sent: personal data masked (R-DP-1).
pub fn ticket_page(parts: &TicketParts<'_>) -> TicketPage {
    let TicketParts {
        ticket,
        dossier,
        reference,
        ..
    } = parts;
    let submission = &ticket.submission;
    let (title, text, attachments) = content(parts);
    TicketPage {
        number: ticket.number.to_string(),
        version: ticket.version(),
        state: ticket.state.code(),
        state_name: ticket.state.zh(),
        channel: submission.channel.to_string(),
        kind: submission.kind.code(),
        subject: submission.subject.code(),
        title,
        text,
        locked: ticket.is_locked(),
        appellant: AppellantView {
            kind: submission.appellant_kind.code(),
            reply_by: submission.reply_way.code(),
        },
        area: submission.area.clone(),
        service_item: submission.service_item.clone(),
        managing_unit: submission.managing_unit.to_string(),
        responsible_unit: ticket.responsible_unit.to_string(),
        county: ticket.county.as_ref().map(ToString::to_string),
        co_handlers: co_handlers(ticket, dossier, reference),
        pending: pending(ticket),
        supplement: supplement(ticket, dossier, parts.sees_content),
        joint: joint(ticket, reference),
        extension_form: extension_form(ticket, reference),
        deferred_until: ticket.deferred_until,
        review_on: ticket.review_on,
        undelivered: ticket.is_undelivered,
        rating: rating_view(ticket),
        callback: callback_view(ticket),
        received_at: ticket.received_at,
        receipts: receipts(ticket, reference, Reader::Officer),
        clocks: clock_views(&ticket.clocks(&reference.timetable), parts.now),
        timeline: timeline(ticket, dossier, reference),
        attachments: attachments.iter().map(attachment_view).collect(),
        suggestion: dossier
            .suggestion
            .as_ref()
            .map(|s| suggestion_view(s, reference)),
        record: record_of(ticket, dossier),
        answer: answer_of(ticket, dossier),
        knowledge: knowledge_of(ticket, dossier),
        interim: interim_of(ticket, dossier),
        guidance: guidance_of(ticket, dossier),
        deliveries: dossier.deliveries.iter().map(delivery_view).collect(),
        actions: open_actions(parts.viewer, ticket),
        closed: closed_actions(parts.viewer, ticket),
    }
}
