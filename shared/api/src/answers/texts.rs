//! What stands in a ticket's texts: the appeal, the answer, the record, the guidance.

use app::documents::{AnswerDocument, Document, RecordDocument};
use app::ports::Dossier;
use domain::ticket::{How, Ticket};

use super::guidance::guidance;

/// Title and text of the appeal.
pub fn appeal_text(ticket: &Ticket, dossier: &Dossier) -> (Option<String>, String) {
    match Document::find(&dossier.texts, &ticket.submission.text) {
        Some(Document::Appeal { title, text }) => (title, text),
        _ => (None, String::new()),
    }
}

/// The answer, if the ticket was closed with one.
pub fn answer_of(ticket: &Ticket, dossier: &Dossier) -> Option<AnswerDocument> {
    let (How::Answered { text, .. } | How::AnsweredDirectly { text }) = ticket.closed.as_ref()?
    else {
        return None;
    };
    match Document::find(&dossier.texts, text)? {
        Document::Answer { answer, .. } => Some(answer),
        _ => None,
    }
}

/// The handling record, if a unit closed the ticket.
pub(super) fn record_of(ticket: &Ticket, dossier: &Dossier) -> Option<RecordDocument> {
    let How::Answered { text, .. } = ticket.closed.as_ref()? else {
        return None;
    };
    match Document::find(&dossier.texts, text)? {
        Document::Answer { record, .. } => record,
        _ => None,
    }
}

/// The guidance of an appeal that was not accepted.
pub fn guidance_of(ticket: &Ticket, dossier: &Dossier) -> Option<String> {
    let How::NotAccepted {
        ground,
        explanation,
    } = ticket.closed.as_ref()?
    else {
        return None;
    };
    let (text, _) = guidance(*ground);
    let more = explanation
        .as_ref()
        .and_then(|name| Document::find(&dossier.texts, name));
    match more {
        Some(Document::Note(more)) => Some(format!("{text}{more}")),
        _ => Some(text.to_owned()),
    }
}
