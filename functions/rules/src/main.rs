//! The rules in force, what is to be known in time, and their changes (R-RULE-1, R-CAL-1).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("rules")?;
    let desk = rules::Desk::new(&setup).await?;
    serve_http(setup.function, &[About::City], |request| {
        rules::handle(&desk, request)
    })
    .await
}
