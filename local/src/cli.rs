//! The command line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, NaiveDate};
use clap::{Args, Parser, Subcommand};
use domain::ticket::TicketNumber;
use serde_json::Value;
use store::DynamoStore;

use crate::account::Account;
use crate::client::Client;
use crate::console;
use crate::dead_letters;
use crate::draws::Draws;
use crate::emit::Emitter;
use crate::keys::Keys;
use crate::lake;
use crate::registry;
use crate::seed::ReferenceData;
use crate::start::{self, StartArguments};
use crate::state::{Ports, noted_ports};
use crate::times::{parse_shift, parse_since};
use crate::verify::Verifier;
use crate::watermark;
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
    /// Send the messages of tickets again, made from the tickets themselves.
    ///
    /// Suggestions and notices are what the relay would have sent. A suggestion that stands is
    /// kept; a notice that reached its appellant is not sent again. Notices to officers are not on
    /// record: they go out again with the same `webhook-id`, by which the messaging gateway drops
    /// repeats, so name no earlier instant than needed.
    ///
    /// For what the relay gave up, `dead-letters redrive RelayFailureQueue` does this and clears the
    /// queue. In the cloud (AWS_REGION and keys are set) table and queues are found by their names
    /// in the template; TICKETS_TABLE, SUGGEST_QUEUE_URL, NOTIFY_QUEUE_URL and SEAL_QUEUE_URL decide when several
    /// fit.
    Emit {
        /// Events from this instant on, or of this time span: `2026-11-23T09:00:00+08:00`, `6h`,
        /// `2d`. Without it: all events of the named ticket; of all tickets, the events since ten
        /// minutes before the earliest failure in RelayFailureQueue.
        #[arg(long, value_name = "WHEN")]
        since: Option<String>,
        /// Only this ticket.
        #[arg(long, value_name = "NUMBER")]
        ticket: Option<String>,
    },
    /// Load a city's units, officers, channels, duty list, service items, rulebook and calendars.
    ///
    /// The folder has the files of `local/demo`, and `rulebook.json` where it differs from the
    /// first version. All of it is read before any of it is written; loading it again changes
    /// nothing, and functions see it within a minute. In the cloud (AWS_REGION and keys are set) the
    /// table is found by its name in the template, or TICKETS_TABLE says it.
    Load {
        /// The folder.
        folder: PathBuf,
    },
    /// Hold the record of every ticket against every seal, and name the first broken link.
    ///
    /// A record that was changed, cut off, put in another sequence or taken away since it was sealed is
    /// shown with the first event that is not the sealed one; so is one that should have been sealed
    /// by now. It is an error if there is any. In the cloud (AWS_REGION and keys are set) table and
    /// bucket are found by their names in the template, or TICKETS_TABLE and ARCHIVE_BUCKET say them;
    /// reading them is all it needs.
    Verify {
        /// Only this ticket.
        #[arg(long, value_name = "NUMBER")]
        ticket: Option<String>,
    },
    /// Reckon the draw of a day's callbacks again, and say whether it is the one on record.
    ///
    /// Seed and tickets come from the seals, which nobody can change, and what the tickets were then
    /// from their chains. It is an error if anything differs. Table and bucket as for `verify`.
    Draws {
        /// The day in Shanghai, as 2026-11-26.
        #[arg(long)]
        day: NaiveDate,
    },
    /// Say which download of which export a file came from, by the marks that are not seen.
    ///
    /// The file is text in UTF-8: a CSV file, a part of one, a message into which rows were copied. A
    /// spreadsheet is saved as CSV first. In the cloud (AWS_REGION and keys are set) the table is
    /// found by its name in the template, or TICKETS_TABLE says it.
    Watermark {
        /// The file.
        file: PathBuf,
    },
    /// The lake: open files of every ticket and event, de-identified, for analysis.
    ///
    /// It is made every night by itself. In the cloud (AWS_REGION and keys are set) table, queue and bucket
    /// are found by their names in the template, or TICKETS_TABLE, LAKE_QUEUE_URL and LAKE_BUCKET say them.
    Lake {
        #[command(subcommand)]
        command: lake::Command,
    },
    /// The registry as CSV: units, officers, duties, service-items, channels.
    Registry {
        #[command(subcommand)]
        command: Registry,
    },
    /// Make a file of new random keys, as the secret of a deployment wants it.
    Keys {
        /// The file, which must not exist.
        file: PathBuf,
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
    /// Send messages back to the queue they came from; what the relay gave up is emitted again
    /// from the tickets, see `emit --help`.
    Redrive {
        /// The dead-letter queue.
        queue: String,
        /// At most so many.
        #[arg(long)]
        limit: Option<usize>,
    },
}

