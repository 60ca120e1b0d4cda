//! What is proposed as a change of the rules (R-RULE-1, R-CAL-1): a year's notice, a version of the
//! rulebook.

use std::collections::{BTreeMap, BTreeSet};

use app::AppError;
use chrono::{Datelike as _, NaiveDate, NaiveTime};
use domain::calendar::{OfficeHours, YearNotice};
use domain::rulebook::{Misplaced, Parameter, Rulebook, Rulebooks};
use serde::Deserialize;

use super::Findings;

/// Longest document number, in characters.
const DOCUMENT_CHARACTERS: usize = 60;

/// Years ahead of this one whose notice can be loaded.
const YEARS_AHEAD: i32 = 2;

/// The year from which the State Council's notices are known here.
const FIRST_YEAR: i32 = 2024;

/// `PUT /rules/calendars/{year}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarBody {
    /// Whether the State Council's notice is out.
    published: bool,
    /// Its document number.
    #[serde(default)]
    document_number: Option<String>,
    /// What differs from Monday to Friday.
    days: Vec<DayBody>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DayBody {
    date: NaiveDate,
    off: bool,
}

impl CalendarBody {
    /// Checks all of what it says about `year`.
    pub fn check(self, year: i32, today: NaiveDate) -> Result<YearNotice, AppError> {
        let mut wrong = Findings::default();
        let last = today.year() + YEARS_AHEAD;
        if !(FIRST_YEAR..=last).contains(&year) {
            wrong.add("year", format!("年份应为{FIRST_YEAR}至{last}年"));
        }
        let number = self.document_number.unwrap_or_default().trim().to_owned();
        if self.published || !number.is_empty() {
            wrong.text("/documentNumber", &number, "文号", DOCUMENT_CHARACTERS);
        }
        let mut seen = BTreeSet::new();
        for (index, day) in self.days.iter().enumerate() {
            let pointer = format!("/days/{index}/date");
            if day.date.year() != year {
                wrong.add(pointer, format!("{}不在{year}年内", day.date));
            } else if !seen.insert(day.date) {
                wrong.add(pointer, format!("{}重复，请只保留一行", day.date));
            }
        }
        if !wrong.0.is_empty() {
            return Err(wrong.into_error());
        }
        let mut days: Vec<_> = self.days.iter().map(|day| (day.date, day.off)).collect();
        days.sort_unstable();
        Ok(YearNotice {
            year,
            published: self.published,
            document_number: number,
            days,
        })
    }
}

/// `PUT /rules/rulebooks/{version}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RulebookBody {
    /// The day on which it takes effect.
    effective_on: NaiveDate,
    /// When the regulation's trial ends (Art. 20).
    #[serde(default)]
    trial_ends_on: Option<NaiveDate>,
    /// Morning from, to, afternoon from, to.
    #[serde(default)]
    office_hours: Option<[String; 4]>,
    /// The numbers that differ, by their codes.
    #[serde(default)]
    parameters: BTreeMap<String, i64>,
}

