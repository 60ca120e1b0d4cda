//! For the test that kills the laptop cloud: starts two processes of a function, tells their ids
//! and waits to be killed.

use std::path::PathBuf;
use std::time::Duration;

use suqiu::console;
use suqiu::lambda::{FunctionConfig, Lambda, Spawner};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(binary), Some(log)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: parent BOOTSTRAP LOG")
    };
    let config = |name: &str| FunctionConfig {
        name: name.to_owned(),
        binary: binary.clone(),
        memory_mb: 128,
        timeout: Duration::from_mins(1),
        environment: Vec::new(),
        log: log.clone(),
    };
    let lambda = Lambda::new(vec![config("A"), config("B")], &Spawner::start()?);
    lambda.prewarm().await;
    let pids = [lambda.pids("A"), lambda.pids("B")].concat();
    let pids: Vec<String> = pids.iter().map(ToString::to_string).collect();
    console::line(&pids.join(" "));
    std::future::pending().await
}
