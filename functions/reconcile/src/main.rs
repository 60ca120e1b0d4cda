//! What the channels counted, against the tickets (Art. 3; R-IN-5).

use runtime::http::{About, serve_http};
use runtime::officers::Officers;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("reconcile")?;
    let officers = Officers::from_setup(&setup)?;
    let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::City], |request| {
        reconcile::handle(&store, &keys, &officers, request)
    })
    .await
}
