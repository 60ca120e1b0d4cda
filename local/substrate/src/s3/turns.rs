//! Who may touch an object now.
//!
//! The folder keeps an object's bytes in one file and its checksums in another, and writes them one
//! after the other; and it looks at a condition (`If-Match`, `If-None-Match`) before it writes. S3
//! does each at once: so whoever changes an object has it alone, and whoever reads it waits meanwhile.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// The name of an object: its bucket and its key.
pub(super) type Name = (String, String);

/// The turns at the objects that are touched now.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<Name, Arc<RwLock<()>>>>);

impl Turns {
    /// Waits until nobody changes the object. What is opened then stays whole: a change puts another
    /// file in its place.
    pub(super) async fn shared(&self, name: Name) -> OwnedRwLockReadGuard<()> {
        self.of(name).read_owned().await
    }

    /// Waits until nobody touches any of the objects. Always in the same order, so that no two wait
    /// for each other.
    pub(super) async fn alone(
        &self,
        names: impl IntoIterator<Item = Name>,
    ) -> Vec<OwnedRwLockWriteGuard<()>> {
        let names: BTreeSet<Name> = names.into_iter().collect();
        let mut turns = Vec::with_capacity(names.len());
        for name in names {
            turns.push(self.of(name).write_owned().await);
        }
        turns
    }

    fn of(&self, name: Name) -> Arc<RwLock<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever holds or awaits a turn holds its lock, so the others are nobody's.
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        turns.entry(name).or_default().clone()
    }
}
