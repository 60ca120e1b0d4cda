//! Benchmarks. What is measured and the figures seen: `docs/benchmarks.md`.

mod city;
mod cold_start;
mod sizes;
mod table;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "bench", about = "What the functions cost")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Cold starts against the runtime alone: CPU time to the first poll and to the first answer,
    /// peak memory, size. Each function is built as it is deployed.
    ColdStart {
        /// Cold starts of each.
        #[arg(long, default_value_t = 15)]
        runs: usize,
        /// Fail when a size or a peak is over its bound. Times have none.
        #[arg(long)]
        check: bool,
        /// Which functions.
        #[arg(default_value = "sign")]
        functions: Vec<cold_start::Subject>,
    },
    /// Sizes of the functions as they are deployed.
    Sizes {
        /// Fail when one is over the bound.
        #[arg(long)]
        check: bool,
        /// Which functions; all when none is named.
        functions: Vec<String>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::ColdStart {
            runs,
            check,
            functions,
        } => cold_start::run(runs, check, &functions).await,
        Command::Sizes { check, functions } => sizes::run(check, &functions).await,
    }
}
