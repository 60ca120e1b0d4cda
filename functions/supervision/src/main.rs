//! 督办: cases, their ladder, answers and acceptance; the register of Art. 18.

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("supervision")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    let office = supervision::Office::new(&setup, store, officers)?;
    serve_http(
        setup.function,
        &[About::SupervisionCase, About::City],
        |request| supervision::handle(&office, request),
    )
    .await
}
