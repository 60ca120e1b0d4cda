//! Inspects what was uploaded: type by the bytes, location data stripped (R-IN-3).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("media-inspect")?;
    let store = setup.warm_store().await?;
    let bucket = cloud::objects::Bucket::new(setup.sdk.s3(), setup.setting("ATTACHMENTS_BUCKET")?);
    let desk = media_inspect::Desk::new(store, bucket);
    runtime::events::serve_batch(setup.function, |message| {
        media_inspect::handle(&desk, message)
    })
    .await
}
