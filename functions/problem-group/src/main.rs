//! 问题组: confirmed, analysed, rectified and verified (Art. 8(5), 15).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("problem-group")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(
        setup.function,
        &[About::ProblemGroup, About::City],
        |request| problem_group::handle(&store, &officers, request),
    )
    .await
}
