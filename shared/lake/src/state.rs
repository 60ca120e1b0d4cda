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
    /// What the object with it is known by.
    #[serde(skip)]
    pub tag: Option<String>,
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

/// What counts of a part, if it was ever made.
pub async fn state(objects: &dyn LakeObjects, part: Part) -> Result<Option<State>, AppError> {
    let name = part.state();
    let Some((body, tag)) = objects.current(&name).await? else {
        return Ok(None);
    };
    let state: Result<State, _> = serde_json::from_slice(&body);
    let mut state = state.map_err(|error| AppError::Broken(format!("{name}: {error}")))?;
    state.tag = Some(tag);
    Ok(Some(state))
}

/// Every state there is.
pub async fn states(objects: &dyn LakeObjects) -> Result<BTreeMap<Part, State>, AppError> {
    let mut states = BTreeMap::new();
    for name in objects.names(STATES).await? {
        if let Some(part) = Part::of_state(&name)
            && let Some(state) = state(objects, part).await?
        {
            states.insert(part, state);
        }
    }
    Ok(states)
}

/// Switches a part: all its tables at once for our own readers, if nobody else did meanwhile; then, table
/// by table, for who reads by a catalogue. What counted before is removed only after that.
pub async fn switch(
    objects: &dyn LakeObjects,
    location: &str,
    part: Part,
    state: &mut State,
) -> Result<(), AppError> {
    let body = serde_json::to_vec_pretty(state);
    let body = body.map_err(|error| AppError::Broken(error.to_string()))?;
    let name = part.state();
    let tag = objects.replace(&name, body, state.tag.as_deref()).await?;
    let faster = || AppError::Unavailable(format!("{name}: another run made it meanwhile"));
    state.tag = Some(tag.ok_or_else(faster)?);
    for (table, files) in &state.tables {
        let lines = files.names().map(|name| format!("{location}/{name}\n"));
        let manifest: String = lines.collect();
        objects
            .put(&part.manifest(table), manifest.into_bytes())
            .await?;
    }
    Ok(())
}
