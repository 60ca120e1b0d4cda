//! Grants an upload straight to object storage (R-IN-3).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("upload")?;
    let desk = upload::Desk::new(&setup).await?;
    setup.prewarm(&desk.store).await;
    serve_http(setup.function, &[About::City, About::Ticket], |request| {
        upload::handle(&desk, request)
    })
    .await
}
