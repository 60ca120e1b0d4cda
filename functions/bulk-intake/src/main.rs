//! Files of appeals: media boards, mailboxes, what clerks wrote down (Art. 2, 3; R-IN-8).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("bulk-intake")?;
    let entrance = runtime::entrance::Entrance::new(&setup).await?;
    setup.prewarm(&entrance.store).await;
    serve_http(setup.function, &[About::City], |request| {
        bulk_intake::handle(&entrance, request)
    })
    .await
}
