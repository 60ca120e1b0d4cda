//! 期限重算: measures a change of the rules and moves the tickets by it.

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("recompute")?;
    let store = setup.warm_store().await?;
    runtime::events::serve_batch(setup.function, |message| {
        recompute::handle(&store, message, &runtime::clock::now)
    })
    .await
}
