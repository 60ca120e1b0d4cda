//! 问责: what a unit or an officer answers for, opened by one and decided by another (Art. 19).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("accountability")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(
        setup.function,
        &[About::AccountabilityRecord, About::City],
        |request| accountability::handle(&store, &officers, request),
    )
    .await
}
