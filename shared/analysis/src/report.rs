//! 分析报告 (Art. 6(5); R-AN-2): which questions a report asks, in which chapters.

use app::AppError;
use app::reports::{Cell, Chapter, PeriodicReport};
use chrono::{DateTime, Utc};
use domain::periodic::PeriodicId;

use crate::Lake;
use crate::questions::{Question, Span};

/// Chapters, and their questions in order.
pub const CHAPTERS: &[(&str, &[&str])] = &[
    ("总体情况", &["overview", "volumes", "endings"]),
    ("渠道和类型", &["channels", "kinds"]),
    ("县（市、区）", &["appeals-by-county", "overdue-by-county"]),
    ("时限", &["time-limits"]),
    ("承办单位", &["handling-by-unit", "returns-by-unit"]),
    ("满意度", &["satisfaction", "satisfaction-by-unit"]),
    ("回访", &["callbacks"]),
    ("督办", &["supervision"]),
    ("热点和上升", &["hot-items", "rising-items"]),
    ("共性问题", &["problem-groups"]),
    ("意见建议", &["suggestions"]),
    ("知识库", &["knowledge-uses"]),
];

/// What the city's managing units are called: a report is of them all.
const ISSUERS: &str = "SELECT u.name FROM units u WHERE u.kind = 'city_managing' ORDER BY u.unit";

impl Lake {
    /// Asks everything that a report says.
    pub async fn report(
        &self,
        id: PeriodicId,
        as_of: DateTime<Utc>,
    ) -> Result<PeriodicReport, AppError> {
        // Of a period that is not over, as far as it went: against as many days before it.
        let (since, until) = (id.period.since(), id.last_day());
        let span = Span::new(since, until).map_err(|error| AppError::Broken(error.to_string()))?;
        let mut chapters = Vec::with_capacity(CHAPTERS.len());
        for (heading, names) in CHAPTERS {
            let mut figures = Vec::with_capacity(names.len());
            for name in *names {
                let question = Question::named(name);
                let question =
                    question.ok_or_else(|| AppError::Broken(format!("no question {name}")))?;
                figures.push(self.ask(question, span).await?.figures());
            }
            chapters.push(Chapter {
                heading: (*heading).to_owned(),
                figures,
            });
        }
        let issuers = self.query(ISSUERS).await?;
        let names = issuers.iter().flatten().filter_map(|cell| match cell {
            Cell::Text(name) => Some(name.as_str()),
            _ => None,
        });
        let names: Vec<&str> = names.collect();
        let issuer = match names.as_slice() {
            [] => "市级管理单位".to_owned(),
            names => names.join("、"),
        };
        Ok(PeriodicReport::new(id, as_of, issuer, chapters))
    }
}
