//! 归档: closed tickets become complete documents (Art. 6(3); R-CB-5).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("archive")?;
    let store = setup.warm_store().await?;
    let bucket = cloud::objects::Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?);
    let store = &store;
    let bucket = &bucket;
    let run = |now| app::archive::archive_due(store, bucket, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