impl RulebookBody {
    /// Checks all of what it says; what is left out is as in this version, or in the one before it.
    pub fn check(self, version: u16, all: &Rulebooks) -> Result<Rulebook, AppError> {
        let mut wrong = Findings::default();
        let mut earlier = all.all().iter().filter(|book| book.version <= version);
        let mut book = earlier.next_back().cloned().unwrap_or_else(Rulebook::first);
        book.version = version;
        book.effective_on = self.effective_on;
        book.trial_ends_on = self.trial_ends_on.unwrap_or(book.trial_ends_on);
        if let Some(hours) = self.office_hours {
            let read = |text: &String| NaiveTime::parse_from_str(text, "%H:%M").ok();
            match hours.each_ref().map(read) {
                [Some(opens), Some(lunch), Some(afternoon), Some(closes)] => {
                    book.office_hours = OfficeHours {
                        morning: (opens, lunch),
                        afternoon: (afternoon, closes),
                    };
                }
                _ => wrong.add("/officeHours", "时间应写作 08:30"),
            }
        }
        if !book.office_hours.are_consecutive() {
            let says = "上午、下午的结束时间应晚于开始时间，且依次不重叠";
            wrong.add("/officeHours", says);
        }
        for (code, value) in self.parameters {
            let pointer = format!("/parameters/{code}");
            match Parameter::from_code(&code) {
                None => wrong.add(pointer, "没有这项参数，请核对名称"),
                Some(each) if !each.set(&mut book, value) => {
                    let Parameter {
                        zh, least, most, ..
                    } = each;
                    wrong.add(pointer, format!("{zh}应在{least}至{most}之间，现为{value}"));
                }
                Some(_) => {}
            }
        }
        match all.places(&book) {
            Ok(()) => {}
            Err(Misplaced::Gap { next }) => {
                wrong.add("version", format!("版本号应为已有的版本或者下一版：{next}"));
            }
            Err(Misplaced::NotAfter(on)) => {
                let says = format!("施行日应晚于上一版的施行日{on}");
                wrong.add("/effectiveOn", says);
            }
            Err(Misplaced::NotBefore(on)) => {
                let says = format!("施行日应早于下一版的施行日{on}");
                wrong.add("/effectiveOn", says);
            }
        }
        if wrong.0.is_empty() {
            Ok(book)
        } else {
            Err(wrong.into_error())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn today() -> NaiveDate {
        "2026-11-28".parse().unwrap()
    }

    fn pointers(error: AppError) -> Vec<String> {
        let AppError::Invalid(fields) = error else {
            panic!("{error}")
        };
        fields.into_iter().map(|field| field.pointer).collect()
    }

    fn notice(body: Value, year: i32) -> Result<YearNotice, Vec<String>> {
        let body: CalendarBody = serde_json::from_value(body).unwrap();
        body.check(year, today()).map_err(pointers)
    }

    #[test]
    fn r_cal_1_a_notice_names_its_document_and_its_own_days_only() {
        let days =
            json!([{ "date": "2027-01-02", "off": false }, { "date": "2027-01-01", "off": true }]);
        let number = "国办发明电〔2026〕9号";
        let good = json!({ "published": true, "documentNumber": number, "days": days });
        let read = notice(good.clone(), 2027).unwrap();
        assert!(read.published && read.document_number == number && read.days[0].1);
        assert_eq!(
            notice(good.clone(), 2031).unwrap_err(),
            ["year", "/days/0/date", "/days/1/date"]
        );
        let unnamed = json!({ "published": true, "documentNumber": " ", "days": [] });
        assert_eq!(notice(unnamed, 2027).unwrap_err(), ["/documentNumber"]);
        let twice = json!({ "published": false, "days": [days[0], days[0]] });
        assert_eq!(notice(twice, 2027).unwrap_err(), ["/days/1/date"]);
    }

    #[test]
    fn r_rule_1_a_version_says_what_differs_and_every_wrong_number_is_named() {
        let all = Rulebooks::new(Vec::new());
        let check = |body: Value, version| {
            let body: RulebookBody = serde_json::from_value(body).unwrap();
            body.check(version, &all).map_err(pointers)
        };
        let good = json!({ "effectiveOn": "2027-01-01", "parameters": { "handle_days": 2 } });
        let book = check(good.clone(), 2).unwrap();
        let expected = Rulebook {
            version: 2,
            effective_on: "2027-01-01".parse().unwrap(),
            handle_days: 2,
            ..Rulebook::first()
        };
        assert_eq!(book, expected);
        assert_eq!(check(good, 3).unwrap_err(), ["version"]);
        let wrong = json!({
            "effectiveOn": "2026-01-01", "officeHours": ["8:30", "12:00", "14:00", "late"],
            "parameters": { "handle_days": 0, "unknown": 1 },
        });
        let named = [
            "/officeHours",
            "/parameters/handle_days",
            "/parameters/unknown",
            "/effectiveOn",
        ];
        assert_eq!(check(wrong, 2).unwrap_err(), named);
        let night = json!({ "effectiveOn": "2026-01-01", "officeHours": ["08:30", "12:00", "14:00", "08:00"] });
        assert_eq!(
            check(night, 2).unwrap_err(),
            ["/officeHours", "/effectiveOn"]
        );
    }
}
