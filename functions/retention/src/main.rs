//! 保存期限: personal data whose time is over is erased (Art. 16; R-DP-4).

use app::erasure::Erasing;
use cloud::objects::Bucket;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("retention")?;
    let store = setup.warm_store().await?;
    let keys = runtime::opening::erasures(&setup)?;
    let files = Bucket::new(setup.sdk.s3(), setup.setting("ATTACHMENTS_BUCKET")?);
    let archive = Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?);
    let erasing = Erasing {
        store: &store,
        keys: &keys,
        files: &files,
        reports: &archive,
    };
    let archive = &archive;
    let run = |now| app::retention::retain(erasing, archive, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
