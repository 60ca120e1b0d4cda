//! Work lists (R-UX-1): by unit, state and task, ordered by due instant, paged.

use api::answers::{worklist, worklist_counts};
use api::requests::code;
use app::AppError;
use app::error::FieldError;
use app::ports::{Store as _, WorklistQuery};
use authz::{Intent, Principal, authorize};
use domain::ids::UnitId;
use domain::ticket::Task;
use domain::workflow::words::State;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::DynamoStore;

/// Rows of a page unless the caller wants fewer or more.
const PAGE: i32 = 25;

/// Rows of a page at most.
const LARGEST_PAGE: i32 = 100;

/// `GET /worklist`, `GET /worklist/counts`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let query = query(&request, &officer.unit)?;
    let principal = Principal::Officer(&officer);
    let permit = authorize(principal, Intent::List(&query.unit))?;
    let unit = query.unit.to_string();
    if request.path.ends_with("/counts") {
        let counts = store.count_worklist(&query.unit, request.at).await?;
        return Reply::json(&permit, 200, &worklist_counts(unit, &counts, request.at));
    }
    let page = store.worklist(&query).await?;
    Reply::json(&permit, 200, &worklist(unit, page, request.at))
}

fn query(request: &Request, own: &UnitId) -> Result<WorklistQuery, AppError> {
    let wrong = |name, detail| AppError::Invalid(vec![FieldError::new(name, detail)]);
    let unit = match request.query_parameter("unit") {
        Some(unit) => UnitId::parse(unit).map_err(|_| wrong("unit", "没有这个单位"))?,
        None => own.clone(),
    };
    let states: Vec<_> = State::ALL.iter().map(|state| state.code()).collect();
    let state = request.query_parameter("state");
    let state = state
        .map(|state| code("state", state, State::from_code, &states))
        .transpose()?;
    let tasks: Vec<_> = Task::ALL.iter().map(|task| task.code()).collect();
    let task = request.query_parameter("task");
    let task = task
        .map(|task| code("task", task, Task::from_code, &tasks))
        .transpose()?;
    let limit = request
        .query_parameter("limit")
        .map_or(Ok(PAGE), str::parse);
    let limit = limit
        .map_err(|_| wrong("limit", "每页条数应为1至100"))?
        .clamp(1, LARGEST_PAGE);
    let due_by = match request.query_parameter("overdue") {
        None | Some("false") => None,
        Some("true") => Some(request.at),
        Some(_) => return Err(wrong("overdue", "应为 true 或 false")),
    };
    let cursor = request.query_parameter("cursor").map(str::to_owned);
    Ok(WorklistQuery {
        unit,
        state,
        task,
        due_by,
        cursor,
        limit,
    })
}
