//! Reference data (R-AC-3, R-RULE-1, R-CAL-1): registry, rulebooks, calendars, as JSON sections
//! in one partition. Administrators load them; functions read them all with one query.

use app::AppError;
use app::ports::Reference;
use chrono::{NaiveDate, NaiveTime};
use domain::calendar::{Calendar, OfficeHours, YearNotice};
use domain::clocks::Timetable;
use domain::ids::{ChannelCode, UnitId};
use domain::registry::{Channel, Duty, Registry, Unit, UnitKind};
use domain::rulebook::{Rulebook, Rulebooks};
use serde::{Deserialize, Serialize};

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

#[derive(Deserialize)]
struct CalendarJson {
    year: i32,
    status: String,
    source_no: String,
    days: Vec<DayJson>,
}

#[derive(Deserialize)]
struct DayJson {
    date: NaiveDate,
    off: bool,
}

/// A version of the rulebook as loaded; what is left out is the first version's value.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct RulebookJson {
    /// Version, from 1.
    pub version: u16,
    /// The day it takes effect.
    pub effective_on: NaiveDate,
    /// When the trial ends (Art. 20).
    pub trial_ends_on: NaiveDate,
    /// Office hours: morning from, to, afternoon from, to.
    pub office_hours: [NaiveTime; 4],
    /// Office minutes to sign.
    pub sign_minutes: i64,
    /// Working days to close.
    pub handle_days: u32,
    /// Working days of an extension at most.
    pub extension_days: u32,
    /// Working days for a county to dispatch on.
    pub county_days: u32,
    /// Working days to give back.
    pub return_days: u32,
    /// Accepted returns before joint handling.
    pub returns_before_joint: u32,
    /// Office minutes to decide on requests.
    pub decision_minutes: i64,
    /// Working days to wait for supplements.
    pub supplement_days: u32,
    /// Items of a supplement list at most.
    pub supplement_items: usize,
    /// Calendar days to which a rectification can be deferred.
    pub deferral_days: u32,
    /// Working days to verify a rectification.
    pub verify_days: u32,
    /// Working days of joint handling.
    pub joint_days: u32,
    /// Working days to deliver otherwise.
    pub delivery_days: u32,
    /// Working days within which to call back.
    pub callback_days: u32,
    /// Of a hundred closings, how many are called back.
    pub callback_percent: u32,
    /// Of a unit's closings of a day, how many are called back at least.
    pub callback_least: u32,
    /// Calls that must have reached nobody.
    pub callback_attempts: u32,
    /// Working days to put right what a callback found.
    pub rectify_days: u32,
    /// Working days to answer a call that urges (Art. 17).
    pub urging_days: u32,
    /// Working days to answer a letter of supervision.
    pub letter_days: u32,
    /// Working days to answer after a visit.
    pub on_site_days: u32,
    /// Calendar days within which dissatisfied ratings that proved true count together (Art. 17(5)).
    pub proved_days: u32,
    /// Corrections of a technical problem that were not enough before a unit is on the register (Art. 18).
    pub technical_refusals: usize,
    /// Working days to correct a technical problem before a unit is on the register (Art. 18).
    pub technical_days: u32,
    /// Working days to find the root cause of a problem (Art. 8(5)).
    pub analysis_days: u32,
    /// Calendar days within which the measures against it are done.
    pub measures_days: u32,
    /// Working days within which to reopen.
    pub reopen_days: u32,
    /// Working days to the archive.
    pub archive_days: u32,
    /// Longest appeal, characters.
    pub text_characters: usize,
    /// Most attachments.
    pub attachments: usize,
    /// Shortest part of an answer, characters.
    pub answer_part_characters: usize,
    /// Wrong query codes before a lock.
    pub query_tries: u32,
    /// Wrong query codes from one source before a lock.
    pub source_tries: u32,
    /// Calendar days for which an export can be downloaded.
    pub export_days: u32,
    /// Years for which personal data is kept.
    pub personal_data_years: u32,
    /// Rows of an exported file.
    pub export_rows: usize,
    /// Downloads of an export.
    pub export_downloads: usize,
    /// Natural hours to put an entry of the knowledge base right.
    pub knowledge_hours: i64,
}

