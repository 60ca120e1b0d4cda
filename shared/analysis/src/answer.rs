//! What the lake answers.

use app::reports::Cell;
use chrono::{DateTime, Utc};
use datafusion::arrow::array::{Array as _, AsArray as _, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::DataFusionError;

use crate::questions::{Question, Span};

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub question: &'static Question,
    /// About which days.
    pub span: Span,
    /// As of when the lake was made.
    pub as_of: Option<DateTime<Utc>>,
    /// Rows, in the order of the question; cells in the order of its columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Answer {
    /// The cell of a column.
    pub fn cell<'a>(&self, row: &'a [Cell], column: &str) -> Option<&'a Cell> {
        let mut columns = self.question.columns.iter();
        let at = columns.position(|it| it.name == column)?;
        row.get(at)
    }

    /// How many rows have something hidden.
    pub fn hidden(&self) -> usize {
        let is_hidden = |row: &&Vec<Cell>| row.contains(&Cell::Hidden);
        self.rows.iter().filter(is_hidden).count()
    }
}

/// The rows of batches, as cells.
pub(crate) fn rows(batches: &[RecordBatch]) -> Result<Vec<Vec<Cell>>, DataFusionError> {
    let mut rows = Vec::new();
    for batch in batches {
        let mut columns = Vec::with_capacity(batch.num_columns());
        for column in batch.columns() {
            let is_number = column.data_type().is_numeric();
            let wanted = if is_number {
                DataType::Int64
            } else {
                DataType::Utf8
            };
            columns.push((is_number, cast(column, &wanted)?));
        }
        for at in 0..batch.num_rows() {
            let cell = |(is_number, column): &(bool, datafusion::arrow::array::ArrayRef)| {
                if column.is_null(at) {
                    Cell::None
                } else if *is_number {
                    Cell::Number(column.as_primitive::<Int64Type>().value(at))
                } else {
                    Cell::Text(column.as_string::<i32>().value(at).to_owned())
                }
            };
            rows.push(columns.iter().map(cell).collect());
        }
    }
    Ok(rows)
}
