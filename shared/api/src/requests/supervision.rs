//! What is sent about cases of supervision (Art. 17; R-SV-7).

use app::AppError;
use chrono::{DateTime, Utc};
use domain::ids::{OfficerId, UnitId};
use domain::registry::Registry;
use domain::supervision::{Cause, Method, Trigger};
use domain::ticket::TicketNumber;
use serde::Deserialize;

use super::{Findings, NOTE_CHARACTERS};

/// `POST /supervision`: a case that no rule opened.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupervisionBody {
    /// Code of the item of Art. 17.
    trigger: String,
    /// The unit that is supervised.
    unit: String,
    /// The ticket, where it is about one.
    #[serde(default)]
    ticket: Option<String>,
    /// What happened, and what shows it.
    facts: String,
    /// Whether the matter is technical (Art. 18).
    #[serde(default)]
    pub technical: bool,
}

impl SupervisionBody {
    /// The cause that it names; opened by `by` of the unit `supervisor`.
    pub fn check(
        &self,
        registry: &Registry,
        (by, supervisor): (&OfficerId, &UnitId),
        at: DateTime<Utc>,
    ) -> Result<Cause, AppError> {
        let mut wrong = Findings::default();
        let unit = UnitId::parse(&self.unit).ok();
        let unit = unit.filter(|unit| registry.unit(unit).is_some());
        if unit.is_none() {
            wrong.add("/unit", "没有这个单位，请从单位目录中选择");
        }
        let all: Vec<_> = Trigger::ALL.iter().map(|trigger| trigger.code()).collect();
        let all = all.join("、");
        let trigger = wrong.code("/trigger", &self.trigger, Trigger::from_code, &all);
        let ticket = self.ticket.as_deref().map(TicketNumber::parse).transpose();
        if ticket.is_err() {
            wrong.add("/ticket", "诉求编号不正确，请核对后重新填写");
        }
        wrong.text("/facts", &self.facts, "事实和证据", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/facts", &self.facts);
        match (unit, trigger, ticket) {
            (Some(unit), Some(trigger), Ok(ticket)) if wrong.0.is_empty() => Ok(Cause {
                trigger,
                unit,
                supervisor: supervisor.clone(),
                ticket,
                key: format!("{by}/{}/{}", at.timestamp_millis(), self.facts),
                evidence: vec![self.facts.clone()],
                at,
            }),
            _ => Err(wrong.into_error()),
        }
    }
}

/// `POST /supervision/{case}/steps`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupervisionStepBody {
    /// Code of the method: the present one, to say what came of it, or the next of the ladder.
    method: String,
    /// What came of it.
    #[serde(default)]
    note: Option<String>,
}

impl SupervisionStepBody {
    /// The method, and what is said of it.
    pub fn check(self) -> Result<(Method, Option<String>), AppError> {
        let mut wrong = Findings::default();
        let all: Vec<_> = Method::ALL.iter().map(|method| method.code()).collect();
        let all = all.join("、");
        let method = wrong.code("/method", &self.method, Method::from_code, &all);
        let note = self.note.filter(|note| !note.trim().is_empty());
        wrong.optional("/note", note.as_deref(), "情况", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/note", note.as_deref().unwrap_or_default());
        match method {
            Some(method) if wrong.0.is_empty() => Ok((method, note)),
            _ => Err(wrong.into_error()),
        }
    }
}

/// `POST /supervision/{case}/answer`, `/acceptance`, `/refusal`; `POST /problem-groups/{group}/completion`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WordsBody {
    /// What was done, verified or found missing.
    words: String,
}

impl WordsBody {
    /// The words.
    pub fn check(self) -> Result<String, AppError> {
        let mut wrong = Findings::default();
        wrong.text("/words", &self.words, "情况说明", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/words", &self.words);
        if wrong.0.is_empty() {
            Ok(self.words)
        } else {
            Err(wrong.into_error())
        }
    }
}
