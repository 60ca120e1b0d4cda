//! 归档 (Art. 6(3); R-CB-5): a closed ticket becomes one document that is complete by itself:
//! content, attachments' checksums, every event. Then the ticket is marked archived.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Actor;
use domain::ids::{Digest, TextRef, hex};
use domain::ticket::{Ticket, TicketKey};
use domain::workflow::command::Command;
use serde::{Deserialize, Serialize};

use crate::act::{Wish, act_on};
use crate::error::AppError;
use crate::ports::{AttachmentState, Store, TIMER_SHARDS, TimerList};

/// Where archived documents are kept.
#[async_trait]
pub trait ArchiveObjects: Send + Sync {
    /// Stores a document; the same name and content again is the same document.
    async fn put(&self, name: &str, document: Vec<u8>) -> Result<(), AppError>;
}

/// The archived document, version 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveDocument {
    /// Version of this form.
    pub form: u8,
    /// Number of the ticket.
    pub number: String,
    /// Every event, in order.
    pub events: Vec<ArchivedEvent>,
    /// Head of the hash chain over the events, in hex.
    pub chain: String,
    /// Every text, by name.
    pub texts: Vec<ArchivedText>,
    /// Attachments with their checksums.
    pub attachments: Vec<ArchivedAttachment>,
}

/// An archived event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as one word.
    pub by: String,
    /// What.
    pub action: String,
    /// Under which rulebook.
    pub rulebook: u16,
    /// Its facts.
    pub facts: Vec<(String, String)>,
}

/// An archived text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArchivedText {
    /// Its name: its content's hash.
    pub name: String,
    /// The document, as stored.
    pub document: serde_json::Value,
}

/// An archived attachment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedAttachment {
    /// Its upload.
    pub id: String,
    /// SHA-256 of the original, base64.
    pub sha256: String,
    /// Size of the original.
    pub size_bytes: u64,
    /// Declared content type.
    pub content_type: String,
    /// Whether it was released.
    pub released: bool,
}

/// What an archiving run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArchiveRun {
    /// Tickets archived.
    pub archived: u32,
    /// Tickets that changed meanwhile or were not ready: the next run sees them again.
    pub left: u32,
}

/// Archives every closed ticket whose time has come.
pub async fn archive_due(
    store: &dyn Store,
    objects: &dyn ArchiveObjects,
    now: DateTime<Utc>,
) -> Result<ArchiveRun, AppError> {
    let mut run = ArchiveRun::default();
    for shard in 0..TIMER_SHARDS {
        for key in store.due(TimerList::Archive, shard, now).await? {
            match archive_one(store, objects, &key, now).await {
                Ok(()) => run.archived += 1,
                Err(AppError::Refused { .. } | AppError::ChangedMeanwhile(_)) => run.left += 1,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(run)
}

async fn archive_one(
    store: &dyn Store,
    objects: &dyn ArchiveObjects,
    key: &TicketKey,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(ticket) = store.load(key).await? else {
        return Ok(());
    };
    let document = document(store, &ticket).await?;
    let bytes =
        serde_json::to_vec(&document).map_err(|error| AppError::Broken(error.to_string()))?;
    let digest = Digest(TextRef::of(&bytes));
    let month = domain::calendar::to_shanghai(ticket.received_at).format("%Y/%m");
    let name = format!("tickets/{month}/{}.json", ticket.number);
    objects.put(&name, bytes).await?;
    let wish = Wish {
        number: ticket.number.clone(),
        command: Command::Archive { digest },
        documents: Vec::new(),
        originals: Vec::new(),
        seen_version: Some(ticket.version()),
        at: now,
    };
    act_on(store, ticket, &wish, &|_| Ok(Actor::System))
        .await
        .map(|_| ())
}

async fn document(store: &dyn Store, ticket: &Ticket) -> Result<ArchiveDocument, AppError> {
    let dossier = store.dossier(&ticket.number.key()).await?;
    let mut attachments = Vec::new();
    for id in ticket.attachments() {
        if let Some(kept) = store.attachment(id).await? {
            attachments.push(ArchivedAttachment {
                id: id.to_string(),
                released: kept.state == AttachmentState::Clean,
                sha256: kept.sha256,
                size_bytes: kept.size_bytes,
                content_type: kept.content_type,
            });
        }
    }
    let mut texts = Vec::new();
    for event in &ticket.events {
        let Some(name) = event.happening.text() else {
            continue;
        };
        let (_, bytes) = dossier
            .texts
            .iter()
            .find(|(each, _)| each == name)
            .ok_or_else(|| {
                AppError::Broken(format!("ticket {} lacks a text it names", ticket.number))
            })?;
        let document =
            serde_json::from_slice(bytes).map_err(|error| AppError::Broken(error.to_string()))?;
        texts.push(ArchivedText {
            name: name.as_str().to_owned(),
            document,
        });
    }
    Ok(ArchiveDocument {
        form: 1,
        number: ticket.number.to_string(),
        events: ticket.events.iter().map(archived_event).collect(),
        chain: hex(&ticket.chain.0),
        texts,
        attachments,
    })
}

fn archived_event(event: &domain::audit::Event) -> ArchivedEvent {
    let facts = event.happening.facts();
    ArchivedEvent {
        at: event.at,
        by: event.by.to_word(),
        action: event.happening.action().code().to_owned(),
        rulebook: event.rulebook,
        facts: facts
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}