impl Default for RulebookJson {
    fn default() -> Self {
        let book = Rulebook::first();
        let hours = book.office_hours;
        Self {
            version: book.version,
            effective_on: book.effective_on,
            trial_ends_on: book.trial_ends_on,
            office_hours: [
                hours.morning.0,
                hours.morning.1,
                hours.afternoon.0,
                hours.afternoon.1,
            ],
            sign_minutes: book.sign_minutes,
            handle_days: book.handle_days,
            extension_days: book.extension_days,
            county_days: book.county_days,
            return_days: book.return_days,
            returns_before_joint: book.returns_before_joint,
            decision_minutes: book.decision_minutes,
            supplement_days: book.supplement_days,
            supplement_items: book.supplement_items,
            deferral_days: book.deferral_days,
            verify_days: book.verify_days,
            joint_days: book.joint_days,
            delivery_days: book.delivery_days,
            callback_days: book.callback_days,
            callback_percent: book.callback_percent,
            callback_least: book.callback_least,
            callback_attempts: book.callback_attempts,
            rectify_days: book.rectify_days,
            urging_days: book.urging_days,
            letter_days: book.letter_days,
            on_site_days: book.on_site_days,
            proved_days: book.proved_days,
            technical_refusals: book.technical_refusals,
            technical_days: book.technical_days,
            analysis_days: book.analysis_days,
            measures_days: book.measures_days,
            reopen_days: book.reopen_days,
            archive_days: book.archive_days,
            text_characters: book.text_characters,
            attachments: book.attachments,
            answer_part_characters: book.answer_part_characters,
            query_tries: book.query_tries,
            source_tries: book.source_tries,
            export_days: book.export_days,
            personal_data_years: book.personal_data_years,
            export_rows: book.export_rows,
            export_downloads: book.export_downloads,
            knowledge_hours: book.knowledge_hours,
        }
    }
}

impl From<RulebookJson> for Rulebook {
    fn from(json: RulebookJson) -> Self {
        let [opens, lunch, afternoon, closes] = json.office_hours;
        Self {
            version: json.version,
            effective_on: json.effective_on,
            trial_ends_on: json.trial_ends_on,
            office_hours: OfficeHours {
                morning: (opens, lunch),
                afternoon: (afternoon, closes),
            },
            sign_minutes: json.sign_minutes,
            handle_days: json.handle_days,
            extension_days: json.extension_days,
            county_days: json.county_days,
            return_days: json.return_days,
            returns_before_joint: json.returns_before_joint,
            decision_minutes: json.decision_minutes,
            supplement_days: json.supplement_days,
            supplement_items: json.supplement_items,
            deferral_days: json.deferral_days,
            verify_days: json.verify_days,
            joint_days: json.joint_days,
            delivery_days: json.delivery_days,
            callback_days: json.callback_days,
            callback_percent: json.callback_percent,
            callback_least: json.callback_least,
            callback_attempts: json.callback_attempts,
            rectify_days: json.rectify_days,
            urging_days: json.urging_days,
            letter_days: json.letter_days,
            on_site_days: json.on_site_days,
            proved_days: json.proved_days,
            technical_refusals: json.technical_refusals,
            technical_days: json.technical_days,
            analysis_days: json.analysis_days,
            measures_days: json.measures_days,
            reopen_days: json.reopen_days,
            archive_days: json.archive_days,
            text_characters: json.text_characters,
            attachments: json.attachments,
            answer_part_characters: json.answer_part_characters,
            query_tries: json.query_tries,
            source_tries: json.source_tries,
            export_days: json.export_days,
            personal_data_years: json.personal_data_years,
            export_rows: json.export_rows,
            export_downloads: json.export_downloads,
            knowledge_hours: json.knowledge_hours,
        }
    }
}

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
            "rulebook" => rulebooks.push(Rulebook::from(parse::<RulebookJson>(name, json)?)),
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
        published: json.status == "published",
        document_number: json.source_no,
        days: json
            .days
            .into_iter()
            .map(|day| (day.date, day.off))
            .collect(),
    }
}
