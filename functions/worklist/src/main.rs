//! Work lists by unit and state, ordered by due instant (R-UX-1).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("worklist")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::WorkList], |request| {
        worklist::handle(&store, &officers, request)
    })
    .await
}
