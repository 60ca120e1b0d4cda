//! Relays new events of a ticket from the stream to the queues, as CloudEvents.

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("relay")?;
    let relay = relay::Relay::new(&setup)?;
    runtime::events::serve_stream(setup.function, |record| relay::handle(&relay, record)).await
}
