//! 提交诉求: the one entrance of every channel (Art. 2, 3; R-IN-1 to R-IN-7).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("intake")?;
    let entrance = runtime::entrance::Entrance::new(&setup).await?;
    let pages = runtime::pages::Pages::from_setup(&setup, entrance.keys().clone())?;
    setup.prewarm(&entrance.store).await;
    serve_http(setup.function, &[About::City], |request| {
        intake::handle(&entrance, &pages, request)
    })
    .await
}
