//! What stands in a ticket's texts: the appeal, the answer, the record, the guidance.

use app::documents::{AnswerDocument, CitedEntry, Document, InterimDocument, RecordDocument};
use app::ports::Dossier;
use domain::ids::TextRef;
use domain::ticket::{How, Ticket};

use super::guidance::guidance;

/// Title and text of the appeal.
pub fn appeal_text(ticket: &Ticket, dossier: &Dossier) -> (Option<String>, String) {
    match Document::find(&dossier.texts, &ticket.submission.text) {
        Some(Document::Appeal { title, text }) => (title, text),
        _ => (None, String::new()),
    }
}

/// The text with which the ticket was closed, if it was closed with an answer: a unit's, the
/// desk's, or that of the earlier ticket on the same matter.
pub const fn answer_name(ticket: &Ticket) -> Option<&TextRef> {
    match ticket.closed.as_ref() {
        Some(How::Answered { text, .. } | How::AnsweredDirectly { text }) => Some(text),
        Some(How::Repeated { text, .. }) => text.as_ref(),
        _ => None,
    }
}

/// The answer, if the ticket was closed with one.
pub fn answer_of(ticket: &Ticket, dossier: &Dossier) -> Option<AnswerDocument> {
    match Document::find(&dossier.texts, answer_name(ticket)?)? {
        Document::Answer { answer, .. } => Some(answer),
        _ => None,
    }
}

/// The entries of the knowledge base that the answer rests on.
pub(super) fn knowledge_of(ticket: &Ticket, dossier: &Dossier) -> Vec<CitedEntry> {
    let name = answer_name(ticket);
    match name.and_then(|name| Document::find(&dossier.texts, name)) {
        Some(Document::Answer { knowledge, .. }) => knowledge,
        _ => Vec::new(),
    }
}

/// The handling record, if a unit closed the ticket.
pub(super) fn record_of(ticket: &Ticket, dossier: &Dossier) -> Option<RecordDocument> {
    let How::Answered { text, .. } = ticket.closed.as_ref()? else {
        return None;
    };
    match Document::find(&dossier.texts, text)? {
        Document::Answer { record, .. } => record.map(|record| *record),
        _ => None,
    }
}

/// Why the matter cannot be solved now, and what is done meanwhile (Art. 13(6)).
pub(super) fn interim_of(ticket: &Ticket, dossier: &Dossier) -> Option<InterimDocument> {
    match Document::find(&dossier.texts, answer_name(ticket)?)? {
        Document::Answer { interim, .. } => interim,
        _ => None,
    }
}

/// What the appellant is told of an appeal that is not handled here (Art. 11).
pub fn guidance_of(ticket: &Ticket, dossier: &Dossier) -> Option<String> {
    let words = |name: &TextRef| Document::note(&dossier.texts, name);
    match ticket.closed.as_ref()? {
        How::NotAccepted {
            ground,
            explanation,
        } => {
            let (text, _) = guidance(*ground);
            let more = explanation.as_ref().and_then(words).unwrap_or_default();
            Some(format!("{text}{more}"))
        }
        How::Explained { ground, text } => {
            let explanation = words(text).unwrap_or_default();
            Some(format!("您提交的内容{}。{explanation}", ground.zh()))
        }
        How::Referred { text } => {
            let guidance = words(text).unwrap_or_default();
            Some(format!("您反映的事项不属于本市管辖。{guidance}"))
        }
        How::Repeated { earlier, .. } => Some(format!(
            "您反映的事项与诉求{earlier}相同且无新情况，现告知其办理结果或进度。"
        )),
        How::Answered { .. } | How::AnsweredDirectly { .. } | How::Withdrawn => None,
    }
}
