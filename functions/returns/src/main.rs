//! 退回: ask, accept, refuse (Art. 12, 17(1)).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("returns")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    runtime::http::serve_http(setup.function, |request| {
        returns::handle(&store, &officers, request)
    })
    .await
}
