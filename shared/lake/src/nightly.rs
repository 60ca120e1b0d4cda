//! What is done every night, as often as it is asked: the curated zone as of midnight, and the check
//! that it is what the tickets say (R-AN-1, R-OPS-3).

use std::collections::BTreeMap;

use app::AppError;
use app::lake::LakeObjects;
use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::{midnight, shanghai_date};
use domain::clocks::Timetable;
use domain::ticket::Ticket;
use serde::{Deserialize, Serialize};

use crate::compact::{CompactRun, Compacting, compact};
use crate::event::Said;
use crate::fold::fold;
use crate::month::Month;
use crate::names::Part;
use crate::rows::EventRow;
use crate::state::{State, Tally};
use crate::whole::{Whole, write_whole};

/// How long after midnight the lake is made: by then all of the day has come.
const SETTLED: TimeDelta = TimeDelta::hours(2);

/// Says as of when the lake was made.
const MADE: &str = "state/made.json";

/// Says as of when it was found to be what the tickets say.
const CHECKED: &str = "state/checked.json";

/// As of when something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    as_of: DateTime<Utc>,
}

/// As of when the lake is to be: the last midnight in Shanghai that is some while ago.
pub fn wanted(now: DateTime<Utc>) -> DateTime<Utc> {
    midnight(shanghai_date(now - SETTLED))
}

async fn read(objects: &dyn LakeObjects, name: &str) -> Result<Option<DateTime<Utc>>, AppError> {
    let Some((body, _)) = objects.current(name).await? else {
        return Ok(None);
    };
    let done: Result<Done, _> = serde_json::from_slice(&body);
    let done = done.map_err(|error| AppError::Broken(format!("{name}: {error}")))?;
    Ok(Some(done.as_of))
}

async fn note(objects: &dyn LakeObjects, name: &str, as_of: DateTime<Utc>) -> Result<(), AppError> {
    let body = serde_json::to_vec(&Done { as_of });
    let body = body.map_err(|error| AppError::Broken(error.to_string()))?;
    objects.put(name, body).await
}

/// As of when the lake was made last.
pub async fn made(objects: &dyn LakeObjects) -> Result<Option<DateTime<Utc>>, AppError> {
    read(objects, MADE).await
}

/// Makes everything as of an instant. That it is made is noted last: a run that breaks off is followed
/// by one that takes in all that this one should have.
pub async fn make(compacting: &Compacting<'_>, whole: &Whole) -> Result<CompactRun, AppError> {
    let objects = compacting.objects;
    let before = made(objects).await?;
    let run = Box::pin(compact(compacting, before)).await?;
    Box::pin(write_whole(compacting, whole)).await?;
    let as_of = before.map_or(compacting.as_of, |before| before.max(compacting.as_of));
    note(objects, MADE, as_of).await?;
    Ok(run)
}

/// As of when it was found to be what the tickets say.
pub async fn checked(objects: &dyn LakeObjects) -> Result<Option<DateTime<Utc>>, AppError> {
    read(objects, CHECKED).await
}

/// That it is.
pub async fn note_checked(objects: &dyn LakeObjects, as_of: DateTime<Utc>) -> Result<(), AppError> {
    note(objects, CHECKED, as_of).await
}

/// The tickets, counted by month as the lake should have them.
#[derive(Debug)]
pub struct Census<'a> {
    timetable: &'a Timetable,
    as_of: DateTime<Utc>,
    months: BTreeMap<Month, Tally>,
    /// Tickets whose rows cannot be made.
    pub unreadable: usize,
}

/// A month of which lake and tickets say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The month of acceptance.
    pub month: Month,
    /// What the tickets say.
    pub tickets: Tally,
    /// What the lake says.
    pub lake: Tally,
}

impl<'a> Census<'a> {
    /// Of nothing yet, as of an instant.
    pub const fn new(timetable: &'a Timetable, as_of: DateTime<Utc>) -> Self {
        Self {
            timetable,
            as_of,
            months: BTreeMap::new(),
            unreadable: 0,
        }
    }

    /// Counts a ticket in, as it stood then.
    pub fn add(&mut self, ticket: &Ticket) {
        let rows = EventRow::all(ticket, 0, u32::MAX, &Said::default());
        match fold(&rows, self.timetable, self.as_of) {
            Ok(Some(folded)) => {
                let month = Month::of(&ticket.number);
                self.months.entry(month).or_default().add(&folded.ticket);
            }
            Ok(None) => {}
            Err(_) => self.unreadable += 1,
        }
    }

    /// Where the lake is not what the tickets say.
    pub fn differences(&self, states: &BTreeMap<Part, State>) -> Vec<Difference> {
        let of_lake = states.iter().filter_map(|(part, state)| match part {
            Part::Of(month) => Some((*month, state.tally)),
            Part::Whole => None,
        });
        let of_lake: BTreeMap<Month, Tally> = of_lake.collect();
        let mut months: Vec<Month> = of_lake.keys().chain(self.months.keys()).copied().collect();
        months.sort_unstable();
        months.dedup();
        let of = |tallies: &BTreeMap<Month, Tally>, month: Month| {
            tallies.get(&month).copied().unwrap_or_default()
        };
        let pairs = months.into_iter().map(|month| Difference {
            tickets: of(&self.months, month),
            lake: of(&of_lake, month),
            month,
        });
        pairs.filter(|pair| pair.tickets != pair.lake).collect()
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (tickets, lake) = (self.tickets.tickets, self.lake.tickets);
        if tickets == lake {
            write!(
                f,
                "{}: {tickets} tickets in both, but not the same",
                self.month
            )
        } else {
            write!(f, "{}: {tickets} tickets, {lake} in the lake", self.month)
        }
    }
}
