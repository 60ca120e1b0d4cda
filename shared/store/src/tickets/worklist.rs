//! What is asked of the work list index.

use app::ports::WorklistQuery;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ticket::Task;
use domain::workflow::words::State;

use crate::attributes::text;
use crate::table::Table;
use crate::{cursor, keys};

/// The query of one page.
pub(super) fn request(table: &Table, query: &WorklistQuery) -> QueryFluentBuilder {
    let request = table.query().index_name(keys::WORKLIST);
    let mut request = request
        .key_condition_expression("wp = :wp")
        .expression_attribute_values(":wp", text(keys::worklist(&query.unit)))
        .limit(query.limit)
        .set_exclusive_start_key(query.cursor.as_deref().and_then(cursor::read));
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
