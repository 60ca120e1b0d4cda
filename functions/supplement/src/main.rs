//! 一次性告知: ask for supplements once, end the waiting (Art. 8(3), 13(3)).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("supplement")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::Ticket], |request| {
        supplement::handle(&store, &officers, request)
    })
    .await
}
