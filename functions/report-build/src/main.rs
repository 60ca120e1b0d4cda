//! 编制分析报告: makes reports of the lake, each once.

use std::sync::Arc;

use cloud::objects::Bucket;
use cloud::queues::Queue;
use report_build::Builder;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("report-build")?;
    let bucket = |name| Bucket::new(setup.sdk.s3(), name);
    let builder = Builder {
        lake: Arc::new(bucket(setup.setting("LAKE_BUCKET")?)),
        archive: bucket(setup.setting("ARCHIVE_BUCKET")?),
        papers: Queue::new(setup.sdk.sqs(), setup.setting("LETTER_QUEUE_URL")?),
    };
    runtime::events::serve_batch(setup.function, |message| {
        report_build::handle(&builder, message)
    })
    .await
}
