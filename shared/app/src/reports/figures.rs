//! Figures as they are sent and kept (Art. 15): what was asked, and what the lake answered.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A figure, or what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "CellJson", into = "CellJson")]
pub enum Cell {
    /// A group, or its name.
    Text(String),
    /// A count.
    Number(i64),
    /// Not shown: it is about too few.
    Hidden,
    /// There is none.
    None,
}

/// A cell as it is sent: a text, a number, `{"hidden":true}` or null.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum CellJson {
    Number(i64),
    Text(String),
    Hidden { hidden: bool },
    None,
}

impl From<CellJson> for Cell {
    fn from(cell: CellJson) -> Self {
        match cell {
            CellJson::Number(number) => Self::Number(number),
            CellJson::Text(text) => Self::Text(text),
            CellJson::Hidden { .. } => Self::Hidden,
            CellJson::None => Self::None,
        }
    }
}

impl From<Cell> for CellJson {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Number(number) => Self::Number(number),
            Cell::Text(text) => Self::Text(text),
            Cell::Hidden => Self::Hidden { hidden: true },
            Cell::None => Self::None,
        }
    }
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// By what is counted; what stands beside it can be summed.
    Group,
    /// By what is counted, where nobody sums: a span of days and the one before it, problems.
    Key,
    /// What a group is called.
    Name,
    /// How many appeals, or people's words about them: few are not shown (Art. 16).
    Count,
    /// How many of them: shown where they are.
    Part,
    /// A figure about the city's own doing, which is always shown.
    Figure,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its name in the question's SQL.
    pub name: String,
    /// What it is, in Chinese.
    pub title: String,
    /// How it is shown.
    pub shows: Shows,
    /// Codes in it, and what they mean in Chinese.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
}

/// What a share is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareHead {
    /// What it is, in Chinese.
    pub title: String,
    /// Column of the numerator.
    pub numerator: String,
    /// Column of the denominator.
    pub denominator: String,
}

/// A share: so many of so many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub numerator: i64,
    /// Of how many.
    pub denominator: i64,
    /// In percent, to a tenth.
    pub percent: f64,
    /// Where they were drawn at random: between which percents the share of all lies, 95 times of 100
    /// (Wilson's score interval, JASA 22, 1927, 209-212).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
}

/// A row of figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// In the order of the columns.
    pub cells: Vec<Cell>,
    /// In the order of the shares; none where something of it is hidden, or it is of nothing.
    pub shares: Vec<Option<Share>>,
}

/// A question, as it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its name.
    pub question: String,
    /// What is asked, in Chinese.
    pub title: String,
    /// The columns of its answer.
    pub columns: Vec<Head>,
    /// The shares that follow from them.
    pub shares: Vec<ShareHead>,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// What was asked.
    #[serde(flatten)]
    pub asked: Asked,
    /// About which days: the first.
    pub since: NaiveDate,
    /// And the last.
    pub until: NaiveDate,
    /// Rows, in the question's order.
    pub rows: Vec<Row>,
    /// Rows of which something is hidden.
    pub hidden: usize,
}

/// What stands for a figure that is not shown.
pub const HIDDEN: &str = "*";

/// What is to be said of it.
pub const HIDDEN_SAYS: &str =
    "“*”：少于5的数，以及可由此推算出少于5的数，依法不予显示（第十六条）。";

impl Figures {
    /// Where a column stands.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.asked
            .columns
            .iter()
            .position(|head| head.name == column)
    }

    /// A cell of a row.
    pub fn cell<'a>(&self, row: &'a Row, column: &str) -> Option<&'a Cell> {
        row.cells.get(self.place(column)?)
    }

    /// A number of a row, where it is shown.
    pub fn number(&self, row: &Row, column: &str) -> Option<i64> {
        match self.cell(row, column) {
            Some(Cell::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A cell as it is read: a code in its words.
    pub fn shown(head: &Head, cell: &Cell) -> String {
        match cell {
            Cell::Text(text) => head.words.get(text).unwrap_or(text).clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Hidden => HIDDEN.to_owned(),
            Cell::None => "—".to_owned(),
        }
    }

    /// A share as it is read.
    pub fn shown_share(share: Option<&Share>) -> String {
        match share {
            Some(Share {
                percent,
                interval: Some((low, high)),
                ..
            }) => format!("{percent:.1}%（{low:.1}%—{high:.1}%）"),
            Some(share) => format!("{:.1}%", share.percent),
            None => "—".to_owned(),
        }
    }
}
