//! 分析报告: lists them, shows one, links its paper, and has one made.

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("reports")?;
    let desk = reports::Desk::new(&setup)?;
    serve_http(setup.function, &[About::City], |request| {
        reports::handle(&desk, request)
    })
    .await
}
