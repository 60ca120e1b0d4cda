//! 封存: every hour the heads of the tickets' chains go under one root that nobody can change
//! (Art. 9; R-DP-5).

use cloud::objects::Bucket;
use cloud::queues::Queue;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("seal")?;
    let heads = Queue::new(setup.sdk.sqs(), setup.setting("SEAL_QUEUE_URL")?);
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?);
    let (heads, bucket) = (&heads, &bucket);
    // Not the schedule's time, which is before some of the heads came.
    let run = |_| app::seals::seal_waiting(heads, bucket, &runtime::clock::now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
