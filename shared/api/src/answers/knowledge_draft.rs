//! A draft of an entry from the answer of a ticket (R-KB-4), with nobody in it.

use app::ports::Dossier;
use domain::ticket::Ticket;
use text::masking::{Known, mask};

use super::texts::{answer_of, appeal_text};
use crate::requests::Suggested;

/// Longest title that is suggested, in characters.
const TITLE_CHARACTERS: usize = 60;

/// Title and text of what was asked and answered, if the ticket was closed with an answer. Both were
/// masked when they came; masked again, what is left of people goes, at the cost of a unit's telephone.
pub fn suggested(ticket: &Ticket, dossier: &Dossier) -> Option<Suggested> {
    let answer = answer_of(ticket, dossier)?;
    let (title, text) = appeal_text(ticket, dossier);
    let title = title.unwrap_or_else(|| first_sentence(&text));
    let parts = [answer.result, answer.basis, answer.advice];
    let masked = |text: &str| mask(text, &Known::default()).text;
    Some(Suggested {
        title: masked(&title).chars().take(TITLE_CHARACTERS).collect(),
        body: masked(&parts.join("\n")),
        area: ticket.submission.area.clone(),
        service_item: ticket.submission.service_item.clone(),
    })
}

fn first_sentence(text: &str) -> String {
    let ends = ['。', '！', '？', '；', '\n'];
    text.split(ends).next().unwrap_or_default().to_owned()
}
