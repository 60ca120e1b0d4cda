//! Notifies appellants and officers through the city's messaging gateway (R-HD-12).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("notify")?;
    let notifier = notify::Notifier::new(&setup).await?;
    setup.prewarm(&notifier.store).await;
    runtime::events::serve_batch(setup.function, |message| notify::handle(&notifier, message)).await
}
