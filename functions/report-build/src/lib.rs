//! 编制分析报告 (Art. 6(5); R-AN-2): a message that names a period becomes the report of it, taken from the
//! lake as it is; then its paper is asked for.

use std::sync::Arc;

use analysis::Lake;
use app::AppError;
use app::reports::{PeriodicFiles as _, data_name, ordered, paper_order};
use chrono::{DateTime, Utc};
use cloud::objects::Bucket;
use cloud::queues::Queue;
use domain::periodic::PeriodicId;
use lake::nightly::{checked, made};
use runtime::events::Message;

/// What making reports needs.
#[derive(Debug)]
pub struct Builder {
    /// The lake.
    pub lake: Arc<Bucket>,
    /// Where reports are kept.
    pub archive: Bucket,
    /// Who sets their papers.
    pub papers: Queue,
}

/// The lake, and as of when: all of it as of one instant, none of it being made now.
async fn whole_lake(objects: Arc<Bucket>) -> Result<(Lake, DateTime<Utc>), AppError> {
    let before = made(objects.as_ref()).await?;
    let lake = Lake::open(objects.clone()).await?;
    let after = made(objects.as_ref()).await?;
    match lake.as_of() {
        Some(as_of) if before == after && before == Some(as_of) => Ok((lake, as_of)),
        _ => Err(AppError::Unavailable(
            "the lake is not made, or being made".to_owned(),
        )),
    }
}

/// One report. Again, of the same lake, it changes nothing.
pub async fn handle(builder: &Builder, message: Message) -> Result<(), AppError> {
    let period = ordered(&message.body.unwrap_or_default())?;
    let (lake, as_of) = whole_lake(builder.lake.clone()).await?;
    let id = PeriodicId::new(period, as_of)
        .ok_or_else(|| AppError::Broken(format!("no report of {period} as of {as_of}")))?;
    // The last word on a period is of a lake that was held against the tickets.
    let is_held = checked(builder.lake.as_ref())
        .await?
        .is_some_and(|checked| checked >= as_of);
    if id.is_whole() && !is_held {
        return Err(AppError::Unavailable(format!(
            "the lake as of {as_of} was not checked yet"
        )));
    }
    let name = data_name(&id);
    let archive = &builder.archive;
    if archive.find(&name).await?.is_none() {
        let report = lake.report(id, as_of).await?;
        archive
            .keep(&name, "application/json", report.bytes()?)
            .await?;
        tracing::info!(report = %id, rows = report.rows(), "made a report");
    }
    builder.papers.send(&paper_order(&id)?, 0).await
}
