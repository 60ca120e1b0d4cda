//! 数据整理: every night the lake is made as of midnight (Art. 15); what was erased is erased there.

use cloud::objects::Bucket;
use lake_compact::nightly;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("lake-compact")?;
    let store = setup.warm_store().await?;
    let name = setup.setting("LAKE_BUCKET")?;
    let location = format!("s3://{name}");
    let bucket = Bucket::new(setup.sdk.s3(), name);
    let (store, bucket, location) = (&store, &bucket, location.as_str());
    let run = |now| Box::pin(nightly(store, bucket, location, now, &runtime::clock::now));
    runtime::schedule::serve_schedule(setup.function, run).await
}
