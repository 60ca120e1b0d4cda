//! The ticket page, and its attachments by short signed links (R-UX-1, R-IN-3).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("ticket")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    let desk = ticket::Desk::new(&setup, store, officers)?;
    serve_http(setup.function, &[About::Ticket], |request| {
        ticket::handle(&desk, request)
    })
    .await
}
