//! The rules in force, and what is to be known in time (R-RULE-1).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("rules")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::City], |request| {
        rules::handle(&store, &officers, request)
    })
    .await
}
