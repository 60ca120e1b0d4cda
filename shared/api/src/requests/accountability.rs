//! What is to be answered for, and what is decided of it (Art. 19; R-SV-9).

use app::AppError;
use domain::accountability::{Conduct, Matter, Outcome};
use domain::ids::{OfficerId, UnitId};
use domain::registry::Registry;
use domain::ticket::TicketNumber;
use serde::Deserialize;

use super::{Findings, NOTE_CHARACTERS};

/// `POST /accountability`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountabilityBody {
    /// The unit, or that of the officer.
    unit: String,
    /// The officer, where it is one person's conduct.
    #[serde(default)]
    officer: Option<String>,
    /// Code of the conduct.
    conduct: String,
    /// The ticket on which it was seen, where it was one.
    #[serde(default)]
    ticket: Option<String>,
    /// What happened, and what shows it.
    facts: String,
}

impl AccountabilityBody {
    /// Checks all of it.
    pub fn check(self, registry: &Registry) -> Result<Matter, AppError> {
        let mut wrong = Findings::default();
        let unit = UnitId::parse(&self.unit).ok();
        let unit = unit.filter(|unit| registry.unit(unit).is_some());
        if unit.is_none() {
            wrong.add("/unit", "没有这个单位，请从单位目录中选择");
        }
        let officer = self.officer.map(|id| OfficerId::parse(&id)).transpose();
        if officer.is_err() {
            wrong.add("/officer", "请填写人员账号，不填写姓名");
        }
        let all: Vec<_> = Conduct::ALL.iter().map(|conduct| conduct.code()).collect();
        let all = all.join("、");
        let conduct = wrong.code("/conduct", &self.conduct, Conduct::from_code, &all);
        let ticket = self.ticket.map(|number| TicketNumber::parse(&number));
        let ticket = ticket.transpose();
        if ticket.is_err() {
            wrong.add("/ticket", "诉求编号不正确，请核对后重新填写");
        }
        wrong.text("/facts", &self.facts, "事实和证据", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/facts", &self.facts);
        match (unit, officer, conduct, ticket) {
            (Some(unit), Ok(officer), Some(conduct), Ok(ticket)) if wrong.0.is_empty() => {
                Ok(Matter {
                    unit,
                    officer,
                    conduct,
                    ticket,
                    facts: self.facts,
                })
            }
            _ => Err(wrong.into_error()),
        }
    }
}

/// `POST /accountability/{record}/decision`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountabilityDecisionBody {
    /// Code of the outcome.
    outcome: String,
    /// Why.
    reason: String,
}

impl AccountabilityDecisionBody {
    /// What is decided, and why.
    pub fn check(self) -> Result<(Outcome, String), AppError> {
        let mut wrong = Findings::default();
        let all: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.code()).collect();
        let outcome = wrong.code(
            "/outcome",
            &self.outcome,
            Outcome::from_code,
            &all.join("、"),
        );
        wrong.text("/reason", &self.reason, "理由", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/reason", &self.reason);
        match outcome {
            Some(outcome) if wrong.0.is_empty() => Ok((outcome, self.reason)),
            _ => Err(wrong.into_error()),
        }
    }
}
