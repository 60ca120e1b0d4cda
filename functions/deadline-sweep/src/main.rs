//! The sweep: warnings and overdue marks, each once (R-CAL-4, R-CAL-5).

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("deadline-sweep")?;
    let store = setup.warm_store().await?;
    runtime::schedule::serve_schedule(setup.function, |now| app::sweep::sweep(&store, now)).await
}
