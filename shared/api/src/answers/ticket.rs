//! The ticket page, for officers (R-UX-1): personal data masked (R-DP-1).

use app::documents::{AnswerDocument, RecordDocument};
use app::ports::{Attachment, Dossier, Reference};
use chrono::{DateTime, Utc};
use domain::ticket::Ticket;
use domain::workflow::words::Role;
use serde::Serialize;

use super::actions::{OpenAction, open_actions};
use super::texts::{answer_of, appeal_text, record_of};
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
    appellant: AppellantView,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<String>,
    managing_unit: String,
    responsible_unit: String,
    received_at: DateTime<Utc>,
    clocks: Vec<ClockView>,
    timeline: Vec<TimelineLine>,
    attachments: Vec<AttachmentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<SuggestionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerDocument>,
    deliveries: Vec<DeliveryView>,
    actions: Vec<OpenAction>,
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
    /// The caller's roles.
    pub roles: &'a [Role],
    /// Now.
    pub now: DateTime<Utc>,
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
    let (title, text) = appeal_text(ticket, dossier);
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
        appellant: AppellantView {
            kind: submission.appellant_kind.code(),
            reply_by: submission.reply_way.code(),
        },
        area: submission.area.clone(),
        service_item: submission.service_item.clone(),
        managing_unit: submission.managing_unit.to_string(),
        responsible_unit: ticket.responsible_unit.to_string(),
        received_at: ticket.received_at,
        clocks: clock_views(&ticket.clocks(&reference.timetable), parts.now),
        timeline: timeline(ticket, dossier),
        attachments: parts.attachments.iter().map(attachment_view).collect(),
        suggestion: dossier
            .suggestion
            .as_ref()
            .map(|s| suggestion_view(s, reference)),
        record: record_of(ticket, dossier),
        answer: answer_of(ticket, dossier),
        deliveries: dossier.deliveries.iter().map(delivery_view).collect(),
        actions: open_actions(parts.roles, ticket.state),
    }
}
