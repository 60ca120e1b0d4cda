//! The registry as CSV on the command line: what the console's front door does, for a deployment
//! that is being set up (R-AC-3).

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use app::ports::Committed;
use store::DynamoStore;
use tables::{Part, RowError};

use crate::account::Account;
use crate::console;

async fn open(account: &Account, part: &str) -> Result<(DynamoStore, Part)> {
    let known = Part::ALL.map(Part::code).join(", ");
    let part = Part::from_code(part).with_context(|| format!("`{part}` is none of {known}"))?;
    let table = account.table("TicketsTable", "TICKETS_TABLE").await?;
    Ok((DynamoStore::new(account.dynamodb.clone(), table), part))
}

/// Prints a part.
pub async fn export(account: &Account, part: &str) -> Result<()> {
    let (store, part) = open(account, part).await?;
    let (all, _) = store.full_registry().await?;
    console::line(tables::export(part, &all).trim_end());
    Ok(())
}

/// Takes a part from a file, or only says what would change.
pub async fn import(account: &Account, part: &str, file: &Path, check: bool) -> Result<()> {
    let (store, part) = open(account, part).await?;
    let csv = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (before, version) = store.full_registry().await?;
    let change = match tables::import(part, &before, &csv) {
        Ok(change) => {
            let busy = store.with_open_tickets(&change.removed_units).await?;
            change.unless_busy(&busy)
        }
        Err(errors) => Err(errors),
    };
    let change = match change {
        Ok(change) => change,
        Err(errors) => {
            errors.iter().for_each(show);
            bail!("nothing was taken from {}", file.display());
        }
    };
    if !check && store.put_registry(&before, &change.after, &version).await? == Committed::LostRace
    {
        bail!("somebody else changed the registry just now; try again");
    }
    console::line(&format!(
        "{} rows: {} added, {} changed, {} removed{}",
        change.rows,
        change.added,
        change.changed,
        change.removed,
        if check { "; only checked" } else { "" }
    ));
    Ok(())
}

fn show(error: &RowError) {
    let RowError {
        line,
        column,
        detail,
    } = error;
    console::error(&format!("line {line}, {column}: {detail}"));
}
