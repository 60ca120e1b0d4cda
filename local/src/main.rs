//! `cargo run`: the laptop cloud and its commands.

use std::process::ExitCode;

use clap::Parser as _;
use suqiu::{cli, console};

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(cli::Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::error(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
