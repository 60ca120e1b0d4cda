//! 数据核对: every night the lake is held against the tickets; an alarm tells of a difference.

use cloud::objects::Bucket;
use cloud::queues::Queue;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("lake-check")?;
    let store = setup.warm_store().await?;
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("LAKE_BUCKET")?);
    let orders = lake_check::Orders {
        archive: Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?),
        queue: Queue::new(setup.sdk.sqs(), setup.setting("REPORT_QUEUE_URL")?),
    };
    let (store, bucket, orders) = (&store, &bucket, &orders);
    let run = |now| lake_check::nightly(store, bucket, orders, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
