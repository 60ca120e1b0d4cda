//! Makes the search index of what is shown (R-KB-2): one object, named by its content, and one small
//! object that names it, which is written last. Who searches sees the whole old index or the whole new
//! one.
//!
//! A change says that it comes before it does, so none goes unseen: the index is made again until it
//! was begun a while after the last one. Once a day it is written anyway, which keeps its object
//! younger than what the bucket sweeps.

use app::AppError;
use app::ports::Store as _;
use chrono::{DateTime, TimeDelta, Utc};
use cloud::objects::Bucket;
use domain::ids::hex;
use domain::knowledge::KnowledgeEntry;
use domain::registry::Registry;
use search::{IndexedEntry, build};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::{DynamoStore, IndexInstants};

/// The object that names the index.
const POINTER: &str = "current.json";

/// Longer than a change takes from its word to its write: the front door waits half as long.
const SETTLED: TimeDelta = TimeDelta::seconds(60);

/// How old an index may become.
const LIFE: TimeDelta = TimeDelta::days(1);

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indexed {
    /// Entries in the new index; none when there is no new one.
    pub entries: Option<usize>,
    /// Its size.
    pub size_bytes: usize,
}

/// What names the index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pointer<'a> {
    name: &'a str,
    entries: usize,
    built_at: DateTime<Utc>,
}

/// Makes the index anew if it has to be.
pub async fn run(
    store: &DynamoStore,
    bucket: &Bucket,
    now: DateTime<Utc>,
) -> Result<Indexed, AppError> {
    if !is_wanted(store.knowledge_index_instants().await?, now) {
        return Ok(Indexed::default());
    }
    let reference = store.reference(now).await?;
    let entries = store.all_knowledge().await?;
    let entries = entries.iter();
    let entries = entries.filter_map(|entry| indexed(entry, &reference.registry));
    let entries: Vec<_> = entries.collect();
    let block = build(&entries).map_err(|error| AppError::Broken(error.to_string()))?;
    let size_bytes = block.len();
    let name = format!("indexes/{}", hex(&Sha256::digest(&block)));
    bucket
        .store(&name, "application/octet-stream", block)
        .await?;
    let pointer = Pointer {
        name: &name,
        entries: entries.len(),
        built_at: now,
    };
    let pointer = serde_json::to_vec(&pointer);
    let pointer = pointer.map_err(|error| AppError::Broken(error.to_string()))?;
    bucket.store(POINTER, "application/json", pointer).await?;
    store.knowledge_indexed(now).await?;
    Ok(Indexed {
        entries: Some(entries.len()),
        size_bytes,
    })
}

fn is_wanted(instants: IndexInstants, now: DateTime<Utc>) -> bool {
    instants.built_at.is_none_or(|built_at| {
        let is_settled = |changed_at| built_at >= changed_at + SETTLED;
        now - built_at >= LIFE || !instants.changed_at.is_none_or(is_settled)
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
        owner: registry.unit_name(&entry.owner).to_owned(),
        area: content.area.clone(),
        service_item: content.service_item.clone(),
        valid_from: content.valid_from,
        valid_to: content.valid_to,
        is_noticed: entry.due_at().is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_kb_2_an_index_is_made_anew_until_it_is_younger_than_every_change() {
        let at = |seconds| DateTime::from_timestamp(1_772_416_800 + seconds, 0).unwrap();
        for (changed, built, now, wanted) in [
            (None, None, 0, true),
            (Some(5), None, 10, true),
            (None, Some(0), 10, false),
            (Some(5), Some(0), 10, true),
            // Begun after the change was said, and perhaps before it was written.
            (Some(5), Some(10), 70, true),
            (Some(5), Some(65), 70, false),
            (Some(5), Some(65), 65 + 86_400, true),
        ] {
            let instants = IndexInstants {
                changed_at: changed.map(at),
                built_at: built.map(at),
            };
            let wants = is_wanted(instants, at(now));
            assert_eq!(wants, wanted, "{changed:?} {built:?} {now}");
        }
    }
}
