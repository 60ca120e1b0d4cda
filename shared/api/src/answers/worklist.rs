//! A page of a work list.

use app::ports::{WorklistPage, WorklistRow};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A page of a work list.
#[derive(Debug, Serialize)]
pub struct WorklistAnswer {
    unit: String,
    items: Vec<WorklistItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WorklistItem {
    number: String,
    state: &'static str,
    state_name: &'static str,
    task: &'static str,
    task_name: &'static str,
    kind: String,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
    version: u32,
}

/// A work list as sent.
pub fn worklist(unit: String, page: WorklistPage) -> WorklistAnswer {
    let item = |row: WorklistRow| WorklistItem {
        number: row.number.to_string(),
        state: row.state.code(),
        state_name: row.state.zh(),
        task: row.task.code(),
        task_name: row.task.zh(),
        kind: row.kind,
        subject: row.subject,
        due_at: row.due_at,
        version: row.version,
    };
    WorklistAnswer {
        unit,
        items: page.rows.into_iter().map(item).collect(),
        next: page.next,
    }
}
