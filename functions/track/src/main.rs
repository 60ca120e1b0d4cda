//! Where an appeal stands, by number and query code (R-IN-7).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("track")?;
    let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
    let store = setup.warm_store().await?;
    let appellants = runtime::appellant::Appellants::from_setup(&setup, keys)?;
    serve_http(setup.function, &[About::Ticket], |request| {
        track::handle(&store, &appellants, request)
    })
    .await
}
