//! What is sent about problem groups (Art. 8(5), 15; R-AN-3).

use app::AppError;
use chrono::NaiveDate;
use domain::ids::UnitId;
use domain::problem_group::Plan;
use domain::registry::Registry;
use domain::ticket::TicketNumber;
use serde::Deserialize;

use super::appeal::is_area;
use super::{Findings, NOTE_CHARACTERS, PART_CHARACTERS};

/// Longest title, in characters.
const TITLE_CHARACTERS: usize = 100;

/// Longest code of a service item, in characters.
const ITEM_CHARACTERS: usize = 100;

/// Tickets that are taken in with one request at most: they are written in one transaction.
const TICKETS: usize = 40;

/// What is confirmed as one problem.
#[derive(Debug)]
pub struct NewGroup {
    /// The problem, in a sentence.
    pub title: String,
    /// The unit whose problem it is.
    pub unit: UnitId,
    /// Area code, where it is about one area.
    pub area: Option<String>,
    /// Service item, where it is about one.
    pub service_item: Option<String>,
    /// Tickets that are about it.
    pub tickets: Vec<TicketNumber>,
}

/// `POST /problem-groups`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupBody {
    /// The problem, in a sentence.
    title: String,
    /// The unit whose problem it is.
    unit: String,
    #[serde(default)]
    area: Option<String>,
    #[serde(default)]
    service_item: Option<String>,
    /// Tickets that are about it.
    tickets: Vec<String>,
}

impl GroupBody {
    /// What it confirms.
    pub fn check(self, registry: &Registry) -> Result<NewGroup, AppError> {
        let mut wrong = Findings::default();
        wrong.text("/title", &self.title, "问题", TITLE_CHARACTERS);
        wrong.no_numbers_of_people("/title", &self.title);
        let unit = UnitId::parse(&self.unit).ok();
        let unit = unit.filter(|unit| registry.unit(unit).is_some());
        if unit.is_none() {
            wrong.add("/unit", "没有这个单位，请从单位目录中选择");
        }
        if self.area.as_deref().is_some_and(|area| !is_area(area)) {
            wrong.add("/area", "区划代码应为6位数字（GB/T 2260）");
        }
        let item = self.service_item.as_deref();
        wrong.optional("/serviceItem", item, "事项编码", ITEM_CHARACTERS);
        let tickets = numbers(&mut wrong, &self.tickets);
        match unit {
            Some(unit) if wrong.0.is_empty() => Ok(NewGroup {
                title: self.title,
                unit,
                area: self.area,
                service_item: self.service_item,
                tickets,
            }),
            _ => Err(wrong.into_error()),
        }
    }
}

fn numbers(wrong: &mut Findings, tickets: &[String]) -> Vec<TicketNumber> {
    if tickets.is_empty() || tickets.len() > TICKETS {
        wrong.add("/tickets", format!("请填写1至{TICKETS}个诉求编号"));
    }
    let mut numbers = Vec::new();
    for (at, number) in tickets.iter().enumerate() {
        match TicketNumber::parse(number) {
            Ok(number) => numbers.push(number),
            Err(_) => wrong.add(format!("/tickets/{at}"), "诉求编号不正确，请核对后重新填写"),
        }
    }
    numbers
}

/// `POST /problem-groups/{group}/tickets`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupTicketsBody {
    /// Tickets that are about the problem too.
    tickets: Vec<String>,
}

impl GroupTicketsBody {
    /// Their numbers.
    pub fn check(&self) -> Result<Vec<TicketNumber>, AppError> {
        let mut wrong = Findings::default();
        let tickets = numbers(&mut wrong, &self.tickets);
        if wrong.0.is_empty() {
            Ok(tickets)
        } else {
            Err(wrong.into_error())
        }
    }
}

/// `POST /problem-groups/{group}/release`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupReleaseBody {
    /// The ticket that is about something else.
    ticket: String,
    /// Why.
    reason: String,
}

impl GroupReleaseBody {
    /// Which ticket, and why.
    pub fn check(self) -> Result<(TicketNumber, String), AppError> {
        let mut wrong = Findings::default();
        wrong.text("/reason", &self.reason, "移出理由", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/reason", &self.reason);
        let number = TicketNumber::parse(&self.ticket);
        if number.is_err() {
            wrong.add("/ticket", "诉求编号不正确，请核对后重新填写");
        }
        match number {
            Ok(number) if wrong.0.is_empty() => Ok((number, self.reason)),
            _ => Err(wrong.into_error()),
        }
    }
}

/// `POST /problem-groups/{group}/plan`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupPlanBody {
    /// 根源分析.
    root_cause: String,
    /// 整改措施.
    measures: String,
    /// The last day on which they are done.
    until: NaiveDate,
}

impl GroupPlanBody {
    /// The plan.
    pub fn check(self) -> Result<Plan, AppError> {
        let mut wrong = Findings::default();
        for (pointer, text, name) in [
            ("/rootCause", &self.root_cause, "根源分析"),
            ("/measures", &self.measures, "整改措施"),
        ] {
            wrong.text(pointer, text, name, PART_CHARACTERS);
            wrong.no_numbers_of_people(pointer, text);
        }
        if wrong.0.is_empty() {
            Ok(Plan {
                root_cause: self.root_cause,
                measures: self.measures,
                until: self.until,
            })
        } else {
            Err(wrong.into_error())
        }
    }
}

/// `POST /problem-groups/{group}/verification`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupVerificationBody {
    /// Whether it worked.
    effective: bool,
    /// What shows it.
    words: String,
}

impl GroupVerificationBody {
    /// Whether it worked, and what shows it.
    pub fn check(self) -> Result<(bool, String), AppError> {
        let mut wrong = Findings::default();
        wrong.text("/words", &self.words, "核验情况", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/words", &self.words);
        if wrong.0.is_empty() {
            Ok((self.effective, self.words))
        } else {
            Err(wrong.into_error())
        }
    }
}
