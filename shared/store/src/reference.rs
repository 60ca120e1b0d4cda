//! Reference data (R-AC-3, R-RULE-1, R-CAL-1): registry, rulebooks, calendars, as JSON sections
//! in one partition. Administrators load them; functions read them all with one query.

use std::collections::BTreeMap;

use app::AppError;
use app::ports::Reference;
use chrono::{NaiveDate, NaiveTime};
use domain::calendar::{Calendar, OfficeHours, YearNotice};
use domain::clocks::Timetable;
use domain::ids::{ChannelCode, UnitId};
use domain::registry::{Channel, Duty, Registry, Unit, UnitKind};
use domain::rulebook::{PARAMETERS, Parameter, Rulebook, Rulebooks};
use serde::{Deserialize, Serialize};

use crate::table::broken;

/// A unit as loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnitJson {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// `city_managing`, `county_managing` or `resolving`.
    pub kind: String,
    /// Unit above.
    #[serde(default)]
    pub parent: Option<String>,
    /// Area code.
    pub area: String,
    /// Responsible leaders on record.
    #[serde(default)]
    pub leaders: u32,
    /// Liaisons on record.
    #[serde(default)]
    pub liaisons: u32,
}

/// A channel as loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelJson {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Managing unit.
    pub managing_unit: String,
    /// Managing unit for appeals about system functions.
    #[serde(default)]
    pub system_function_unit: Option<String>,
}

/// A line of the duty list as loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DutyJson {
    /// Unit.
    pub unit: String,
    /// Words.
    #[serde(default)]
    pub words: Vec<String>,
    /// Service item.
    #[serde(default)]
    pub service_item: Option<String>,
    /// Area.
    #[serde(default)]
    pub area: Option<String>,
    /// The day from which the line counts.
    #[serde(default)]
    pub effective_on: Option<NaiveDate>,
}

#[derive(Serialize, Deserialize)]
struct CalendarJson {
    year: i32,
    status: String,
    source_no: String,
    days: Vec<DayJson>,
}

#[derive(Serialize, Deserialize)]
struct DayJson {
    date: NaiveDate,
    off: bool,
}

/// A version of the rulebook as loaded; what is left out is the first version's value.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct RulebookJson {
    version: u16,
    #[serde(default)]
    effective_on: Option<NaiveDate>,
    #[serde(default)]
    trial_ends_on: Option<NaiveDate>,
    /// Morning from, to, afternoon from, to.
    #[serde(default)]
    office_hours: Option<[NaiveTime; 4]>,
    /// The numbers, by the codes of [`PARAMETERS`].
    #[serde(flatten)]
    parameters: BTreeMap<String, i64>,
}

fn rulebook(json: RulebookJson) -> Result<Rulebook, String> {
    let mut book = Rulebook::first();
    book.version = json.version;
    book.effective_on = json.effective_on.unwrap_or(book.effective_on);
    book.trial_ends_on = json.trial_ends_on.unwrap_or(book.trial_ends_on);
    if let Some([opens, lunch, afternoon, closes]) = json.office_hours {
        book.office_hours = OfficeHours {
            morning: (opens, lunch),
            afternoon: (afternoon, closes),
        };
    }
    for (code, value) in json.parameters {
        let parameter =
            Parameter::from_code(&code).ok_or_else(|| format!("no such number: `{code}`"))?;
        if !parameter.set(&mut book, value) {
            let Parameter { least, most, .. } = parameter;
            return Err(format!(
                "`{code}` is {value}, and not from {least} to {most}"
            ));
        }
    }
    Ok(book)
}

/// A version of the rulebook as it is loaded.
pub fn rulebook_section(book: &Rulebook) -> Result<String, AppError> {
    let OfficeHours { morning, afternoon } = book.office_hours;
    let parameters = PARAMETERS.iter();
    let json = RulebookJson {
        version: book.version,
        effective_on: Some(book.effective_on),
        trial_ends_on: Some(book.trial_ends_on),
        office_hours: Some([morning.0, morning.1, afternoon.0, afternoon.1]),
        parameters: parameters
            .map(|each| (each.code.to_owned(), each.value(book)))
            .collect(),
    };
    serde_json::to_string(&json).map_err(broken)
}

