//! The search index of the knowledge base, made anew when what is shown changed (R-KB-2).

use cloud::objects::Bucket;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("knowledge-index")?;
    let store = setup.warm_store().await?;
    let bucket = Bucket::new(setup.sdk.s3(), setup.setting("KNOWLEDGE_BUCKET")?);
    let run = |now| knowledge_index::run(&store, &bucket, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
