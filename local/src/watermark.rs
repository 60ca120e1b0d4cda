//! Where a file that turned up came from (Art. 16; R-DP-3).

use anyhow::Result;
use domain::export::{HiddenMark, hidden_marks};
use store::DynamoStore;

/// One line for each download that rows of the text came from; none when it bears no mark.
pub async fn trace(store: &DynamoStore, text: &str) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for mark in hidden_marks(text) {
        lines.push(said(store, &mark).await?);
    }
    Ok(lines)
}

async fn said(store: &DynamoStore, mark: &HiddenMark) -> Result<String> {
    let HiddenMark { export, download } = mark;
    let found = store.export(export).await?;
    let number = usize::from(*download).checked_sub(1);
    let taken = found.as_ref().zip(number);
    let taken = taken.and_then(|(found, number)| Some((found, found.downloads.get(number)?)));
    Ok(match taken {
        Some((found, taken)) => format!(
            "{export}, download {download}: {} of {}, {}, {} rows; asked for: {}",
            taken.step.by,
            taken.step.unit,
            taken.step.at.to_rfc3339(),
            taken.rows,
            found.extent.purpose
        ),
        None => format!("{export}, download {download}: no such download is on record here"),
    })
}
