//! What appellants write, as they wrote it (Art. 16; R-DP-1): where personal data stood in it, the
//! tickets keep it masked, and the vault keeps the original.

use domain::ids::{TextRef, VaultName};
use domain::personal::Personal;
use domain::ticket::Ticket;
use text::masking::Known;

use crate::documents::Document;
use crate::error::AppError;
use crate::ports::Vault;

/// A text for the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its name there.
    pub name: VaultName,
    /// The document.
    pub bytes: Personal<Vec<u8>>,
}

impl Original {
    /// What the vault keeps beside the record `vault`, of the masked text `text`.
    pub fn of(vault: &VaultName, text: &TextRef, document: &Document) -> Result<Self, AppError> {
        let (_, bytes) = document.seal()?;
        Ok(Self {
            name: Self::name(vault, text),
            bytes: Personal::new(bytes),
        })
    }

    fn name(vault: &VaultName, text: &TextRef) -> VaultName {
        let parts = [vault.record().as_bytes(), text.as_str().as_bytes()];
        VaultName::of(vault.appellant.clone(), &parts)
    }
}

/// Words that an appellant adds to a ticket.
#[derive(Debug, Default)]
pub struct Words {
    /// Name of the text.
    pub text: Option<TextRef>,
    /// The text, masked.
    pub documents: Vec<Document>,
    /// What goes into the vault.
    pub originals: Vec<Original>,
}

/// Masks what an appellant adds to a ticket. Their name is in the vault, which the front door does not
/// read: in what comes later, names are told by their cues.
pub fn words(ticket: &Ticket, written: Option<String>) -> Result<Words, AppError> {
    let Some(written) = written else {
        return Ok(Words::default());
    };
    let original = Document::Note(written);
    let document = original.masked(&Known::default())?;
    let (text, _) = document.seal()?;
    let record = &ticket.submission.vault;
    let is_kept = document != original && ticket.erased_at.is_none();
    let originals = is_kept.then(|| Original::of(record, &text, &original));
    Ok(Words {
        originals: originals.into_iter().collect::<Result<_, _>>()?,
        text: Some(text),
        documents: vec![document],
    })
}

/// Every text of the ticket that was masked, as its appellant wrote it, by the event's number.
pub async fn originals(
    vault: &dyn Vault,
    ticket: &Ticket,
) -> Result<Vec<(usize, Personal<Document>)>, AppError> {
    let mut found = Vec::new();
    for (index, event) in ticket.events.iter().enumerate() {
        let Some(text) = event.happening.appellants_text() else {
            continue;
        };
        let name = Original::name(&ticket.submission.vault, text);
        if let Some(bytes) = vault.original(ticket, &name).await? {
            let document = Document::open(bytes.reveal())?;
            found.push((index + 1, Personal::new(document)));
        }
    }
    Ok(found)
}
