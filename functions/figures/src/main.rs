//! 数据分析: answers named questions to the lake.

use std::sync::Arc;

use cloud::objects::Bucket;
use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("figures")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("LAKE_BUCKET")?);
    let desk = figures::Desk::new(officers, Arc::new(bucket));
    serve_http(setup.function, &[About::City], |request| {
        figures::handle(&desk, request)
    })
    .await
}
