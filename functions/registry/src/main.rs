//! The registry as CSV, in and out, and which units cannot receive tickets (R-AC-3, R-HD-1).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("registry")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::City], |request| {
        registry::handle(&store, &officers, request)
    })
    .await
}