#[derive(Debug, Subcommand)]
enum Registry {
    /// Print a part.
    Export {
        /// The part.
        part: String,
    },
    /// Take the whole of a part from a file: what is not in it is removed. A file with an error is
    /// not taken; every error is shown.
    Import {
        /// The part.
        part: String,
        /// The file.
        file: PathBuf,
        /// Only say what would change.
        #[arg(long)]
        check: bool,
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
            let account = Account::open(&state)?;
            match command {
                DeadLetters::List { queue } => dead_letters::list(&account, queue.as_deref()).await,
                DeadLetters::Redrive { queue, limit } => {
                    dead_letters::redrive(&account, &queue, limit).await
                }
            }
        }
        Some(Command::Emit { since, ticket }) => {
            emit(&Account::open(&state)?, since.as_deref(), ticket.as_deref()).await
        }
        Some(Command::Load { folder }) => load(&Account::open(&state)?, &root?, &folder).await,
        Some(Command::Lake { command }) => lake::run(&state, command).await,
        Some(Command::Registry { command }) => {
            let account = Account::open(&state)?;
            match command {
                Registry::Export { part } => registry::export(&account, &part).await,
                Registry::Import { part, file, check } => {
                    registry::import(&account, &part, &file, check).await
                }
            }
        }
        Some(Command::Watermark { file }) => trace(&Account::open(&state)?, &file).await,
        Some(Command::Verify { ticket }) => {
            verify(&Account::open(&state)?, ticket.as_deref()).await
        }
        Some(Command::Draws { day }) => Draws::open(&Account::open(&state)?).await?.show(day).await,
        Some(Command::Keys { file }) => new_keys(&file),
        Some(Command::Clock { shift }) => clock(&state, shift.as_deref()).await,
    }
}

async fn emit(account: &Account, since: Option<&str>, ticket: Option<&str>) -> Result<()> {
    let since = since
        .map(|text| parse_since(text, account.now()))
        .transpose()?;
    if let Some(number) = ticket {
        let number = parse_number(number)?;
        let emitter = Emitter::open(account, None).await?;
        let since = since.unwrap_or(DateTime::UNIX_EPOCH);
        return emitter.one(&number, since).await.map(|_| ());
    }
    let since = match since {
        Some(since) => since,
        None => dead_letters::failed_since(account)
            .await?
            .context("RelayFailureQueue is empty: name --since or --ticket")?,
    };
    let emitter = Emitter::open(account, None).await?;
    emitter.all(since).await.map(|_| ())
}

async fn verify(account: &Account, ticket: Option<&str>) -> Result<()> {
    let only = ticket.map(parse_number).transpose()?;
    let verifier = Verifier::open(account).await?;
    verifier.run(only.as_ref(), account.now()).await?.show()
}

fn parse_number(number: &str) -> Result<TicketNumber> {
    TicketNumber::parse(number).with_context(|| format!("`{number}`"))
}

async fn load(account: &Account, root: &Path, folder: &Path) -> Result<()> {
    let data = ReferenceData::read(root, folder)?;
    let table = account.table("TicketsTable", "TICKETS_TABLE").await?;
    let sections = data.write(account.dynamodb.clone(), &table).await?;
    console::line(&format!("{sections} parts and sections are in {table}"));
    Ok(())
}

async fn trace(account: &Account, file: &Path) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let table = account.table("TicketsTable", "TICKETS_TABLE").await?;
    let store = DynamoStore::new(account.dynamodb.clone(), table);
    let lines = watermark::trace(&store, &String::from_utf8_lossy(&bytes)).await?;
    if lines.is_empty() {
        let file = file.display();
        bail!("{file} bears no mark: it was not exported here, or its marks were taken out");
    }
    for line in &lines {
        console::line(line);
    }
    Ok(())
}

fn new_keys(file: &Path) -> Result<()> {
    if file.exists() {
        bail!("{} exists; keys are never replaced", file.display());
    }
    Keys::open(file)?;
    console::line(&format!(
        "{} holds new keys; keep it secret",
        file.display()
    ));
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
