//! Grants an upload straight to object storage (R-IN-3).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("upload")?;
    let desk = upload::Desk::new(&setup).await?;
    setup.prewarm(&desk.store).await;
    runtime::http::serve_http(setup.function, |request| upload::handle(&desk, request)).await
}
