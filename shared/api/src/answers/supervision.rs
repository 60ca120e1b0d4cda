//! Cases of supervision as they are shown (Art. 17, 18; R-SV-7, R-SV-8).

use app::ports::Reference;
use app::supervision::due_of;
use chrono::{DateTime, Utc};
use domain::ids::OfficerId;
use domain::supervision::{Deed, Entry, Restriction, SupervisionCase, Turn};
use domain::ticket::TicketNumber;
use serde::Serialize;

/// A page of cases.
#[derive(Debug, Serialize)]
pub struct SupervisionPage {
    /// The newest day first.
    pub items: Vec<SupervisionView>,
    /// Where the next page starts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SupervisionView {
    id: String,
    trigger: &'static str,
    trigger_name: &'static str,
    article: &'static str,
    unit: String,
    unit_name: String,
    supervisor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    technical: bool,
    evidence: Vec<String>,
    method: &'static str,
    method_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<String>,
    turn: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opened_by: Option<String>,
    opened_at: DateTime<Utc>,
    entries: Vec<EntryView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryView {
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    deed: &'static str,
    deed_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

fn entry_view(entry: &Entry) -> EntryView {
    let (deed, deed_name, words) = match &entry.deed {
        Deed::Step { method, letter } => {
            let number = letter.map(|letter| format!("（{letter}）"));
            let name = format!("{}{}", method.zh(), number.unwrap_or_default());
            ("step", name, None)
        }
        Deed::Noted { words } => ("noted", "督办情况".to_owned(), Some(words)),
        Deed::Answered { words } => ("answered", "答复".to_owned(), Some(words)),
        Deed::Refused { words } => ("refused", "答复不符合要求".to_owned(), Some(words)),
        Deed::Unanswered => ("unanswered", "现场督办后逾期未答复".to_owned(), None),
        Deed::Accepted { words } => ("accepted", "核实办结".to_owned(), Some(words)),
    };
    EntryView {
        at: entry.at,
        by: entry.by.as_ref().map(ToString::to_string),
        deed,
        deed_name,
        words: words.cloned(),
    }
}

/// A case as it stands.
pub fn supervision_view(case: &SupervisionCase, reference: &Reference) -> SupervisionView {
    let why = &case.cause;
    let method = case.method().0;
    SupervisionView {
        id: case.id.to_string(),
        trigger: why.trigger.code(),
        trigger_name: why.trigger.zh(),
        article: why.trigger.article(),
        unit: why.unit.to_string(),
        unit_name: reference.registry.unit_name(&why.unit).to_owned(),
        supervisor: why.supervisor.to_string(),
        ticket: why.ticket.as_ref().map(TicketNumber::to_string),
        technical: case.is_technical,
        evidence: why.evidence.clone(),
        method: method.code(),
        method_name: method.zh(),
        letter: case.letter().map(|(number, _)| number.to_string()),
        turn: match case.turn() {
            Turn::Unit => "unit",
            Turn::Supervisor => "supervisor",
            Turn::Nobody => "nobody",
        },
        due_at: due_of(case, &reference.timetable),
        opened_by: case.opened_by.as_ref().map(OfficerId::to_string),
        opened_at: case.opened_at,
        entries: case.entries.iter().map(entry_view).collect(),
    }
}

/// The register of units whose projects are not supported.
#[derive(Debug, Serialize)]
pub struct RestrictionList {
    /// By unit.
    pub items: Vec<RestrictionView>,
}

/// A unit on the register, and why.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RestrictionView {
    unit: String,
    unit_name: String,
    case: String,
    refusals: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    overdue_since: Option<DateTime<Utc>>,
}

/// The register as it is shown.
pub fn restriction_list(restrictions: &[Restriction], reference: &Reference) -> RestrictionList {
    let view = |it: &Restriction| RestrictionView {
        unit: it.unit.to_string(),
        unit_name: reference.registry.unit_name(&it.unit).to_owned(),
        case: it.case.to_string(),
        refusals: it.refusals,
        overdue_since: it.overdue_since,
    };
    RestrictionList {
        items: restrictions.iter().map(view).collect(),
    }
}
