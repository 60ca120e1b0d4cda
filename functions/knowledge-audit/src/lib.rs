//! 知识库更新滞后 (Art. 17(4); R-KB-3): notices past their limit are found at a cost that depends on how
//! many there are, and marked once, however often, late or many-fold this runs. The mark stays with the
//! notice: who gave it, what of, when it was due, and how it ended.

use app::AppError;
use app::ports::Committed;
use chrono::{DateTime, Utc};
use store::DynamoStore;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Audited {
    /// Entries with a notice whose time had come.
    pub due: u32,
    /// Notices that were marked.
    pub marked: u32,
    /// Entries that somebody else changed meanwhile: the next run sees them again.
    pub lost_races: u32,
}

/// Marks every notice that is past its limit at `now`.
pub async fn run(store: &DynamoStore, now: DateTime<Utc>) -> Result<Audited, AppError> {
    let mut audited = Audited::default();
    for id in store.due_knowledge(now).await? {
        audited.due += 1;
        let Some(mut entry) = store.knowledge(&id).await? else {
            continue;
        };
        let read = entry.writes;
        let marked = entry.mark_overdue(now);
        // The index may show what was marked a moment ago.
        if marked == 0 {
            continue;
        }
        match store.put_knowledge(&entry, read, None).await? {
            Committed::Yes => audited.marked += marked,
            Committed::LostRace => audited.lost_races += 1,
        }
    }
    Ok(audited)
}
