//! 高频、共性问题发现: every day the appeals that may be about one problem are listed (Art. 15).

use cloud::objects::Bucket;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("group-candidates")?;
    let store = setup.warm_store().await?;
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?);
    let (store, bucket) = (&store, &bucket);
    let run = |now| app::problem_groups::gather(store, bucket, store, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
