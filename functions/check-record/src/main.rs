//! 核对办理记录: that a record is the one that was sealed (Art. 9; R-DP-5).

use check_record::Checks;
use cloud::objects::Bucket;
use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("check-record")?;
    let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
    let store = setup.warm_store().await?;
    let seals = Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?);
    let appellants = runtime::appellant::Appellants::from_setup(&setup, keys)?;
    let checks = Checks {
        store,
        appellants,
        seals,
    };
    serve_http(setup.function, &[About::Ticket], |request| {
        check_record::handle(&checks, request)
    })
    .await
}
