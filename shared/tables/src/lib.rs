//! Tables as CSV: the registry's five parts, in and out (R-AC-3), appeals, in (R-IN-8), and what is
//! exported (R-DP-3). Pure; all errors of a file at once. Of the registry nothing is taken from a file with an error.

mod appeals;
mod change;
mod columns;
mod read;
mod references;
mod sheet;
mod write;

#[cfg(test)]
mod tests;

pub use appeals::{AppealRow, appeals};
pub use change::{Change, import};
pub use columns::Part;
pub use write::{export, sheet};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 2 * 1024 * 1024;

/// Errors that are told of one file; what is wrong beyond them is only counted.
const MOST_ERRORS: usize = 1_000;

/// A wrong cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Line of the file, from 1; 1, the headings, also for what concerns the file as a whole.
    pub line: u64,
    /// The column's field name; empty where none is meant.
    pub column: String,
    /// What is wrong and what to do, in Chinese.
    pub detail: String,
}

impl RowError {
    fn new(line: u64, column: &str, detail: impl Into<String>) -> Self {
        Self {
            line,
            column: column.to_owned(),
            detail: detail.into(),
        }
    }
}
