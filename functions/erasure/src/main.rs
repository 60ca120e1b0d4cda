//! 删除个人信息: an appellant's key is destroyed, their files go, their tickets say so (Art. 16).

use cloud::objects::Bucket;
use runtime::http::{About, serve_http};
use runtime::officers::Officers;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("erasure")?;
    let desk = erasure::Desk {
        store: setup.warm_store().await?,
        keys: runtime::opening::erasures(&setup)?,
        files: Bucket::new(setup.sdk.s3(), setup.setting("ATTACHMENTS_BUCKET")?),
        reports: Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?),
        officers: Officers::from_setup(&setup)?,
    };
    let desk = &desk;
    serve_http(setup.function, &[About::Ticket], |request| {
        erasure::handle(desk, request)
    })
    .await
}
