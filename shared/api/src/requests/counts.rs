//! `PUT /reconciliations/{day}` (R-IN-5).

use std::collections::BTreeSet;

use app::AppError;
use app::error::FieldError;
use chrono::NaiveDate;
use serde::Deserialize;

use super::Findings;

/// Numbers of one day: as many as a body holds.
const MOST_IDS: usize = 5_000;

/// What a channel system counted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountBody {
    count: u32,
    ids: Vec<String>,
}

/// A count whose every field was found good.
#[derive(Debug)]
pub struct ParsedCount {
    /// How many appeals it took in.
    pub count: u32,
    /// Their numbers, each once, with where it stands.
    pub ids: Vec<(usize, String)>,
}

impl CountBody {
    /// Checks how many there are.
    pub fn check(self) -> Result<ParsedCount, AppError> {
        let listed = self.ids.len();
        if listed > MOST_IDS {
            let mut wrong = Findings::default();
            wrong.add("/ids", format!("一次最多{MOST_IDS}个编号，现有{listed}个"));
            return Err(wrong.into_error());
        }
        let mut seen = BTreeSet::new();
        let ids = self.ids.into_iter().enumerate();
        let ids = ids.filter(|(_, id)| seen.insert(id.clone())).collect();
        Ok(ParsedCount {
            count: self.count,
            ids,
        })
    }
}

/// A day that has begun, as `2026-03-02`.
pub fn day(pointer: &str, text: &str, today: NaiveDate) -> Result<NaiveDate, AppError> {
    let wrong = |detail: &str| AppError::Invalid(vec![FieldError::new(pointer, detail)]);
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    match day {
        Ok(day) if day <= today => Ok(day),
        Ok(_) => Err(wrong("这一天还没有到，请改为今天或以前的日期")),
        Err(_) => Err(wrong("日期应写作年-月-日，如2026-03-02")),
    }
}
