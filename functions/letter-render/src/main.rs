//! 督办函 (Art. 17; R-SV-7): sets supervision letters, each once.

use std::path::Path;

use cloud::objects::Bucket;
use letter_render::Press;
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("letter-render")?;
    let fonts = letters::Fonts::read(Path::new(&setup.setting("LETTER_FONTS")?))?;
    let archive = Bucket::new(setup.sdk.s3(), setup.setting("ARCHIVE_BUCKET")?);
    let press = Press::new(fonts, archive);
    runtime::events::serve_batch(setup.function, |message| {
        letter_render::handle(&press, message)
    })
    .await
}
