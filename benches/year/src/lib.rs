//! A city's appeals as they might be: made from a seed, with nobody real in them. For what has to be
//! shown on more tickets than a test can live through.

mod life;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::calendar::{Calendar, YearNotice};
use domain::clocks::Timetable;
use domain::ids::UnitId;
use domain::rulebook::Rulebooks;
use domain::ticket::Ticket;
use serde::Deserialize;

/// The calendars that the product ships.
const CALENDARS: [&str; 4] = [
    include_str!("../../../shared/domain/data/cn-workdays-2024.json"),
    include_str!("../../../shared/domain/data/cn-workdays-2025.json"),
    include_str!("../../../shared/domain/data/cn-workdays-2026.json"),
    include_str!("../../../shared/domain/data/cn-workdays-2027.json"),
];

#[derive(Deserialize)]
struct CalendarFile {
    year: i32,
    status: String,
    source_no: String,
    days: Vec<CalendarDay>,
}

#[derive(Deserialize)]
struct CalendarDay {
    date: NaiveDate,
    off: bool,
}

/// Calendar and first rulebook.
pub fn timetable() -> Timetable {
    let files = CALENDARS.iter();
    let files = files.filter_map(|file| serde_json::from_str::<CalendarFile>(file).ok());
    let notices = files.map(|file| YearNotice {
        year: file.year,
        published: file.status == "published",
        document_number: file.source_no,
        days: file.days.iter().map(|day| (day.date, day.off)).collect(),
    });
    Timetable {
        calendar: Calendar::new(notices),
        rulebooks: Rulebooks::new(Vec::new()),
    }
}

/// A ticket with its whole life, and what its texts say.
#[derive(Debug, Clone)]
pub struct Made {
    /// The ticket.
    pub ticket: Ticket,
    /// The appeal's title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// By version: the entries of the knowledge base that an answer rests on.
    pub knowledge: BTreeMap<u32, Vec<(String, u32)>>,
}

/// Somewhere in the city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its id.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Its county's managing unit; none where it is the city's.
    pub county: Option<UnitId>,
    /// Area code.
    pub area: String,
}

/// Makes the appeals of a span of days, one after the other, in no order.
#[derive(Debug)]
pub struct Year {
    chance: fastrand::Rng,
    timetable: Timetable,
    managing: UnitId,
    offices: Vec<Office>,
    first: NaiveDate,
    days: u64,
    left: usize,
}

impl Year {
    /// So many appeals within so many days from `first` on.
    pub fn new(seed: u64, first: NaiveDate, days: u64, appeals: usize) -> Option<Self> {
        Some(Self {
            chance: fastrand::Rng::with_seed(seed),
            timetable: timetable(),
            managing: UnitId::parse("ta-zwfw").ok()?,
            offices: offices()?,
            first,
            days: days.max(1),
            left: appeals,
        })
    }

    /// The units that deal with them.
    pub fn offices(&self) -> &[Office] {
        &self.offices
    }

    /// The city's managing unit.
    pub const fn managing(&self) -> &UnitId {
        &self.managing
    }

    /// An instant of the day on which somebody brings an appeal: mostly by day, also in the evening.
    fn received(&mut self) -> DateTime<Utc> {
        let day = self.first + Days::new(self.chance.u64(0..self.days));
        let hour = match self.chance.u8(0..10) {
            0 => self.chance.i64(0..7),
            1 | 2 => self.chance.i64(18..24),
            _ => self.chance.i64(7..18),
        };
        let second = self.chance.i64(0..3600);
        let midnight = domain::calendar::midnight(day);
        midnight + chrono::TimeDelta::seconds(hour * 3600 + second)
    }
}

impl Iterator for Year {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        self.left = self.left.checked_sub(1)?;
        let at = self.received();
        loop {
            if let Some(made) = life::live(self, at) {
                return Some(made);
            }
        }
    }
}

/// The city's bureaus, and in each of six counties the same few.
fn offices() -> Option<Vec<Office>> {
    let mut offices = Vec::new();
    for (code, name) in words::BUREAUS {
        offices.push(Office {
            unit: UnitId::parse(&format!("ta-{code}")).ok()?,
            name: format!("泰安市{name}"),
            county: None,
            area: "370900".to_owned(),
        });
    }
    for (area, county, county_name) in words::COUNTIES {
        let managing = UnitId::parse(&format!("{county}-zwfw")).ok()?;
        for (code, name) in words::BUREAUS.iter().take(5) {
            offices.push(Office {
                unit: UnitId::parse(&format!("{county}-{code}")).ok()?,
                name: format!("{county_name}{name}"),
                county: Some(managing.clone()),
                area: (*area).to_owned(),
            });
        }
    }
    Some(offices)
}
