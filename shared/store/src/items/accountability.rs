//! The item of a record of accountability: its JSON and its version.

use app::AppError;
use chrono::{DateTime, Utc};
use domain::accountability::{
    AccountabilityId, AccountabilityRecord, Conduct, Decision, Matter, Outcome,
};
use domain::ids::{OfficerId, UnitId};
use domain::ticket::TicketNumber;
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;
use crate::table::broken;

#[derive(Serialize, Deserialize)]
struct RecordJson {
    unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    officer: Option<String>,
    conduct: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    facts: String,
    opened_by: String,
    opened_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionJson>,
}

#[derive(Serialize, Deserialize)]
struct DecisionJson {
    outcome: String,
    reason: String,
    by: String,
    at: DateTime<Utc>,
}

impl From<&AccountabilityRecord> for RecordJson {
    fn from(record: &AccountabilityRecord) -> Self {
        let matter = &record.matter;
        let decision = record.decision.as_ref().map(|decision| DecisionJson {
            outcome: decision.outcome.code().to_owned(),
            reason: decision.reason.clone(),
            by: decision.by.to_string(),
            at: decision.at,
        });
        Self {
            unit: matter.unit.to_string(),
            officer: matter.officer.as_ref().map(ToString::to_string),
            conduct: matter.conduct.code().to_owned(),
            ticket: matter.ticket.as_ref().map(ToString::to_string),
            facts: matter.facts.clone(),
            opened_by: record.opened_by.to_string(),
            opened_at: record.opened_at,
            decision,
        }
    }
}

impl DecisionJson {
    fn into_decision(self) -> Option<Decision> {
        Some(Decision {
            outcome: Outcome::from_code(&self.outcome)?,
            reason: self.reason,
            by: OfficerId::parse(&self.by).ok()?,
            at: self.at,
        })
    }
}

impl RecordJson {
    fn into_record(self, id: AccountabilityId) -> Option<AccountabilityRecord> {
        let officer = self.officer.map(|id| OfficerId::parse(&id)).transpose();
        let ticket = self.ticket.map(|number| TicketNumber::parse(&number));
        Some(AccountabilityRecord {
            id,
            matter: Matter {
                unit: UnitId::parse(&self.unit).ok()?,
                officer: officer.ok()?,
                conduct: Conduct::from_code(&self.conduct)?,
                ticket: ticket.transpose().ok()?,
                facts: self.facts,
            },
            opened_by: OfficerId::parse(&self.opened_by).ok()?,
            opened_at: self.opened_at,
            decision: match self.decision {
                Some(made) => Some(made.into_decision()?),
                None => None,
            },
        })
    }
}

/// The item.
pub(crate) fn item(record: &AccountabilityRecord) -> Result<Item, AppError> {
    let json = serde_json::to_string(&RecordJson::from(record)).map_err(broken)?;
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::ACCOUNTABILITY)),
        (keys::SK.to_owned(), text(record.id.as_str())),
        ("ve".to_owned(), number(record.version())),
        ("j".to_owned(), text(json)),
    ]))
}

/// Reads the item.
pub(crate) fn read(item: &Item) -> Result<AccountabilityRecord, AppError> {
    let reader = Reader::new(item, "record of accountability");
    let id = AccountabilityId::parse(reader.text(keys::SK)?);
    let id = id.ok_or_else(|| reader.corrupt(keys::SK))?;
    let json: Option<RecordJson> = serde_json::from_str(reader.text("j")?).ok();
    let record = json.and_then(|json| json.into_record(id));
    record.ok_or_else(|| reader.corrupt("j"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_sv_9_a_record_is_read_as_it_was_written_and_never_otherwise() {
        let at = "2026-03-02T01:00:00Z".parse().unwrap();
        let who = |id: &str| OfficerId::parse(id).unwrap();
        let mut record = AccountabilityRecord {
            id: AccountabilityId::new(at, b"digest"),
            matter: Matter {
                unit: UnitId::parse("ta-ylbzj").unwrap(),
                officer: None,
                conduct: Conduct::Leak,
                ticket: None,
                facts: "将诉求人信息转发至工作群".to_owned(),
            },
            opened_by: who("opener"),
            opened_at: at,
            decision: None,
        };
        assert_eq!(read(&item(&record).unwrap()).unwrap(), record);
        record.matter.officer = Some(who("liaison"));
        record.matter.ticket = TicketNumber::parse("TA26112428T5CY4TZ").ok();
        assert!(record.matter.ticket.is_some());
        record.decision = Some(Decision {
            outcome: Outcome::Transferred,
            reason: "情况属实".to_owned(),
            by: who("other"),
            at,
        });
        let written = item(&record).unwrap();
        assert_eq!(read(&written).unwrap(), record);
        // What cannot be read is a fault, not a record without it.
        for (is, not) in [
            ("transferred", "forgiven"),
            ("liaison", "?"),
            ("TA26112428T5CY4TZ", "TA26112428T5CY4TA"),
        ] {
            let mut other = written.clone();
            let json = serde_json::to_string(&RecordJson::from(&record)).unwrap();
            assert!(json.contains(is));
            other.insert("j".to_owned(), text(json.replace(is, not)));
            assert!(read(&other).is_err(), "{not}");
        }
    }
}
