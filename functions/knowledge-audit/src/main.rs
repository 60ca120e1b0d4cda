//! Entries of the knowledge base that were not put right in time are marked, each notice once
//! (Art. 17(4)).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("knowledge-audit")?;
    let store = setup.warm_store().await?;
    let run = |now| knowledge_audit::run(&store, now);
    runtime::schedule::serve_schedule(setup.function, run).await
}
