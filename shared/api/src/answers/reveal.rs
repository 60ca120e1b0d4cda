//! Personal data in clear, for an officer who said what for (Art. 16; R-DP-1).

use std::fmt;

use app::documents::Document;
use domain::appeal::Appellant;
use domain::personal::Personal;
use domain::ticket::Ticket;
use serde::Serialize;

/// What was looked at. The only answer for officers with personal data in it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevealedPage {
    number: String,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    appellant: Option<RevealedAppellant>,
    originals: Vec<OriginalView>,
}

impl fmt::Debug for RevealedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RevealedAppellant {
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

/// A text as the appellant wrote it, by its line in the timeline.
#[derive(Serialize)]
struct OriginalView {
    seq: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    text: String,
}

/// What the vault keeps of the ticket: its appellant, and every text that stands masked in it.
pub fn revealed_page(
    ticket: &Ticket,
    appellant: Option<&Appellant>,
    originals: &[(usize, Personal<Document>)],
) -> RevealedPage {
    let clear = |value: &Option<Personal<String>>| value.as_ref().map(|it| it.reveal().clone());
    let original = |(seq, document): &(usize, Personal<Document>)| {
        let (title, text) = match document.reveal().clone() {
            Document::Appeal { title, text } => (title, text),
            Document::Note(text) => (None, text),
            // Appellants write nothing else.
            _ => return None,
        };
        let seq = *seq;
        Some(OriginalView { seq, title, text })
    };
    RevealedPage {
        number: ticket.number.to_string(),
        version: ticket.version(),
        appellant: appellant.map(|it| RevealedAppellant {
            kind: it.kind.code(),
            name: it.name.reveal().clone(),
            phone: clear(&it.phone),
            identity_number: clear(&it.identity_number),
            address: clear(&it.address),
        }),
        originals: originals.iter().filter_map(original).collect(),
    }
}
