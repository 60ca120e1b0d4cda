//! 随机抽取回访: every day the closed tickets to be called back are drawn (Art. 14).

use cloud::objects::Bucket;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("callback-draw")?;
    let store = setup.warm_store().await?;
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?);
    let (store, bucket) = (&store, &bucket);
    let run = |now| app::callbacks::draw_due(store, bucket, bucket, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
