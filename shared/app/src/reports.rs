//! 分析报告 (Art. 6(5), 15; R-AN-2): figures as they are sent and kept, the report that is made of them,
//! and where it is kept. What is in it was counted of the lake, so it is about nobody (Art. 16).

mod figures;
mod sheet;
mod summary;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::periodic::{Period, PeriodicId};
use serde::{Deserialize, Serialize};

use crate::error::AppError;

pub use figures::{Asked, Cell, Figures, HIDDEN, HIDDEN_SAYS, Head, Row, Share, ShareHead, Shows};
pub use sheet::{TITLES, rows};
pub use summary::summary;

/// Version of the form in which a report is kept.
pub const FORM: u8 = 1;

/// Where reports are kept in the archive.
pub const REPORTS: &str = "reports/";

/// A chapter of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    /// Heading, without its number.
    pub heading: String,
    /// Answers to its questions.
    pub figures: Vec<Figures>,
}

/// A sentence of a report, and the questions that its figures answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// What it says.
    pub text: String,
    /// The names of the questions.
    pub questions: Vec<String>,
}

/// 季度报告、年度报告: a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeriodicReport {
    /// Version of this form.
    pub form: u8,
    /// Its id.
    pub id: String,
    /// What its period is called.
    pub period_name: String,
    /// First day.
    pub since: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// As of when the figures are: what happened before.
    pub as_of: DateTime<Utc>,
    /// Whether the period was over then.
    pub whole: bool,
    /// 编制单位: what the city's managing units are called.
    pub issuer: String,
    /// 摘要.
    pub summary: Vec<Sentence>,
    /// 正文.
    pub chapters: Vec<Chapter>,
}

impl PeriodicReport {
    /// A report of what was asked.
    pub fn new(
        id: PeriodicId,
        as_of: DateTime<Utc>,
        issuer: String,
        chapters: Vec<Chapter>,
    ) -> Self {
        let period = id.period;
        Self {
            form: FORM,
            id: id.to_string(),
            period_name: period.zh(),
            since: period.since(),
            until: period.until(),
            as_of,
            whole: id.is_whole(),
            issuer,
            summary: summary(&chapters),
            chapters,
        }
    }

    /// How many rows of figures it has.
    pub fn rows(&self) -> usize {
        let figures = self.chapters.iter().flat_map(|chapter| &chapter.figures);
        figures.map(|figures| figures.rows.len()).sum()
    }

    /// Reads a report.
    pub fn read(bytes: &[u8]) -> Result<Self, AppError> {
        let broken = |error| AppError::Broken(format!("report: {error}"));
        serde_json::from_slice(bytes).map_err(broken)
    }

    /// As it is kept.
    pub fn bytes(&self) -> Result<Vec<u8>, AppError> {
        serde_json::to_vec(self).map_err(|error| AppError::Broken(error.to_string()))
    }
}

/// The name under which the figures of a report are kept.
pub fn data_name(id: &PeriodicId) -> String {
    format!("{REPORTS}{id}.json")
}

/// The name under which its paper is kept.
pub fn paper_name(id: &PeriodicId) -> String {
    format!("{REPORTS}{id}.pdf")
}

/// That a report is to be made: of a period, from the lake as it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    period: String,
}

/// The message that asks for a report of a period.
pub fn order(period: &Period) -> Result<String, AppError> {
    let period = period.to_string();
    serde_json::to_string(&Wish { period }).map_err(|error| AppError::Broken(error.to_string()))
}

/// Reads it.
pub fn ordered(message: &str) -> Result<Period, AppError> {
    let order: Option<Wish> = serde_json::from_str(message).ok();
    let period = order.and_then(|order| Period::parse(&order.period));
    period.ok_or_else(|| AppError::Malformed("the message asks for no period".to_owned()))
}

/// That the paper of a report is to be set.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperWish {
    paper: String,
}

/// The message that asks for the paper of a report.
pub fn paper_order(id: &PeriodicId) -> Result<String, AppError> {
    let paper = id.to_string();
    serde_json::to_string(&PaperWish { paper }).map_err(|error| AppError::Broken(error.to_string()))
}

/// The report whose paper a message asks for; none where it asks for something else.
pub fn ordered_paper(message: &str) -> Option<PeriodicId> {
    let order: PaperWish = serde_json::from_str(message).ok()?;
    PeriodicId::parse(&order.paper)
}

/// Where reports are kept: each is written once.
#[async_trait]
pub trait PeriodicFiles: Send + Sync {
    /// Names that begin so.
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError>;
    /// A file, if there is one.
    async fn find(&self, name: &str) -> Result<Option<Vec<u8>>, AppError>;
    /// Stores a file, unless there is one under this name already.
    async fn keep(&self, name: &str, content_type: &str, body: Vec<u8>) -> Result<(), AppError>;
}

/// A report that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: PeriodicId,
    /// Whether its paper is there too.
    pub has_paper: bool,
}

/// The reports that are kept: the latest period first, and of a period the latest.
pub async fn kept(files: &dyn PeriodicFiles) -> Result<Vec<Kept>, AppError> {
    let names = files.names(REPORTS).await?;
    let found = names.iter().filter_map(|name| {
        let id = name.strip_prefix(REPORTS)?.strip_suffix(".json")?;
        let id = PeriodicId::parse(id)?;
        let has_paper = names.contains(&paper_name(&id));
        Some(Kept { id, has_paper })
    });
    let mut found: Vec<Kept> = found.collect();
    found.sort_by_key(|kept| std::cmp::Reverse((kept.id.period.until(), kept.id)));
    Ok(found)
}

/// The periods over on a day whose reports nobody made since they were over.
pub async fn due(files: &dyn PeriodicFiles, today: NaiveDate) -> Result<Vec<Period>, AppError> {
    let kept = kept(files).await?;
    let is_made = |period: &Period| {
        let mut kept = kept.iter();
        kept.any(|kept| kept.id.period == *period && kept.id.is_whole())
    };
    let mut due = Period::due_on(today);
    due.retain(|period| !is_made(period));
    Ok(due)
}

/// A report by its id.
pub async fn find(files: &dyn PeriodicFiles, id: &PeriodicId) -> Result<PeriodicReport, AppError> {
    let found = files.find(&data_name(id)).await?;
    PeriodicReport::read(&found.ok_or(AppError::NotFound)?)
}
