//! 查看个人信息: personal data in clear, for a purpose and on record (Art. 16).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("reveal")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
    let store = runtime::vault::warm_store(&setup, &keys).await?;
    runtime::http::serve_http(setup.function, |request| {
        reveal::handle(&store, &officers, request)
    })
    .await
}
