//! Makes the search index of what is shown (R-KB-2): one object, named by its content, and one small
//! object that names it, which is written last. Who searches sees the whole old index or the whole new
//! one.
//!
//! A change says that it comes before it does, so none goes unseen: the index is made again until it
//! was begun a while after the last one. Once a day it is written anyway, which keeps its object
//! younger than what the bucket sweeps.

use app::AppError;
use app::ports::Store as _;
use app::seals::SealObjects as _;
use chrono::{DateTime, Utc};
use cloud::objects::Bucket;
use domain::ids::hex;
use domain::knowledge::{KnowledgeEntry, wants_index};
use domain::registry::Registry;
use search::{IndexedEntry, build};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::DynamoStore;

/// The object that names the index.
const POINTER: &str = "current.json";

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indexed {
    /// Entries in the new index; none when there is no new one.
    pub entries: Option<usize>,
}

/// What names the index.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pointer {
    name: String,
    entries: usize,
    built_at: DateTime<Utc>,
}

/// Makes the index anew if it has to be.
pub async fn run(
    store: &DynamoStore,
    bucket: &Bucket,
    now: DateTime<Utc>,
) -> Result<Indexed, AppError> {
    let changed_at = store.knowledge_changed_at().await?;
    // One that cannot be read is made again, which is no loss.
    let pointer = bucket.get(POINTER).await.ok();
    let pointer = pointer.and_then(|it| serde_json::from_slice::<Pointer>(&it).ok());
    let built_at = pointer.map(|pointer| pointer.built_at);
    if !wants_index(changed_at, built_at, now) {
        return Ok(Indexed::default());
    }
    let reference = store.reference(now).await?;
    let entries = store.all_knowledge().await?;
    let entries = entries.iter();
    let entries = entries.filter_map(|entry| indexed(entry, &reference.registry));
    let entries: Vec<_> = entries.collect();
    let block = build(&entries).map_err(|error| AppError::Broken(error.to_string()))?;
    let name = format!("indexes/{}", hex(&Sha256::digest(&block)));
    bucket
        .store(&name, "application/octet-stream", block)
        .await?;
    let pointer = Pointer {
        name,
        entries: entries.len(),
        built_at: now,
    };
    let pointer = serde_json::to_vec(&pointer);
    let pointer = pointer.map_err(|error| AppError::Broken(error.to_string()))?;
    bucket.store(POINTER, "application/json", pointer).await?;
    Ok(Indexed {
        entries: Some(entries.len()),
    })
}

/// The entry as it is found, if it is shown.
fn indexed(entry: &KnowledgeEntry, registry: &Registry) -> Option<IndexedEntry> {
    let version = entry.shown()?;
    let content = &version.content;
    Some(IndexedEntry {
        id: entry.id.as_str().to_owned(),
        version: version.number,
        kind: content.kind.code().to_owned(),
        title: content.title.clone(),
        body: content.body.clone(),
        link: content.link.clone(),
        source: content.source.clone(),
        owner: registry.unit_name(&entry.unit).to_owned(),
        area: content.area.clone(),
        service_item: content.service_item.clone(),
        valid_from: content.valid_from,
        valid_to: content.valid_to,
        is_noticed: entry.due_at().is_some(),
    })
}
