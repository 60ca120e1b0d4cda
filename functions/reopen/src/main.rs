//! 重办与复核: reopen a closed ticket, review what could not be solved (Art. 13(6), 14).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("reopen")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::Ticket], |request| {
        reopen::handle(&store, &officers, request)
    })
    .await
}
