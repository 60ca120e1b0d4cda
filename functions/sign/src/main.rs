//! 签收: the liaison takes a dispatched ticket over (Art. 8(1), 17(2)).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("sign")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::Ticket], |request| {
        sign::handle(&store, &officers, request)
    })
    .await
}
