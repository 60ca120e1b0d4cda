//! `cargo run`: builds, starts, fills the city on the first start, tells what to try, and stays
//! until a signal.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use tokio::signal::unix::{SignalKind, signal};
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::cloud::{Cloud, Settings};
use crate::console::{self, Progress};
use crate::lambda::Spawner;
use crate::state::{Ports, State};
use crate::{compile, demo, pages};

/// Present in the state folder once the demonstration is loaded.
const DEMO_DONE: &str = "demo-done";

/// How to start.
#[derive(Debug)]
pub struct StartArguments {
    /// The workspace.
    pub root: PathBuf,
    /// The state folder.
    pub state: PathBuf,
    /// Where to listen.
    pub ports: Ports,
    /// Empty the state first.
    pub fresh: bool,
    /// Load the demonstration when it is not there.
    pub demo: bool,
}

/// Runs the cloud until Ctrl-C or SIGTERM.
pub async fn start(arguments: &StartArguments) -> Result<()> {
    let state = State::open(&arguments.state, arguments.fresh)?;
    log_to_file(&state)?;
    let folder = state.folder().to_owned();
    let demo_done = state.path(DEMO_DONE);
    let settings = Settings::new(&arguments.root, arguments.ports);
    let template = settings.load_template(&state)?;
    let spawner = Spawner::start()?;
    let mut crates: Vec<&str> = template
        .functions()
        .iter()
        .map(|function| function.crate_name.as_str())
        .collect();
    crates.sort_unstable();
    crates.dedup();
    pages::build(&arguments.root, &spawner).await;
    let binaries = compile::functions(&arguments.root, &crates, &spawner).await?;

    // From here on a signal ends the children in order.
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    let began = Instant::now();
    let cloud = Cloud::start(&settings, state, &template, &binaries, &spawner).await?;
    console::line(&format!(
        "{:<10} the cloud is up ({:.1} s)",
        "starting",
        began.elapsed().as_secs_f64()
    ));
    let lambda = Arc::clone(&cloud.lambda);
    tokio::spawn(async move { lambda.prewarm().await });

    let work = async {
        if arguments.demo && !demo_done.exists() {
            let shown = fill(&cloud.demo).await?;
            std::fs::write(
                &demo_done,
                format!("{} {}\n", shown.number, shown.query_code),
            )?;
        }
        let shown = std::fs::read_to_string(&demo_done).unwrap_or_default();
        welcome(&arguments.ports, &folder, shown.trim().split_once(' '));
        std::future::pending::<Result<()>>().await
    };
    let result = tokio::select! {
        result = work => result,
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    console::line("");
    console::line("stopping");
    cloud.stop().await;
    result
}

async fn fill(context: &demo::Context) -> Result<demo::Shown> {
    let mut progress = Progress::new("filling");
    let shown = demo::load(context, &mut progress).await;
    let shown = shown.context("cannot load the demonstration")?;
    progress.done("the demonstration city is filled");
    Ok(shown)
}

/// Where everything is and what to try.
fn welcome(ports: &Ports, state: &std::path::Path, shown: Option<(&str, &str)>) {
    let web = Ports::url(ports.web);
    let rows = [
        ("appellants", format!("{web}/")),
        ("officers", format!("{web}/officers/")),
        ("public API", Ports::url(ports.public)),
        ("console API", Ports::url(ports.console)),
        ("API description", format!("{web}/openapi.yaml")),
        ("sent notices", format!("{web}/outbox")),
        ("sign-ins", format!("{web}/issuer/officers")),
        ("laptop's tools", format!("{web}/laptop")),
        ("state and logs", state.display().to_string()),
    ];
    console::line("");
    for (name, value) in rows {
        console::line(&format!("  {name:<16} {value}"));
    }
    let console_url = Ports::url(ports.console);
    let steps = [
        "  Then: sign the triage officer in and read the work list",
        "",
        &format!(
            "  TOKEN=$(curl -s {web}/issuer/token -d username=ta-bigdata-triage | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
        ),
        &format!("  curl -s {console_url}/worklist -H \"Authorization: Bearer $TOKEN\""),
        "",
        "  Ctrl-C stops it; the state stays. `cargo run -- --fresh` starts anew.",
    ];
    if let Some((number, code)) = shown {
        let public = Ports::url(ports.public);
        console::line("");
        console::line("  Try now: see an appeal as the person who brought it");
        console::line("");
        console::line(&format!(
            "  curl -s {public}/appeals/{number} -H 'Query-Code: {code}'"
        ));
    }
    console::line("");
    for step in steps {
        console::line(step);
    }
}

fn log_to_file(state: &State) -> Result<()> {
    let path = state.path("logs").join("suqiu.log");
    let file = File::options().create(true).append(true).open(path)?;
    let targets = Targets::new()
        .with_default(Level::WARN)
        .with_target("suqiu", Level::INFO)
        .with_target("substrate", Level::INFO);
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Arc::new(file));
    let subscriber = tracing_subscriber::registry().with(layer).with(targets);
    tracing::subscriber::set_global_default(subscriber).context("logging is set up twice")
}