/// A version of the rulebook from its JSON.
pub fn rulebook_from_json(json: &str) -> Result<Rulebook, AppError> {
    rulebook(parse("rulebook", json)?).map_err(|what| fault("rulebook", what))
}

/// A year's notice as it is loaded.
pub fn notice_section(notice: &YearNotice) -> Result<String, AppError> {
    let days = notice.days.iter();
    let json = CalendarJson {
        year: notice.year,
        status: if notice.published {
            PUBLISHED
        } else {
            "provisional"
        }
        .to_owned(),
        source_no: notice.document_number.clone(),
        days: days.map(|&(date, off)| DayJson { date, off }).collect(),
    };
    serde_json::to_string(&json).map_err(broken)
}

/// Status of a notice that is out.
const PUBLISHED: &str = "published";

/// Reads the sections `(name, JSON)` into reference data. A section that cannot be read is a
/// fault, not a gap.
pub fn read(sections: &[(String, String)]) -> Result<Reference, AppError> {
    let mut registry = Registry::default();
    let mut notices = Vec::new();
    let mut rulebooks = Vec::new();
    for (name, json) in sections {
        let kind = name.split('#').next().unwrap_or_default();
        match kind {
            "units" => registry.units = list(name, json, unit)?,
            "channels" => registry.channels = list(name, json, channel)?,
            "duties" => registry.duties = list(name, json, duty)?,
            "calendar" => notices.push(notice(parse(name, json)?)),
            "rulebook" => {
                rulebooks.push(rulebook(parse(name, json)?).map_err(|what| fault(name, what))?);
            }
            _ => {}
        }
    }
    let timetable = Timetable {
        calendar: Calendar::new(notices),
        rulebooks: Rulebooks::new(rulebooks),
    };
    Ok(Reference {
        registry,
        timetable,
    })
}

fn fault(section: &str, what: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("reference section `{section}`: {what}"))
}

fn parse<T: serde::de::DeserializeOwned>(section: &str, json: &str) -> Result<T, AppError> {
    serde_json::from_str(json).map_err(|error| fault(section, error))
}

pub(crate) fn list<J: serde::de::DeserializeOwned, T>(
    section: &str,
    json: &str,
    read: fn(J) -> Result<T, String>,
) -> Result<Vec<T>, AppError> {
    let rows: Vec<J> = parse(section, json)?;
    rows.into_iter()
        .map(read)
        .collect::<Result<_, _>>()
        .map_err(|what| fault(section, what))
}

pub(crate) fn unit_id(id: &str) -> Result<UnitId, String> {
    UnitId::parse(id).map_err(|error| error.to_string())
}

fn unit(json: UnitJson) -> Result<Unit, String> {
    Ok(Unit {
        id: unit_id(&json.id)?,
        kind: UnitKind::from_code(&json.kind).ok_or(json.kind)?,
        name: json.name,
        parent: json.parent.as_deref().map(unit_id).transpose()?,
        area: json.area,
        leaders: json.leaders,
        liaisons: json.liaisons,
    })
}

fn channel(json: ChannelJson) -> Result<Channel, String> {
    Ok(Channel {
        code: ChannelCode::parse(&json.code).map_err(|error| error.to_string())?,
        name: json.name,
        managing_unit: unit_id(&json.managing_unit)?,
        system_function_unit: json
            .system_function_unit
            .as_deref()
            .map(unit_id)
            .transpose()?,
    })
}

fn duty(json: DutyJson) -> Result<Duty, String> {
    let DutyJson {
        unit,
        words,
        service_item,
        area,
        effective_on,
    } = json;
    Ok(Duty {
        unit: unit_id(&unit)?,
        words,
        service_item,
        area,
        effective_on,
    })
}

fn notice(json: CalendarJson) -> YearNotice {
    YearNotice {
        year: json.year,
        published: json.status == PUBLISHED,
        document_number: json.source_no,
        days: json
            .days
            .into_iter()
            .map(|day| (day.date, day.off))
            .collect(),
    }
}
