//! 协办: appoint, sign, give an opinion, release (Art. 10(3)).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("co-handling")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::Ticket], |request| {
        co_handling::handle(&store, &officers, request)
    })
    .await
}
