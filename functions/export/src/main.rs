//! 导出: asked for, approved by another, taken out with a watermark, each download on record (Art. 16).

use cloud::objects::Bucket;
use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("export")?;
    let office = export::Office {
        officers: runtime::officers::Officers::from_setup(&setup)?,
        archive: Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?),
        store: setup.warm_store().await?,
    };
    serve_http(setup.function, &[About::Export, About::City], |request| {
        export::handle(&office, request)
    })
    .await
}
