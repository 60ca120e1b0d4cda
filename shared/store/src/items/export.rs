//! An export's item: its JSON and its version.

use app::AppError;
use chrono::{DateTime, NaiveDate, Utc};
use domain::export::{Column, Decision, Download, Export, ExportId, Extent, Step, Taken};
use domain::ids::{OfficerId, UnitId};
use domain::periodic::PeriodicId;
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;
use crate::table::broken;

#[derive(Serialize, Deserialize)]
struct ExportJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    purpose: String,
    until: NaiveDate,
    asked: StepJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionJson>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    downloads: Vec<DownloadJson>,
}

/// Who, of which unit, when.
#[derive(Serialize, Deserialize)]
struct StepJson(String, String, DateTime<Utc>);

#[derive(Serialize, Deserialize)]
struct DecisionJson {
    step: StepJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct DownloadJson {
    step: StepJson,
    rows: u32,
    cut: bool,
    sha256: String,
}

impl From<&Step> for StepJson {
    fn from(step: &Step) -> Self {
        Self(step.by.to_string(), step.unit.to_string(), step.at)
    }
}

impl StepJson {
    fn into_step(self) -> Option<Step> {
        Some(Step {
            by: OfficerId::parse(&self.0).ok()?,
            unit: UnitId::parse(&self.1).ok()?,
            at: self.2,
        })
    }
}

impl From<&Export> for ExportJson {
    fn from(export: &Export) -> Self {
        let extent = &export.extent;
        let (list, columns, report) = match &extent.taken {
            Taken::List { unit, columns } => {
                let codes = columns.iter().map(|column| column.code().to_owned());
                (Some(unit.to_string()), codes.collect(), None)
            }
            Taken::Periodic(id) => (None, Vec::new(), Some(id.to_string())),
        };
        let decision = export.decision.as_ref().map(|decision| DecisionJson {
            step: (&decision.step).into(),
            refused: decision.refused.clone(),
        });
        let downloads = export.downloads.iter().map(|download| DownloadJson {
            step: (&download.step).into(),
            rows: download.rows,
            cut: download.is_cut,
            sha256: download.sha256.clone(),
        });
        Self {
            list,
            columns,
            report,
            purpose: extent.purpose.clone(),
            until: extent.until,
            asked: (&export.asked).into(),
            decision,
            downloads: downloads.collect(),
        }
    }
}

impl ExportJson {
    fn into_export(self, id: ExportId) -> Option<Export> {
        let columns = self.columns.iter().map(|code| Column::from_code(code));
        let taken = match (self.list, self.report) {
            (Some(list), None) => Taken::List {
                unit: UnitId::parse(&list).ok()?,
                columns: columns.collect::<Option<_>>()?,
            },
            (None, Some(report)) => Taken::Periodic(PeriodicId::parse(&report)?),
            _ => return None,
        };
        let decision = |decision: DecisionJson| {
            Some(Decision {
                step: decision.step.into_step()?,
                refused: decision.refused,
            })
        };
        let download = |download: DownloadJson| {
            Some(Download {
                step: download.step.into_step()?,
                rows: download.rows,
                is_cut: download.cut,
                sha256: download.sha256,
            })
        };
        Some(Export {
            id,
            extent: Extent {
                taken,
                purpose: self.purpose,
                until: self.until,
            },
            asked: self.asked.into_step()?,
            decision: match self.decision {
                Some(made) => Some(decision(made)?),
                None => None,
            },
            downloads: self
                .downloads
                .into_iter()
                .map(download)
                .collect::<Option<_>>()?,
        })
    }
}

/// The item.
pub(crate) fn item(export: &Export) -> Result<Item, AppError> {
    let json = serde_json::to_string(&ExportJson::from(export)).map_err(broken)?;
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::EXPORTS)),
        (keys::SK.to_owned(), text(export.id.as_str())),
        ("ve".to_owned(), number(export.version())),
        ("j".to_owned(), text(json)),
    ]))
}

/// Reads the item.
pub(crate) fn read(item: &Item) -> Result<Export, AppError> {
    let reader = Reader::new(item, "export");
    let id = ExportId::parse(reader.text(keys::SK)?).ok_or_else(|| reader.corrupt(keys::SK))?;
    let json: Option<ExportJson> = serde_json::from_str(reader.text("j")?).ok();
    let export = json.and_then(|json| json.into_export(id));
    export.ok_or_else(|| reader.corrupt("j"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_dp_3_an_export_is_read_as_it_was_written() {
        let step = |by: &str| Step {
            by: OfficerId::parse(by).unwrap(),
            unit: UnitId::parse("ta-ylbzj").unwrap(),
            at: "2026-03-02T01:00:00Z".parse().unwrap(),
        };
        let mut export = Export {
            id: ExportId::new(step("a").at, b"digest"),
            extent: Extent {
                taken: Taken::List {
                    unit: UnitId::parse("ta-ylbzj").unwrap(),
                    columns: Column::ALL.to_vec(),
                },
                purpose: "通报".to_owned(),
                until: "2026-03-04".parse().unwrap(),
            },
            asked: step("asker"),
            decision: None,
            downloads: Vec::new(),
        };
        assert_eq!(read(&item(&export).unwrap()).unwrap(), export);
        export.decision = Some(Decision {
            step: step("decider"),
            refused: Some("过多".to_owned()),
        });
        export.downloads.push(Download {
            step: step("asker"),
            rows: 3,
            is_cut: true,
            sha256: "00".to_owned(),
        });
        assert_eq!(read(&item(&export).unwrap()).unwrap(), export);
        export.extent.taken = Taken::Periodic(PeriodicId::parse("2026-Q3.20261001").unwrap());
        assert_eq!(read(&item(&export).unwrap()).unwrap(), export);
    }
}
