//! 评价核实: a dissatisfied rating is contested by the unit and looked into by the managing unit
//! (Art. 17(5)).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("rating-review")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::Ticket], |request| {
        rating_review::handle(&store, &officers, request)
    })
    .await
}
