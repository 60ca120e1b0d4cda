//! 查看个人信息: personal data in clear, for a purpose and on record (Art. 16).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("reveal")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
    let vault = runtime::opening::open_vault(&setup, &keys)?;
    let store = setup.warm_store().await?;
    serve_http(setup.function, &[About::Ticket], |request| {
        reveal::handle(&store, &vault, &officers, request)
    })
    .await
}
