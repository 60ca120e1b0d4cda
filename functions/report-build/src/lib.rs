//! 编制分析报告 (Art. 6(5); R-AN-2): a message that names a period becomes the report of it, taken from the
//! lake as it is; then its paper is asked for.

use std::sync::Arc;

use analysis::Lake;
use app::AppError;
use app::reports::{PeriodicFiles as _, data_name, ordered, paper_order};
use cloud::objects::Bucket;
use cloud::queues::Queue;
use domain::periodic::PeriodicId;
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

/// One report. Again, of the same lake, it changes nothing.
pub async fn handle(builder: &Builder, message: Message) -> Result<(), AppError> {
    let period = ordered(&message.body.unwrap_or_default())?;
    let lake = Lake::open(builder.lake.clone()).await?;
    let as_of = lake
        .as_of()
        .ok_or_else(|| AppError::Unavailable("the lake was not made yet".to_owned()))?;
    let id = PeriodicId::new(period, as_of)
        .ok_or_else(|| AppError::Broken(format!("no report of {period} as of {as_of}")))?;
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
