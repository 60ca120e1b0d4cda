//! What is asked for, and decided, of an export (Art. 16; R-DP-3).

use app::AppError;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::export::{Column, Extent, Taken, latest_day};
use domain::ids::UnitId;
use domain::periodic::PeriodicId;
use domain::rulebook::Rulebook;
use serde::Deserialize;

use super::Findings;

/// Longest purpose of an export, and longest reason of a refusal, in characters.
const WORDS: usize = 200;

/// `POST /exports`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportBody {
    /// Whose work list.
    unit: Option<String>,
    /// Codes of its columns.
    #[serde(default)]
    columns: Vec<String>,
    /// Or which report.
    report: Option<String>,
    /// What for.
    purpose: String,
    /// The last day on which it can be downloaded.
    until: NaiveDate,
}

impl ExportBody {
    /// Checks all of it.
    pub fn check(self, now: DateTime<Utc>, rulebook: &Rulebook) -> Result<Extent, AppError> {
        let mut wrong = Findings::default();
        let taken = match (&self.unit, &self.report) {
            (Some(unit), None) => self.list(unit, &mut wrong),
            (None, Some(report)) => {
                let id = PeriodicId::parse(report);
                if id.is_none() {
                    wrong.add("/report", "没有这份报告");
                }
                if !self.columns.is_empty() {
                    wrong.add("/columns", "导出报告时不选列，请删去");
                }
                id.map(Taken::Periodic)
            }
            _ => {
                wrong.add(
                    "/unit",
                    "请填写单位（导出工作列表）或者报告编号（导出报告数据），二者只填其一",
                );
                None
            }
        };
        wrong.text("/purpose", &self.purpose, "用途", WORDS);
        wrong.no_numbers_of_people("/purpose", &self.purpose);
        let (today, latest) = (shanghai_date(now), latest_day(now, rulebook));
        if self.until < today || self.until > latest {
            wrong.add("/until", format!("下载截止日期应在{today}至{latest}之间"));
        }
        match taken {
            Some(taken) if wrong.0.is_empty() => Ok(Extent {
                taken,
                // One line: it stands in every row of the file.
                purpose: self
                    .purpose
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" "),
                until: self.until,
            }),
            _ => Err(wrong.into_error()),
        }
    }

    /// The rows of a work list.
    fn list(&self, unit: &str, wrong: &mut Findings) -> Option<Taken> {
        let unit = UnitId::parse(unit).ok();
        if unit.is_none() {
            wrong.add("/unit", "没有这个单位");
        }
        let all: Vec<_> = Column::ALL.iter().map(|column| column.code()).collect();
        let all = all.join("、");
        let mut columns = Vec::new();
        for (index, code) in self.columns.iter().enumerate().take(Column::ALL.len() + 1) {
            let pointer = format!("/columns/{index}");
            if let Some(column) = wrong.code(&pointer, code, Column::from_code, &all) {
                if columns.contains(&column) {
                    wrong.add(pointer, format!("“{}”已列出，请删去重复的列", column.zh()));
                }
                columns.push(column);
            }
        }
        if self.columns.is_empty() {
            wrong.add("/columns", format!("请至少选择一列：{all}"));
        }
        unit.map(|unit| Taken::List { unit, columns })
    }
}

/// `POST /exports/{export}/refusal`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportRefusalBody {
    reason: String,
}

impl ExportRefusalBody {
    /// Why it is refused.
    pub fn check(self) -> Result<String, AppError> {
        let mut wrong = Findings::default();
        wrong.text("/reason", &self.reason, "理由", WORDS);
        wrong.no_numbers_of_people("/reason", &self.reason);
        if wrong.0.is_empty() {
            Ok(self.reason)
        } else {
            Err(wrong.into_error())
        }
    }
}
