//! What became of each row of a file of appeals (R-IN-8).

use serde::Serialize;

use super::AppealReceipt;
use crate::problem::Problem;

/// Answer to a file.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// Rows that became tickets.
    pub created: usize,
    /// Rows that were tickets already.
    pub repeated: usize,
    /// Rows that are no tickets.
    pub refused: usize,
    /// Every row, in the order of the file.
    pub rows: Vec<BatchRow>,
}

/// A row.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchRow {
    /// Its line in the file.
    pub line: u64,
    /// The channel's own number, where the row has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: RowOutcome,
}

/// What became of a row.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum RowOutcome {
    /// A new ticket.
    Created {
        /// As for an appeal that comes alone.
        receipt: AppealReceipt,
    },
    /// The ticket that an earlier request made.
    Repeated {
        /// The same receipt again.
        receipt: AppealReceipt,
    },
    /// No ticket.
    Refused {
        /// Why, as for an appeal that comes alone.
        problem: Box<Problem>,
    },
}

impl BatchAnswer {
    /// Counts the rows.
    pub fn of(rows: Vec<BatchRow>) -> Self {
        let mut answer = Self::default();
        for row in &rows {
            *match row.outcome {
                RowOutcome::Created { .. } => &mut answer.created,
                RowOutcome::Repeated { .. } => &mut answer.repeated,
                RowOutcome::Refused { .. } => &mut answer.refused,
            } += 1;
        }
        answer.rows = rows;
        answer
    }
}
