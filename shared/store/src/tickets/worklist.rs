//! What is asked of the work list index.

use std::collections::BTreeMap;

use app::AppError;
use app::ports::{TaskCount, WorklistQuery};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::ids::UnitId;
use domain::ticket::Task;
use domain::workflow::words::State;

use crate::attributes::{number, text};
use crate::items::ticket as ticket_item;
use crate::table::{Table, unavailable};
use crate::{cursor, keys};

/// The query of one page.
pub(super) fn request(table: &Table, query: &WorklistQuery) -> QueryFluentBuilder {
    let request = table.query().index_name(keys::WORKLIST);
    let mut request = request
        .key_condition_expression(match query.due_by {
            Some(_) => "wp = :wp AND ws <= :by",
            None => "wp = :wp",
        })
        .expression_attribute_values(":wp", text(keys::worklist(&query.unit)))
        .limit(query.limit)
        .set_exclusive_start_key(query.cursor.as_deref().and_then(cursor::read));
    if let Some(by) = query.due_by {
        request = request.expression_attribute_values(":by", number(by.timestamp()));
    }
    let (filter, values) = worklist_filter(query);
    if let Some(filter) = filter {
        request = request.filter_expression(filter);
    }
    for (name, value) in values {
        // The state stands under one name, whether asked for itself or for a task.
        let attribute = if name == "st" { "s" } else { name };
        request = request
            .expression_attribute_names(format!("#{name}"), attribute)
            .expression_attribute_values(format!(":{name}"), value);
    }
    request
}

/// Counts a unit's entries by task, and those that were due by `now`.
pub(super) async fn count(
    table: &Table,
    unit: &UnitId,
    now: DateTime<Utc>,
) -> Result<Vec<TaskCount>, AppError> {
    let mut counts = BTreeMap::<Task, TaskCount>::new();
    let mut start = None;
    loop {
        let request = table
            .query()
            .index_name(keys::WORKLIST)
            .key_condition_expression("wp = :wp")
            .expression_attribute_values(":wp", text(keys::worklist(unit)))
            .projection_expression("ta, #s, ws")
            .expression_attribute_names("#s", "s")
            .set_exclusive_start_key(start);
        let page = request.send().await.map_err(unavailable)?;
        for item in page.items.unwrap_or_default() {
            let (task, due) = ticket_item::read_task(&item)?;
            let count = counts.entry(task).or_insert(TaskCount {
                task,
                count: 0,
                overdue: 0,
            });
            count.count = count.count.saturating_add(1);
            if due <= now.timestamp() {
                count.overdue = count.overdue.saturating_add(1);
            }
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(counts.into_values().collect());
        }
    }
}

/// State and task of a work list's rows. The responsible unit's row names no task: it follows from
/// the state.
fn worklist_filter(query: &WorklistQuery) -> (Option<String>, Vec<(&'static str, AttributeValue)>) {
    let mut parts = Vec::new();
    let mut values = Vec::new();
    if let Some(state) = query.state {
        parts.push("#s = :s");
        values.push(("s", text(state.code())));
    }
    if let Some(task) = query.task {
        let mut states = State::ALL.iter();
        let state = states.find(|state| Task::of(**state) == Some(task));
        let (part, value) = match state {
            Some(state) => (
                "attribute_not_exists(ta) AND #st = :st",
                ("st", text(state.code())),
            ),
            None => ("#ta = :ta", ("ta", text(task.code()))),
        };
        parts.push(part);
        values.push(value);
    }
    let filter = (!parts.is_empty()).then(|| parts.join(" AND "));
    (filter, values)
}
