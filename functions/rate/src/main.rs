//! 评价: the appellant rates on five levels, by number and query code (Art. 9; R-CB-1).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("rate")?;
    let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
    let store = runtime::vault::warm_store(&setup, &keys).await?;
    let appellants = runtime::appellant::Appellants::from_setup(&setup, keys)?;
    serve_http(setup.function, &[About::Ticket], |request| {
        rate::handle(&store, &appellants, request)
    })
    .await
}
