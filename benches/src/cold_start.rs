//! Cold starts: each run is a new process that polls, answers one real request, and is killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use clap::ValueEnum;
use substrate::{Invoke as _, Outcome};
use suqiu::lambda::{Footprint, FunctionConfig, Lambda, Spawner};
use suqiu::{compile, console, workspace};

use crate::city::City;
use crate::sizes::{Size, ZIP_BYTES, megabytes};
use crate::table::{Row, print};

/// Bound of a function that talks to DynamoDB.
const PEAK_KIB: u64 = 16 * 1024;

/// What is measured, each by a request that it answers with success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// Takes an appeal in: ticket, text and vault are written.
    Intake,
    /// Shows an appellant where the appeal stands.
    Track,
    /// Lists a unit's work.
    Worklist,
    /// Shows a ticket to an officer.
    Ticket,
    /// Signs: a transition in one read and one write.
    Sign,
    /// Lists the knowledge base: the largest function that talks to DynamoDB.
    Knowledge,
    /// Searches the knowledge base: fetches an index of 10,000 entries and opens it.
    KnowledgeSearch,
}

impl Subject {
    const fn crate_name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Track => "track",
            Self::Worklist => "worklist",
            Self::Ticket => "ticket",
            Self::Sign => "sign",
            Self::Knowledge => "knowledge",
            Self::KnowledgeSearch => "knowledge-search",
        }
    }

    const fn logical_id(self) -> &'static str {
        match self {
            Self::Intake => "IntakeFunction",
            Self::Track => "TrackFunction",
            Self::Worklist => "WorklistFunction",
            Self::Ticket => "TicketFunction",
            Self::Sign => "SignFunction",
            Self::Knowledge => "KnowledgeFunction",
            Self::KnowledgeSearch => "KnowledgeSearchFunction",
        }
    }

    /// One cold start with its first answer.
    async fn starts(self, city: &mut City) -> Result<Footprint> {
        let (number, code) = match self {
            Self::Intake | Self::Knowledge | Self::KnowledgeSearch => Default::default(),
            Self::Sign => (city.dispatches().await?, String::new()),
            Self::Track | Self::Worklist | Self::Ticket => city.submits().await?,
        };
        city.cloud.lambda.kill(self.logical_id());
        match self {
            Self::Intake => city.submits().await.map(|_| ()),
            Self::Track => city.tracks(&number, &code).await,
            Self::Worklist => city.opens("/worklist").await,
            Self::Ticket => city.opens(&format!("/tickets/{number}")).await,
            Self::Sign => city.signs(&number).await,
            Self::Knowledge => city.lists_knowledge().await,
            Self::KnowledgeSearch => city.asks().await,
        }?;
        last_footprint(&city.cloud.lambda, self.logical_id())
    }
}

fn last_footprint(lambda: &Lambda, function: &str) -> Result<Footprint> {
    let all = lambda.footprints();
    let of_function = all.get(function).and_then(|all| all.last().copied());
    of_function.context("the process is gone before it was measured")
}

/// Measures, prints the table, and with `check` fails where a bound is not kept.
pub(crate) async fn run(runs: usize, check: bool, subjects: &[Subject]) -> Result<()> {
    let root = workspace::root()?;
    let spawner = Spawner::start()?;
    let floor = compile::release(&root, "floor", &spawner).await?;
    let mut binaries = BTreeMap::new();
    for subject in subjects {
        let name = subject.crate_name();
        let binary = compile::release(&root, name, &spawner).await?;
        binaries.insert(name.to_owned(), binary);
    }
    let mut city = City::start(&root, &binaries, &spawner).await?;
    let mut rows = vec![Row::new(
        "floor",
        &floor_starts(&floor, runs, &spawner).await?,
        Size::of(&floor)?,
    )?];
    if subjects.contains(&Subject::KnowledgeSearch) {
        city.publishes().await?;
    }
    for subject in subjects {
        let mut seen = Vec::new();
        for _ in 0..runs {
            seen.push(subject.starts(&mut city).await?);
        }
        let name = subject.crate_name();
        let binary = binaries.get(name).context("not built")?;
        rows.push(Row::new(name, &seen, Size::of(binary)?)?);
    }
    city.cloud.stop().await;
    print(&rows);
    let over: Vec<_> = rows
        .iter()
        .filter(|row| row.is_over(ZIP_BYTES, PEAK_KIB))
        .collect();
    console::line(&format!(
        "bounds: zip {:.1} MB, peak {} MiB; {}",
        megabytes(ZIP_BYTES),
        PEAK_KIB / 1024,
        if over.is_empty() { "kept" } else { "NOT KEPT" }
    ));
    if check && !over.is_empty() {
        let names: Vec<_> = over.iter().map(|row| row.name.as_str()).collect();
        bail!("over the bound: {}", names.join(", "));
    }
    Ok(())
}

async fn floor_starts(binary: &Path, runs: usize, spawner: &Spawner) -> Result<Vec<Footprint>> {
    let folder = tempfile::tempdir()?;
    let config = FunctionConfig {
        name: "Floor".to_owned(),
        binary: binary.to_owned(),
        memory_mb: 128,
        timeout: Duration::from_secs(10),
        environment: Vec::new(),
        log: folder.path().join("floor.log"),
    };
    let lambda = Lambda::new(vec![config], spawner);
    let mut seen = Vec::new();
    for _ in 0..runs {
        lambda.kill("Floor");
        match lambda.invoke("Floor", Bytes::from_static(b"{}")).await? {
            Outcome::Ok(_) => seen.push(last_footprint(&lambda, "Floor")?),
            Outcome::FunctionError(error) => bail!("the floor fails: {error:?}"),
        }
    }
    lambda.shutdown();
    Ok(seen)
}
