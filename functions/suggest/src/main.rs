//! Suggests to the triage desk, within seconds of intake (R-TR-2).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("suggest")?;
    let store = setup.warm_store().await?;
    runtime::events::serve_batch(setup.function, |message| suggest::handle(&store, message)).await
}
