//! 补充材料: the appellant answers the list, by number and query code (Art. 8(3), 13(3)).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("supplement-answer")?;
    let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
    let store = runtime::vault::warm_store(&setup, &keys).await?;
    let appellants = runtime::appellant::Appellants::from_setup(&setup, keys)?;
    serve_http(setup.function, &[About::Ticket], |request| {
        supplement_answer::handle(&store, &appellants, request)
    })
    .await
}
