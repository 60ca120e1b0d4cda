//! 联系用户: the unit records a contact with the appellant (Art. 13(1)).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("contact")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    runtime::http::serve_http(setup.function, |request| {
        contact::handle(&store, &officers, request)
    })
    .await
}
