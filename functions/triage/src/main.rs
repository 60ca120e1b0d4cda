//! 人工审核派单: answer directly, do not accept, dispatch (Art. 10, 11).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("triage")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    runtime::http::serve_http(setup.function, |request| {
        triage::handle(&store, &officers, request)
    })
    .await
}
