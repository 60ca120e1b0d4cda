//! 数据核对: every night the lake is held against the tickets; an alarm tells of a difference.

use cloud::objects::Bucket;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("lake-check")?;
    let store = setup.warm_store().await?;
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("LAKE_BUCKET")?);
    let (store, bucket) = (&store, &bucket);
    let run = |now| lake_check::nightly(store, bucket, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
