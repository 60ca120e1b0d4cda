//! The command line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand};
use serde_json::Value;

use crate::client::Client;
use crate::console;
use crate::dead_letters;
use crate::start::{self, StartArguments};
use crate::state::{Ports, noted_ports};
use crate::web::control::MoveClock;
use crate::workspace;

/// The laptop cloud of the appeal platform: without a command it builds the functions and starts.
#[derive(Debug, Parser)]
#[command(name = "suqiu")]
pub struct Arguments {
    /// State folder; `.state` of the project when not given.
    #[arg(long, global = true, value_name = "DIR")]
    state: Option<PathBuf>,
    #[command(flatten)]
    start: StartOptions,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct StartOptions {
    /// Delete the state first.
    #[arg(long)]
    fresh: bool,
    /// First of the ports.
    #[arg(long, value_name = "N", default_value_t = 3000)]
    port_base: u16,
    /// Start without the demonstration's appeals.
    #[arg(long)]
    no_demo: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What could not be processed.
    DeadLetters {
        #[command(subcommand)]
        command: DeadLetters,
    },
    /// Move the running cloud's clock: `+2h`, `+1d`, `-30m`, `reset`; nothing shows it.
    Clock {
        /// How far.
        #[arg(allow_hyphen_values = true)]
        shift: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum DeadLetters {
    /// Show the queues and their messages.
    List {
        /// Only this queue.
        queue: Option<String>,
    },
    /// Send messages back to the queue they came from.
    Redrive {
        /// The dead-letter queue.
        queue: String,
        /// At most so many.
        #[arg(long)]
        limit: Option<usize>,
    },
}

/// Does what the arguments say.
pub async fn run(arguments: Arguments) -> Result<()> {
    let root = workspace::root();
    let state = match (arguments.state, &root) {
        (Some(folder), _) => folder,
        (None, Ok(root)) => root.join(".state"),
        (None, Err(_)) => PathBuf::from(".state"),
    };
    match arguments.command {
        None => {
            let StartOptions {
                fresh,
                port_base,
                no_demo,
            } = arguments.start;
            let ports = Ports::from_base(port_base)?;
            start::start(&StartArguments {
                root: root?,
                state,
                ports,
                fresh,
                demo: !no_demo,
            })
            .await
        }
        Some(Command::DeadLetters { command }) => {
            let client = dead_letters::client(&state)?;
            match command {
                DeadLetters::List { queue } => dead_letters::list(&client, queue.as_deref()).await,
                DeadLetters::Redrive { queue, limit } => {
                    dead_letters::redrive(&client, &queue, limit).await
                }
            }
        }
        Some(Command::Clock { shift }) => clock(&state, shift.as_deref()).await,
    }
}

async fn clock(state: &Path, shift: Option<&str>) -> Result<()> {
    let url = format!("{}/control/clock", Ports::url(noted_ports(state)?.web));
    let client = Client::default();
    let answer = match shift {
        Some(text) => {
            let wish = serde_json::to_value(parse_shift(text)?)?;
            client.post_json(&url, &[], &wish).await
        }
        None => client.get(&url, &[]).await,
    };
    let answer = answer
        .context("the laptop cloud does not run")?
        .success()?
        .json()?;
    let text = |name: &str| {
        answer
            .get(name)
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let local = answer
        .get("local")
        .and_then(Value::as_str)
        .unwrap_or_default();
    console::line(&format!("{local} (moved by {} s)", text("offset_seconds")));
    Ok(())
}

/// `+2h`, `+1d`, `-30m`, `+90s`, `reset`.
fn parse_shift(text: &str) -> Result<MoveClock> {
    if text == "reset" {
        return Ok(MoveClock {
            shift_seconds: 0,
            reset: true,
        });
    }
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400_i64)];
    let unit = units
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)));
    let parsed =
        unit.and_then(|(number, seconds)| number.parse::<i64>().ok()?.checked_mul(seconds));
    match parsed {
        Some(shift_seconds) if text.starts_with(['+', '-']) => Ok(MoveClock {
            shift_seconds,
            reset: false,
        }),
        _ => bail!("`{text}` is no shift; examples: +2h, +1d, -30m, reset"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn shifts_are_read() {
        for (text, seconds) in [
            ("+2h", 7200),
            ("+1d", 86_400),
            ("-30m", -1800),
            ("+90s", 90),
        ] {
            assert_eq!(parse_shift(text).unwrap().shift_seconds, seconds, "{text}");
        }
        assert!(parse_shift("reset").unwrap().reset);
        for text in ["", "2h", "+h", "+2w", "+9999999999999999d", "天"] {
            assert!(parse_shift(text).is_err(), "{text}");
        }
    }
}
