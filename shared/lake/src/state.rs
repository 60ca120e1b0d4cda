//! What counts of a part of the lake: which files, as of when, made from what.

use std::collections::BTreeMap;

use app::AppError;
use app::lake::LakeObjects;
use chrono::{DateTime, Utc};
use domain::clocks::Timetable;
use domain::ids::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::names::{Part, STATES};
use crate::rows::TicketRow;

/// A file of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Its name.
    pub name: String,
    /// How long it is.
    pub bytes: usize,
}

/// The files of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// In the order of their rows.
    pub files: Vec<DataFile>,
    /// Rows in them.
    pub rows: usize,
}

impl Files {
    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.files.iter().map(|file| &file.name)
    }
}

/// What counts of a part of the lake, version 1. Written last: with it the part is switched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// Version of this form.
    pub form: u8,
    /// Its generation.
    pub generation: String,
    /// How it stood in the moment before.
    pub as_of: DateTime<Utc>,
    /// Every event in a file written before this stamp is in it.
    pub taken_until: String,
    /// Digest of calendar and rulebooks that it was reckoned with.
    pub timetable: String,
    /// Tickets that were open then: what their clocks say changes with time alone.
    pub open: usize,
    /// Tickets whose events cannot be folded.
    pub unfolded: Vec<String>,
    /// Tickets that have to be looked for once more: their appellant was erased.
    pub unproved: Vec<String>,
    /// Tickets and a digest of their rows.
    pub tally: Tally,
    /// Files by table.
    pub tables: BTreeMap<String, Files>,
}

/// How many tickets there are, and a digest of their rows in whatever order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Tickets.
    pub tickets: usize,
    /// Sum of the digests of their rows.
    pub digest: u64,
}

impl Tally {
    /// Counts a ticket in. What erasing takes away is left out: it comes to the lake a night later.
    pub fn add(&mut self, row: &TicketRow) {
        let row = TicketRow {
            subject_key: None,
            title: None,
            text: None,
            ..row.clone()
        };
        let digest = Sha256::digest(format!("{row:?}"));
        let digest = digest.iter().take(8);
        let digest = digest.fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        self.tickets += 1;
        self.digest = self.digest.wrapping_add(digest);
    }
}

/// Digest of calendar and rulebooks.
pub fn timetable_digest(timetable: &Timetable) -> String {
    hex(Sha256::digest(format!("{timetable:?}")).iter().take(8))
}

/// Every state there is.
pub async fn states(objects: &dyn LakeObjects) -> Result<BTreeMap<Part, State>, AppError> {
    let mut states = BTreeMap::new();
    for name in objects.names(STATES).await? {
        let Some(part) = Part::of_state(&name) else {
            continue;
        };
        let state = serde_json::from_slice(&objects.get(&name, None).await?);
        let state = state.map_err(|error| AppError::Broken(format!("{name}: {error}")))?;
        states.insert(part, state);
    }
    Ok(states)
}

/// Switches a part: first for who reads by a catalogue, table by table, then for all tables at once.
pub async fn switch(
    objects: &dyn LakeObjects,
    location: &str,
    part: Part,
    state: &State,
) -> Result<(), AppError> {
    for (table, files) in &state.tables {
        let lines = files.names().map(|name| format!("{location}/{name}\n"));
        let manifest: String = lines.collect();
        objects
            .put(&part.manifest(table), manifest.into_bytes())
            .await?;
    }
    let body = serde_json::to_vec_pretty(state);
    let body = body.map_err(|error| AppError::Broken(error.to_string()))?;
    objects.put(&part.state(), body).await
}
