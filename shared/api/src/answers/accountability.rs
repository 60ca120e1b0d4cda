//! Records of accountability as they are shown: of whom and what, and who decided what (R-SV-9).

use chrono::{DateTime, Utc};
use domain::accountability::{AccountabilityRecord, Decision};
use domain::ids::OfficerId;
use domain::ticket::TicketNumber;
use serde::Serialize;

/// A page of records.
#[derive(Debug, Serialize)]
pub struct AccountabilityPage<'a> {
    /// The newest day first.
    pub items: Vec<AccountabilityView<'a>>,
    /// Where the next page starts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A record.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountabilityView<'a> {
    id: &'a str,
    unit: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<&'a str>,
    conduct: &'static str,
    conduct_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<&'a str>,
    facts: &'a str,
    opened: OpenedView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<DecidedView<'a>>,
}

#[derive(Debug, Serialize)]
struct OpenedView<'a> {
    by: &'a str,
    at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DecidedView<'a> {
    by: &'a str,
    at: DateTime<Utc>,
    outcome: &'static str,
    outcome_name: &'static str,
    reason: &'a str,
}

impl<'a> From<&'a Decision> for DecidedView<'a> {
    fn from(decision: &'a Decision) -> Self {
        Self {
            by: decision.by.as_str(),
            at: decision.at,
            outcome: decision.outcome.code(),
            outcome_name: decision.outcome.zh(),
            reason: &decision.reason,
        }
    }
}

impl<'a> From<&'a AccountabilityRecord> for AccountabilityView<'a> {
    fn from(record: &'a AccountabilityRecord) -> Self {
        let matter = &record.matter;
        Self {
            id: record.id.as_str(),
            unit: matter.unit.as_str(),
            officer: matter.officer.as_ref().map(OfficerId::as_str),
            conduct: matter.conduct.code(),
            conduct_name: matter.conduct.zh(),
            ticket: matter.ticket.as_ref().map(TicketNumber::as_str),
            facts: &matter.facts,
            opened: OpenedView {
                by: record.opened_by.as_str(),
                at: record.opened_at,
            },
            decided: record.decision.as_ref().map(DecidedView::from),
        }
    }
}
