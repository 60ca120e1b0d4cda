//! The sweep: warnings and overdue marks, each once (R-CAL-4, R-CAL-5), and the ladder of supervision.

use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("deadline-sweep")?;
    let store = setup.warm_store().await?;
    runtime::schedule::serve_schedule(setup.function, |now| deadline_sweep::run(&store, now)).await
}
