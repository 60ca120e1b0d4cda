//! Exports as they are shown: who asked for what, who decided, and every download (R-DP-3).

use chrono::{DateTime, NaiveDate, Utc};
use domain::export::{Decision, Download, Export, Step, Taken};
use domain::rulebook::Rulebook;
use serde::Serialize;

/// A page of exports.
#[derive(Debug, Serialize)]
pub struct ExportsPage<'a> {
    /// The newest day first.
    pub items: Vec<ExportView<'a>>,
    /// Where the next page starts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An export.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportView<'a> {
    id: &'a str,
    standing: &'static str,
    standing_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    purpose: &'a str,
    until: NaiveDate,
    asked: StepView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<DecisionView<'a>>,
    downloads: Vec<DownloadView<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StepView<'a> {
    by: &'a str,
    unit: &'a str,
    at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DecisionView<'a> {
    #[serde(flatten)]
    step: StepView<'a>,
    granted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DownloadView<'a> {
    #[serde(flatten)]
    step: StepView<'a>,
    rows: u32,
    cut: bool,
    sha256: &'a str,
}

impl<'a> From<&'a Step> for StepView<'a> {
    fn from(step: &'a Step) -> Self {
        Self {
            by: step.by.as_str(),
            unit: step.unit.as_str(),
            at: step.at,
        }
    }
}

impl<'a> From<&'a Decision> for DecisionView<'a> {
    fn from(decision: &'a Decision) -> Self {
        Self {
            step: (&decision.step).into(),
            granted: decision.refused.is_none(),
            reason: decision.refused.as_deref(),
        }
    }
}

impl<'a> From<&'a Download> for DownloadView<'a> {
    fn from(download: &'a Download) -> Self {
        Self {
            step: (&download.step).into(),
            rows: download.rows,
            cut: download.is_cut,
            sha256: &download.sha256,
        }
    }
}

impl<'a> ExportView<'a> {
    /// As it stands at `now`.
    pub fn of(export: &'a Export, now: DateTime<Utc>, rulebook: &Rulebook) -> Self {
        let standing = export.standing(now, rulebook);
        let extent = &export.extent;
        let (unit, columns, report) = match &extent.taken {
            Taken::List { unit, columns } => (
                Some(unit.as_str()),
                columns.iter().map(|column| column.code()).collect(),
                None,
            ),
            Taken::Periodic(id) => (None, Vec::new(), Some(id.to_string())),
        };
        Self {
            id: export.id.as_str(),
            standing: standing.code(),
            standing_name: standing.zh(),
            unit,
            columns,
            report,
            purpose: &extent.purpose,
            until: extent.until,
            asked: (&export.asked).into(),
            decided: export.decision.as_ref().map(DecisionView::from),
            downloads: export.downloads.iter().map(DownloadView::from).collect(),
        }
    }
}
