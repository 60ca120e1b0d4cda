//! The item of a case of supervision: its JSON and its version.

use app::AppError;
use chrono::{DateTime, Utc};
use domain::ids::{OfficerId, UnitId};
use domain::supervision::{
    Cause, Deed, Entry, LetterNumber, Method, SupervisionCase, SupervisionId, Trigger,
};
use domain::ticket::TicketNumber;
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;
use crate::table::broken;

#[derive(Serialize, Deserialize)]
struct CaseJson {
    trigger: String,
    unit: String,
    supervisor: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    key: String,
    evidence: Vec<String>,
    at: DateTime<Utc>,
    technical: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opened_by: Option<String>,
    opened_at: DateTime<Utc>,
    entries: Vec<EntryJson>,
}

#[derive(Serialize, Deserialize)]
struct EntryJson {
    at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    deed: DeedJson,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeedJson {
    Step {
        method: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        letter: Option<(i32, u32)>,
    },
    Noted(String),
    Answered(String),
    Refused(String),
    Unanswered,
    Accepted(String),
}

impl From<&Deed> for DeedJson {
    fn from(deed: &Deed) -> Self {
        match deed {
            Deed::Step { method, letter } => Self::Step {
                method: method.code().to_owned(),
                letter: letter.map(|letter| (letter.year, letter.number)),
            },
            Deed::Noted { words } => Self::Noted(words.clone()),
            Deed::Answered { words } => Self::Answered(words.clone()),
            Deed::Refused { words } => Self::Refused(words.clone()),
            Deed::Unanswered => Self::Unanswered,
            Deed::Accepted { words } => Self::Accepted(words.clone()),
        }
    }
}

impl DeedJson {
    fn into_deed(self) -> Option<Deed> {
        Some(match self {
            Self::Step { method, letter } => Deed::Step {
                method: Method::from_code(&method)?,
                letter: letter.map(|(year, number)| LetterNumber { year, number }),
            },
            Self::Noted(words) => Deed::Noted { words },
            Self::Answered(words) => Deed::Answered { words },
            Self::Refused(words) => Deed::Refused { words },
            Self::Unanswered => Deed::Unanswered,
            Self::Accepted(words) => Deed::Accepted { words },
        })
    }
}

impl From<&SupervisionCase> for CaseJson {
    fn from(case: &SupervisionCase) -> Self {
        let why = &case.cause;
        let entry = |entry: &Entry| EntryJson {
            at: entry.at,
            by: entry.by.as_ref().map(ToString::to_string),
            deed: DeedJson::from(&entry.deed),
        };
        Self {
            trigger: why.trigger.code().to_owned(),
            unit: why.unit.to_string(),
            supervisor: why.supervisor.to_string(),
            ticket: why.ticket.as_ref().map(ToString::to_string),
            key: why.key.clone(),
            evidence: why.evidence.clone(),
            at: why.at,
            technical: case.is_technical,
            opened_by: case.opened_by.as_ref().map(ToString::to_string),
            opened_at: case.opened_at,
            entries: case.entries.iter().map(entry).collect(),
        }
    }
}

fn officer(id: Option<String>) -> Result<Option<OfficerId>, domain::ids::InvalidId> {
    id.map(|id| OfficerId::parse(&id)).transpose()
}

impl CaseJson {
    fn into_case(self, id: SupervisionId) -> Option<SupervisionCase> {
        let ticket = self.ticket.map(|number| TicketNumber::parse(&number));
        let entries = self.entries.into_iter().map(|entry| {
            Some(Entry {
                at: entry.at,
                by: officer(entry.by).ok()?,
                deed: entry.deed.into_deed()?,
            })
        });
        Some(SupervisionCase {
            id,
            cause: Cause {
                trigger: Trigger::from_code(&self.trigger)?,
                unit: UnitId::parse(&self.unit).ok()?,
                supervisor: UnitId::parse(&self.supervisor).ok()?,
                ticket: ticket.transpose().ok()?,
                key: self.key,
                evidence: self.evidence,
                at: self.at,
            },
            is_technical: self.technical,
            opened_by: officer(self.opened_by).ok()?,
            opened_at: self.opened_at,
            entries: entries.collect::<Option<_>>()?,
        })
    }
}

/// The item.
pub(crate) fn item(case: &SupervisionCase) -> Result<Item, AppError> {
    let json = serde_json::to_string(&CaseJson::from(case)).map_err(broken)?;
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::CASES)),
        (keys::SK.to_owned(), text(case.id.as_str())),
        ("ve".to_owned(), number(case.version())),
        ("j".to_owned(), text(json)),
    ]))
}

/// Reads the item.
pub(crate) fn read(item: &Item) -> Result<SupervisionCase, AppError> {
    let reader = Reader::new(item, "case of supervision");
    let id = SupervisionId::parse(reader.text(keys::SK)?);
    let id = id.ok_or_else(|| reader.corrupt(keys::SK))?;
    let json: Option<CaseJson> = serde_json::from_str(reader.text("j")?).ok();
    let case = json.and_then(|json| json.into_case(id));
    case.ok_or_else(|| reader.corrupt("j"))
}

/// The case in a stream's image; none where the image is of something else.
pub fn case_from_image(image: &Item) -> Result<Option<SupervisionCase>, AppError> {
    let is_case = image.get(keys::PK).and_then(|pk| pk.as_s().ok());
    if is_case.is_some_and(|pk| pk == keys::CASES) {
        read(image).map(Some)
    } else {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_sv_7_a_case_is_read_as_it_was_written_and_never_otherwise() {
        let at: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        let who = || OfficerId::parse("manager").unwrap();
        let why = Cause {
            trigger: Trigger::Overdue,
            unit: UnitId::parse("ta-ylbzj").unwrap(),
            supervisor: UnitId::parse("ta-bigdata").unwrap(),
            ticket: TicketNumber::parse("TA26112428T5CY4TZ").ok(),
            key: "TA26112428T5CY4TZ/4".to_owned(),
            evidence: vec!["期限已过".to_owned()],
            at,
        };
        let mut case = SupervisionCase::open(why, false, Some(who()), at);
        let letter = LetterNumber {
            year: 2026,
            number: 3,
        };
        case.note("已电话催办".to_owned(), who(), at).unwrap();
        case.step(Method::Letter, Some(letter), None, at).unwrap();
        case.answer("已签收".to_owned(), who(), at).unwrap();
        case.refuse("仍未办结".to_owned(), who(), at).unwrap();
        case.step(Method::OnSite, None, Some(who()), at).unwrap();
        case.end_ladder(at);
        case.answer("已办结".to_owned(), who(), at).unwrap();
        case.accept("已核实".to_owned(), who(), at).unwrap();
        let written = item(&case).unwrap();
        assert_eq!(read(&written).unwrap(), case);
        let json = written["j"].as_s().unwrap().clone();
        for (is, not) in [
            ("overdue", "late"),
            ("on_site", "by_air"),
            ("ta-ylbzj", "?"),
        ] {
            let mut other = written.clone();
            assert!(json.contains(is), "{json}");
            other.insert("j".to_owned(), text(json.replace(is, not)));
            assert!(read(&other).is_err(), "{not}");
        }
    }
}
