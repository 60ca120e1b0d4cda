//! Search in the knowledge base, for everybody, before they bring an appeal (R-KB-2).

use cloud::objects::Bucket;
use knowledge_search::Searcher;
use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("knowledge-search")?;
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("KNOWLEDGE_BUCKET")?);
    let searcher = Searcher::new(bucket);
    if let Err(error) = searcher.prewarm().await {
        tracing::warn!(function = setup.function, error = %error, "prewarming failed");
    }
    let searcher = &searcher;
    serve_http(setup.function, &[About::City], |request| {
        knowledge_search::handle(searcher, request)
    })
    .await
}
