//! 重办与复核: reopen a closed ticket, review what could not be solved (Art. 13(6), 14).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("reopen")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    runtime::http::serve_http(setup.function, |request| {
        reopen::handle(&store, &officers, request)
    })
    .await
}
