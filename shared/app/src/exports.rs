//! What an export holds (R-DP-3): the rows of a work list, as many as the rulebook lets out.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::appeal::{Kind, Subject};
use domain::calendar::to_shanghai;
use domain::export::{Column, Export, HiddenMark};
use domain::ids::{OfficerId, UnitId};

use crate::error::AppError;
use crate::ports::{Store, WorklistQuery, WorklistRow};

/// Rows read at a time.
const PAGE: i32 = 500;

/// The first `most` rows of a unit's work list, and whether there are more.
pub async fn rows(
    store: &dyn Store,
    list: &UnitId,
    most: usize,
) -> Result<(Vec<WorklistRow>, bool), AppError> {
    let mut query = WorklistQuery {
        unit: list.clone(),
        state: None,
        task: None,
        cursor: None,
        limit: PAGE,
    };
    let mut rows = Vec::new();
    loop {
        let page = store.worklist(&query).await?;
        rows.extend(page.rows);
        query.cursor = page.next;
        if rows.len() > most || query.cursor.is_none() {
            let is_cut = rows.len() > most;
            rows.truncate(most);
            return Ok((rows, is_cut));
        }
    }
}

/// One download: which rows, for whom, under which mark.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Of which export.
    pub export: &'a Export,
    /// Its rows.
    pub rows: &'a [WorklistRow],
    /// Whether there are more.
    pub is_cut: bool,
    /// Which download it is.
    pub mark: &'a HiddenMark,
    /// Who takes it out.
    pub by: &'a OfficerId,
    /// When.
    pub at: DateTime<Utc>,
}

impl Sheet<'_> {
    /// Headings and rows, each with both marks. Numbers and instants carry none: they are searched
    /// for and reckoned with.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let columns = &self.export.extent.columns;
        let hidden = self.mark.to_hidden();
        let mut visible = self.export.visible_mark(self.mark, self.by, self.at);
        if self.is_cut {
            // Writing to a String cannot fail.
            let _ = write!(visible, " 仅含前{}行，其余未导出", self.rows.len());
        }
        visible.push_str(&hidden);
        let titles = columns.iter().map(|column| column.zh().to_owned());
        let titles = titles.chain(["水印".to_owned()]).collect();
        let row = |row: &WorklistRow| {
            let cells = columns.iter().map(|column| match column {
                Column::Number | Column::DueAt => cell(row, *column),
                Column::State | Column::Task | Column::Kind | Column::Subject => {
                    cell(row, *column) + &hidden
                }
            });
            cells.chain([visible.clone()]).collect()
        };
        std::iter::once(titles)
            .chain(self.rows.iter().map(row))
            .collect()
    }
}

/// What stands in `column` of a row.
fn cell(row: &WorklistRow, column: Column) -> String {
    match column {
        Column::Number => row.number.to_string(),
        Column::State => row.state.zh().to_owned(),
        Column::Task => row.task.zh().to_owned(),
        Column::Kind => words(&row.kind, Kind::from_code, Kind::zh),
        Column::Subject => words(&row.subject, Subject::from_code, Subject::zh),
        Column::DueAt => {
            let due = row.due_at.map(to_shanghai);
            due.map(|due| due.format("%Y-%m-%d %H:%M").to_string())
                .unwrap_or_default()
        }
    }
}

fn words<T>(code: &str, read: fn(&str) -> Option<T>, zh: fn(T) -> &'static str) -> String {
    read(code).map_or(code, zh).to_owned()
}
