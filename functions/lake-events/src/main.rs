//! 数据归集: every hour the new events of tickets go into the lake, de-identified (Art. 15, 16).

use cloud::objects::Bucket;
use cloud::queues::Queue;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("lake-events")?;
    let store = setup.warm_store().await?;
    let waiting = Queue::new(setup.sdk.sqs(), setup.setting("LAKE_QUEUE_URL")?);
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("LAKE_BUCKET")?);
    let (store, waiting, bucket) = (&store, &waiting, &bucket);
    // Not the schedule's time, which is before some of the events came.
    let run = |_| lake::gather::gather(waiting, store, bucket, &runtime::clock::now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
