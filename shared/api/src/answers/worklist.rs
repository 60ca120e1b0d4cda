//! A page of a work list.

use app::ports::{TaskCount, WorklistPage, WorklistRow};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A page of a work list.
#[derive(Debug, Serialize)]
pub struct WorklistAnswer {
    unit: String,
    at: DateTime<Utc>,
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
pub fn worklist(unit: String, page: WorklistPage, at: DateTime<Utc>) -> WorklistAnswer {
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
        at,
        items: page.rows.into_iter().map(item).collect(),
        next: page.next,
    }
}

/// How much stands on a work list.
#[derive(Debug, Serialize)]
pub struct WorklistCounts {
    unit: String,
    at: DateTime<Utc>,
    total: u32,
    overdue: u32,
    tasks: Vec<TaskCountView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskCountView {
    task: &'static str,
    task_name: &'static str,
    count: u32,
    overdue: u32,
}

/// The counts as sent.
pub fn worklist_counts(unit: String, counts: &[TaskCount], at: DateTime<Utc>) -> WorklistCounts {
    let sum = |of: fn(&TaskCount) -> u32| counts.iter().map(of).fold(0, u32::saturating_add);
    let view = |count: &TaskCount| TaskCountView {
        task: count.task.code(),
        task_name: count.task.zh(),
        count: count.count,
        overdue: count.overdue,
    };
    WorklistCounts {
        unit,
        at,
        total: sum(|count| count.count),
        overdue: sum(|count| count.overdue),
        tasks: counts.iter().map(view).collect(),
    }
}
