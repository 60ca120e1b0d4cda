//! 人工审核派单: answer directly, do not accept, dispatch (Art. 10, 11).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("triage")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::Ticket], |request| {
        triage::handle(&store, &officers, request)
    })
    .await
}
