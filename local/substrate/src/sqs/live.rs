//! What is kept beside the engine of the messages that it holds.

use std::collections::HashMap;

use super::journal::Item;

/// The messages in the engine, by the id that the engine gave them.
#[derive(Debug, Default)]
pub(super) struct Live(pub(super) HashMap<String, LiveItem>);

/// What is kept of a message besides what the engine holds.
#[derive(Debug, Clone)]
pub(super) struct LiveItem {
    pub(super) id: String,
    pub(super) queue: String,
    pub(super) sent_ms: u64,
    pub(super) count: u32,
    pub(super) first_ms: u64,
    pub(super) source: Option<String>,
}

impl LiveItem {
    pub(super) fn of(item: &Item) -> Self {
        Self {
            id: item.id.clone(),
            queue: item.queue.clone(),
            sent_ms: item.sent_ms,
            count: item.count,
            first_ms: item.first_ms,
            source: item.source.clone(),
        }
    }
}
