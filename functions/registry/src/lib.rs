//! The registry (R-AC-3): units, officers, duties, service items and channels as CSV files, in and
//! out; and the units that cannot receive tickets, with what they lack (R-HD-1). A file is taken
//! whole or not at all.

mod proposals;
mod readiness;

use app::AppError;
use app::error::FieldError;
use app::ports::Committed;
use authz::{Intent, Principal, authorize};
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use serde::Serialize;
use store::DynamoStore;
use tables::{Change, Part, RowError};

/// Reads and writes before the caller is asked to try again.
const ATTEMPTS: u32 = 3;

/// `GET /registry/readiness`, `GET /registry/duty-proposals`, `GET /registry/{part}`, `PUT /registry/{part}`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let intent = if request.method == "PUT" {
        Intent::ChangeRegistry
    } else {
        Intent::ReadRegistry
    };
    let permit = authorize(Principal::Officer(&officer), intent)?;
    let part = match request.path.rsplit('/').next() {
        Some("readiness") => return readiness::answer(store, &permit).await,
        Some("duty-proposals") => return proposals::answer(store, &permit).await,
        part => part.and_then(Part::from_code).ok_or(AppError::NotFound)?,
    };
    if intent == Intent::ReadRegistry {
        let (all, _) = store.full_registry().await?;
        let name = format!("{}.csv", part.code());
        return Ok(Reply::csv(&permit, &name, tables::export(part, &all)));
    }
    let check = match request.query_parameter("check") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            let wrong = FieldError::new("check", "取值应为true（只检查）或false（检查并导入）");
            return Err(AppError::Invalid(vec![wrong]));
        }
    };
    let summary = take(store, part, &request.body, check).await?;
    let (officer, part) = (officer.id.as_str(), part.code());
    let Summary {
        added,
        changed,
        removed,
        ..
    } = summary;
    tracing::info!(officer, part, check, added, changed, removed, "registry");
    Reply::json(&permit, 200, &summary)
}

/// What a file changes, or would.
#[derive(Debug, Default, Serialize)]
struct Summary {
    rows: usize,
    added: usize,
    changed: usize,
    removed: usize,
    errors: Vec<WrongCell>,
}

#[derive(Debug, Serialize)]
struct WrongCell {
    line: u64,
    column: String,
    detail: String,
}

async fn take(
    store: &DynamoStore,
    part: Part,
    file: &[u8],
    check: bool,
) -> Result<Summary, AppError> {
    for _ in 0..ATTEMPTS {
        let (before, version) = store.full_registry().await?;
        let change = match tables::import(part, &before, file) {
            Ok(change) => {
                let busy = store.with_open_tickets(&change.removed_units).await?;
                change.unless_busy(&busy)
            }
            Err(errors) => Err(errors),
        };
        let change = match change {
            Ok(change) => change,
            Err(errors) if check => return Ok(Summary::wrong(errors)),
            Err(errors) => return Err(refused(errors)),
        };
        if check {
            return Ok(Summary::of(&change));
        }
        match store.put_registry(&before, &change.after, &version).await {
            Ok(Committed::Yes) => return Ok(Summary::of(&change)),
            Ok(Committed::LostRace) => {}
            Err(AppError::BodyTooLarge) => return Err(too_much()),
            Err(error) => return Err(error),
        }
    }
    Err(AppError::Unavailable("the registry is busy".to_owned()))
}

/// The general advice for what is too large, to upload it as a file, would lead astray here.
fn too_much() -> AppError {
    let detail = "内容过多，无法保存，请减少行数或关键词";
    AppError::Invalid(vec![FieldError::new("/1/", detail)])
}

/// The errors as a problem's: the pointer is the line and the column, `/3/unit`.
fn refused(errors: Vec<RowError>) -> AppError {
    let field = |error: RowError| {
        let pointer = format!("/{}/{}", error.line, error.column);
        FieldError::new(pointer, error.detail)
    };
    AppError::Invalid(errors.into_iter().map(field).collect())
}

impl Summary {
    fn of(change: &Change) -> Self {
        Self {
            rows: change.rows,
            added: change.added,
            changed: change.changed,
            removed: change.removed,
            errors: Vec::new(),
        }
    }

    fn wrong(errors: Vec<RowError>) -> Self {
        let cell = |error: RowError| WrongCell {
            line: error.line,
            column: error.column,
            detail: error.detail,
        };
        Self {
            errors: errors.into_iter().map(cell).collect(),
            ..Self::default()
        }
    }
}
