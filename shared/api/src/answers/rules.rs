//! The rules in force (R-RULE-1, R-CAL-1): versions of the rulebook, the calendars with their document
//! numbers, and what is to be known in time.

use app::recompute::Effect;
use app::rule_changes::{RuleChange, RulesPart};
use chrono::{DateTime, NaiveDate, Utc};
use domain::announcements::{Announcement, announcements};
use domain::calendar::OfficeHours;
use domain::clocks::Timetable;
use domain::rulebook::{PARAMETERS, Rulebook};
use serde::Serialize;

/// The rules in force.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesAnswer {
    in_force: u16,
    announcements: Vec<String>,
    rulebooks: Vec<RulebookView>,
    calendars: Vec<CalendarView>,
    changes: Vec<RuleChangeView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RulebookView {
    version: u16,
    effective_on: NaiveDate,
    trial_ends_on: NaiveDate,
    office_hours: [String; 4],
    parameters: Vec<ParameterView>,
}

#[derive(Debug, Serialize)]
struct ParameterView {
    code: &'static str,
    name: &'static str,
    value: i64,
    unit: &'static str,
    least: i64,
    most: i64,
}

/// A change of a part of the rules.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleChangeView {
    change: String,
    document: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<CalendarView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rulebook: Option<RulebookView>,
    stage: &'static str,
    stage_name: &'static str,
    passed: u64,
    about: u64,
    effect: Effect,
    moved: u64,
    unreadable: u64,
    by: String,
    at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CalendarView {
    year: i32,
    document_number: String,
    published: bool,
    days: Vec<DayView>,
}

#[derive(Debug, Serialize)]
struct DayView {
    date: NaiveDate,
    off: bool,
}

/// The rules as sent, and the changes of them.
pub fn rules(timetable: &Timetable, changes: Vec<RuleChangeView>, today: NaiveDate) -> RulesAnswer {
    RulesAnswer {
        in_force: timetable.rulebooks.in_force(today).version,
        announcements: announcements(timetable, today).iter().map(said).collect(),
        rulebooks: timetable.rulebooks.all().iter().map(rulebook).collect(),
        calendars: calendars(timetable).collect(),
        changes,
    }
}

fn calendars(timetable: &Timetable) -> impl Iterator<Item = CalendarView> {
    let calendar = &timetable.calendar;
    calendar
        .years()
        .map(|(year, number, published)| CalendarView {
            year,
            document_number: number.to_owned(),
            published,
            days: calendar
                .days_of(year)
                .into_iter()
                .map(|(date, off)| DayView { date, off })
                .collect(),
        })
}

fn said(announcement: &Announcement) -> String {
    match announcement {
        Announcement::TrialEnds { on, days_left } if *days_left < 0 => {
            format!("办法试行期已于{}届满，请确认后续依据。", day(*on))
        }
        Announcement::TrialEnds { on, days_left } => {
            format!("办法试行期将于{}届满，还有{days_left}天。", day(*on))
        }
        Announcement::NoticeMissing { year } => {
            format!("{year}年放假安排通知尚未录入，涉及该年的期限为暂定，录入后重新计算。")
        }
        Announcement::RulebookComes { version, on } => {
            format!("规则参数第{version}版将于{}起施行。", day(*on))
        }
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%Y年%m月%d日").to_string()
}

fn rulebook(book: &Rulebook) -> RulebookView {
    let OfficeHours { morning, afternoon } = book.office_hours;
    let parameters = PARAMETERS.iter().map(|each| ParameterView {
        code: each.code,
        name: each.zh,
        value: each.value(book),
        unit: each.measure.zh(),
        least: each.least,
        most: each.most,
    });
    RulebookView {
        version: book.version,
        effective_on: book.effective_on,
        trial_ends_on: book.trial_ends_on,
        office_hours: [morning.0, morning.1, afternoon.0, afternoon.1]
            .map(|time| time.format("%H:%M").to_string()),
        parameters: parameters.collect(),
    }
}

impl RuleChangeView {
    /// A change as sent, and what it proposes.
    pub fn new(change: &RuleChange, proposed: &Timetable) -> Self {
        let (calendar, rulebook) = match change.part {
            RulesPart::Calendar(year) => (calendars(proposed).find(|it| it.year == year), None),
            RulesPart::Rulebook(version) => {
                (None, Some(rulebook(&proposed.rulebooks.version(version))))
            }
        };
        Self {
            change: change.part.to_string(),
            document: change.because.clone(),
            calendar,
            rulebook,
            stage: change.stage.code(),
            stage_name: change.stage.zh(),
            passed: change.passed,
            about: change.about.max(change.passed),
            effect: change.effect,
            moved: change.moved,
            unreadable: change.unreadable,
            by: change.by.to_string(),
            at: change.at,
        }
    }
}
