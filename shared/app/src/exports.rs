//! What an export holds (R-DP-3): the rows of a work list or the figures of a report, as many as the
//! rulebook lets out.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::appeal::{Kind, Subject};
use domain::calendar::to_shanghai;
use domain::export::{Column, Export, HiddenMark};
use domain::ids::{OfficerId, UnitId};

use crate::error::AppError;
use crate::ports::{Store, WorklistQuery, WorklistRow};
use crate::reports::{self, PeriodicReport};

/// Rows read at a time.
const PAGE: i32 = 500;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Titles of its columns, and whether words stand in them: numbers and instants bear no mark that
    /// is not seen, for they are searched for and reckoned with.
    titles: Vec<(String, bool)>,
    /// Rows, a cell a column.
    rows: Vec<Vec<String>>,
    /// Whether there are more.
    is_cut: bool,
}

impl Content {
    /// How many rows.
    pub const fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are more.
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The first `most` rows of a unit's work list.
    pub async fn of_list(
        store: &dyn Store,
        unit: &UnitId,
        columns: &[Column],
        most: usize,
    ) -> Result<Self, AppError> {
        let mut query = WorklistQuery {
            unit: unit.clone(),
            state: None,
            task: None,
            due_by: None,
            cursor: None,
            limit: PAGE,
        };
        let mut rows = Vec::new();
        loop {
            let page = store.worklist(&query).await?;
            let cells =
                |row: &WorklistRow| columns.iter().map(|column| cell(row, *column)).collect();
            rows.extend(page.rows.iter().map(cells));
            query.cursor = page.next;
            if rows.len() > most || query.cursor.is_none() {
                break;
            }
        }
        let title = |column: &Column| {
            let is_words = !matches!(column, Column::Number | Column::DueAt);
            (column.zh().to_owned(), is_words)
        };
        Ok(Self::cut(columns.iter().map(title).collect(), rows, most))
    }

    /// The first `most` figures of a report.
    pub fn of_report(report: &PeriodicReport, most: usize) -> Self {
        let titles = reports::TITLES.map(|(title, is_words)| (title.to_owned(), is_words));
        Self::cut(titles.to_vec(), reports::rows(report), most)
    }

    fn cut(titles: Vec<(String, bool)>, mut rows: Vec<Vec<String>>, most: usize) -> Self {
        let is_cut = rows.len() > most;
        rows.truncate(most);
        Self {
            titles,
            rows,
            is_cut,
        }
    }
}

/// One download: what, for whom, under which mark.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Of which export.
    pub export: &'a Export,
    /// What it holds.
    pub content: &'a Content,
    /// Which download it is.
    pub mark: &'a HiddenMark,
    /// Who takes it out.
    pub by: &'a OfficerId,
    /// When.
    pub at: DateTime<Utc>,
}

impl Sheet<'_> {
    /// Headings and rows, each row with both marks.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let content = self.content;
        let hidden = self.mark.to_hidden();
        let mut visible = self.export.visible_mark(self.mark, self.by, self.at);
        if content.is_cut {
            // Writing to a String cannot fail.
            let _ = write!(visible, " 仅含前{}行，其余未导出", content.rows.len());
        }
        visible.push_str(&hidden);
        let titles = content.titles.iter().map(|(title, _)| title.clone());
        let titles = titles.chain(["水印".to_owned()]).collect();
        let row = |row: &Vec<String>| {
            let cells = row.iter().zip(&content.titles);
            let cells = cells.map(|(cell, (_, is_words))| {
                if *is_words && !cell.is_empty() {
                    format!("{cell}{hidden}")
                } else {
                    cell.clone()
                }
            });
            cells.chain([visible.clone()]).collect()
        };
        std::iter::once(titles)
            .chain(content.rows.iter().map(row))
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
