//! 回访 (Art. 14; R-CB-2): every day the closed tickets to be called back are drawn, and the draw is
//! put on record where nobody can change it.
//!
//! A draw is a function of what nobody can change either: the day's seals give the seed and say which
//! tickets changed, and the tickets' chains say what they were then. So whoever runs it again, after a
//! crash or to check it, draws the same.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::audit::{Actor, Happening};
use domain::calendar::{midnight, next_day, shanghai_date};
use domain::callback::{Closing, Rate, caller, draw, seed};
use domain::ids::hex;
use domain::rulebook::Rulebook;
use domain::ticket::{How, Ticket, TicketNumber};
use domain::workflow::command::{Command, Rating};
use domain::workflow::words::{DrawGround, State};
use serde::{Deserialize, Serialize};

use crate::act::{Wish, act};
use crate::archive::ArchiveObjects;
use crate::error::AppError;
use crate::ports::Store;
use crate::seals::{Seal, SealObjects, hour_prefix};

/// Hours after midnight at which a day's draw ends: the seals of its last events have come by then.
const ENDS_AFTER: i64 = 3;
/// Days before a draw's own whose closings are drawn still, where their seals came late.
const LATE_DAYS: u64 = 3;
/// Days that are made up where nothing ran.
const MADE_UP_DAYS: u64 = 7;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DrawRun {
    /// Days drawn.
    pub days: u32,
    /// Tickets that wait for a call now.
    pub drawn: u32,
    /// Tickets that went on meanwhile: there is nothing to call about.
    pub gone_on: u32,
    /// Tickets for which the city has no unit that took no part.
    pub nobody: u32,
}

/// A closing on record: ticket, version, unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClosingLine(String, u32, String);

impl From<&Closing> for ClosingLine {
    fn from(closing: &Closing) -> Self {
        Self(
            closing.number.to_string(),
            closing.version,
            closing.unit.to_string(),
        )
    }
}

/// A day's draw on record, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DrawRecord {
    /// Version of this form.
    form: u8,
    /// The day, in Shanghai.
    day: NaiveDate,
    /// The seals that gave the seed, by name.
    seals: Vec<String>,
    /// The seed, in hex: SHA-256 over the seals' roots.
    seed: String,
    /// The version of the rulebook that gave the rate.
    rulebook: u16,
    /// Of a hundred closings of each unit, rounded up.
    percent: u32,
    /// Of each unit's closings, at least.
    least: u32,
    /// What was drawn from.
    population: Vec<ClosingLine>,
    /// What was drawn at random.
    sampled: Vec<ClosingLine>,
    /// Whoever said besides that they are dissatisfied.
    dissatisfied: Vec<ClosingLine>,
}

impl DrawRecord {
    /// Where the record of a day is kept.
    pub fn name(day: NaiveDate) -> String {
        day.format("draws/%Y/%m/%d.json").to_string()
    }

    /// How many were drawn from, drawn at random, and added.
    pub fn counts(&self) -> (usize, usize, usize) {
        let (of, sampled) = (self.population.len(), self.sampled.len());
        (of, sampled, self.dissatisfied.len())
    }

    /// What of two records is not the same, by name.
    pub fn differs_from(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("seals", self.seals == other.seals),
            ("seed", self.seed == other.seed),
            (
                "rate",
                (self.rulebook, self.percent, self.least)
                    == (other.rulebook, other.percent, other.least),
            ),
            ("population", self.population == other.population),
            ("drawn", self.sampled == other.sampled),
            ("dissatisfied", self.dissatisfied == other.dissatisfied),
        ];
        let differing = parts.into_iter().filter(|(_, is_same)| !is_same);
        differing.map(|(name, _)| name).collect()
    }

    /// Reads a record.
    pub fn open(bytes: &[u8]) -> Result<Self, AppError> {
        let record: Self = serde_json::from_slice(bytes).map_err(broken)?;
        if record.form == 1 {
            Ok(record)
        } else {
            Err(broken("an unknown form"))
        }
    }

    /// As it is kept.
    pub fn to_bytes(&self) -> Result<Vec<u8>, AppError> {
        serde_json::to_vec(self).map_err(broken)
    }

    fn drawn(&self) -> impl Iterator<Item = (&ClosingLine, DrawGround)> {
        let sampled = self.sampled.iter().map(|it| (it, DrawGround::Sampled));
        let added = self.dissatisfied.iter();
        sampled.chain(added.map(|it| (it, DrawGround::Dissatisfied)))
    }
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("draw: {error}"))
}

/// The first instant of a day's draw, and the first after it: from three in the morning to three.
pub(crate) fn span(day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let three = TimeDelta::hours(ENDS_AFTER);
    (midnight(day) + three, midnight(next_day(day)) + three)
}

/// Draws every day that is over and not drawn.
pub async fn draw_due(
    store: &dyn Store,
    kept: &dyn SealObjects,
    objects: &dyn ArchiveObjects,
    now: DateTime<Utc>,
) -> Result<DrawRun, AppError> {
    let mut run = DrawRun::default();
    for day in due_days(kept, now).await? {
        let record = reckon(store, kept, day).await?;
        for (line, ground) in record.drawn() {
            assign(store, line, ground, now, &mut run).await?;
        }
        // The last thing: a run that broke off draws the same again.
        objects
            .put(&DrawRecord::name(day), record.to_bytes()?)
            .await?;
        run.days += 1;
    }
    Ok(run)
}

/// The days to draw, the oldest first: each draw looks at the ones before it.
async fn due_days(kept: &dyn SealObjects, now: DateTime<Utc>) -> Result<Vec<NaiveDate>, AppError> {
    let today = shanghai_date(now - TimeDelta::hours(ENDS_AFTER));
    let mut days = Vec::new();
    for back in 1..=MADE_UP_DAYS {
        let Some(day) = today.checked_sub_days(Days::new(back)) else {
            break;
        };
        let name = DrawRecord::name(day);
        if kept.names(&name).await?.is_empty() {
            days.push(day);
        } else {
            days.reverse();
            return Ok(days);
        }
    }
    // No record for as long: nothing ran, or there was no city yet.
    if kept.names("draws/").await?.is_empty() {
        days.truncate(1);
    }
    days.reverse();
    Ok(days)
}

/// The draw of `day`: the same whenever and by whomever it is reckoned, once the day is over.
pub async fn reckon(
    store: &dyn Store,
    kept: &dyn SealObjects,
    day: NaiveDate,
) -> Result<DrawRecord, AppError> {
    let (from, until) = span(day);
    let (seals, roots, changed) = sealed(kept, from, until).await?;
    let earlier = earlier_records(kept, day).await?;
    let reference = store.reference(until).await?;
    let rulebook = reference.timetable.rulebooks.in_force(day);
    let rate = rate(&rulebook);
    let since = from - TimeDelta::days(i64::try_from(LATE_DAYS).unwrap_or(0));
    let (mut population, mut unhappy) = (Vec::new(), Vec::new());
    for number in changed {
        let Some(now) = store.load(&number.key()).await? else {
            continue;
        };
        // As it was then. Events stand in the order in which they were written, which their times need
        // not follow to the millisecond: everything before the first that is later counts.
        let later = now.events.iter().position(|event| event.at >= until);
        let version = later.map_or(now.version(), |at| u32::try_from(at).unwrap_or(u32::MAX));
        let Some(then) = now.at_version(version) else {
            continue;
        };
        let Some(candidate) = candidate(&then) else {
            continue;
        };
        let line = ClosingLine::from(&candidate.closing);
        let is_drawn = |record: &DrawRecord| record.drawn().any(|(drawn, _)| *drawn == line);
        let is_news = candidate.unhappy_at.is_some_and(|at| at >= since);
        if is_news && !earlier.iter().any(is_drawn) {
            unhappy.push(line.clone());
        }
        let was_there = earlier.iter().any(|it| it.population.contains(&line));
        if candidate.closed_at >= since && !was_there {
            population.push(candidate.closing);
        }
    }
    population.sort();
    let seed = seed(roots.iter().map(String::as_str));
    let sampled: Vec<_> = draw(&seed, &population, rate)
        .iter()
        .map(ClosingLine::from)
        .collect();
    unhappy.retain(|line| !sampled.contains(line));
    unhappy.sort();
    Ok(DrawRecord {
        form: 1,
        day,
        seals,
        seed: hex(&seed),
        rulebook: rulebook.version,
        percent: rate.percent,
        least: rate.least,
        population: population.iter().map(ClosingLine::from).collect(),
        sampled,
        dissatisfied: unhappy,
    })
}

const fn rate(rulebook: &Rulebook) -> Rate {
    Rate {
        percent: rulebook.callback_percent,
        least: rulebook.callback_least,
    }
}

/// The seals of a span of whole hours: their names, their roots, and the tickets in them.
pub(crate) async fn sealed(
    kept: &dyn SealObjects,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(Vec<String>, Vec<String>, BTreeSet<TicketNumber>), AppError> {
    let (mut names, mut roots, mut tickets) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut hour = from;
    while hour < until {
        let mut here = kept.names(&hour_prefix(hour)).await?;
        here.sort();
        for name in here {
            let seal = Seal::open(&kept.get(&name).await?)?;
            roots.push(seal.root().to_owned());
            tickets.extend(seal.leaves().map(|leaf| leaf.number));
            names.push(name);
        }
        hour += TimeDelta::hours(1);
    }
    Ok((names, roots, tickets))
}

async fn earlier_records(
    kept: &dyn SealObjects,
    day: NaiveDate,
) -> Result<Vec<DrawRecord>, AppError> {
    let mut records = Vec::new();
    let days = (1..=LATE_DAYS).filter_map(|back| day.checked_sub_days(Days::new(back)));
    for day in days {
        for name in kept.names(&DrawRecord::name(day)).await? {
            records.push(DrawRecord::open(&kept.get(&name).await?)?);
        }
    }
    Ok(records)
}

/// A closing that can be called about.
struct Candidate {
    closing: Closing,
    closed_at: DateTime<Utc>,
    /// When its appellant said that they are dissatisfied, if they did.
    unhappy_at: Option<DateTime<Utc>>,
}

/// The ticket's last closing, where that can be called about: with an answer of some kind, and not
/// drawn yet.
fn candidate(ticket: &Ticket) -> Option<Candidate> {
    let (version, event) = ticket.last_closing()?;
    let is_quiet = matches!(
        ticket.closed,
        None | Some(How::Withdrawn | How::Explained { .. })
    );
    let can_call = ticket.callback.is_none() && ticket.erased_at.is_none();
    if ticket.state != State::Closed || is_quiet || !can_call {
        return None;
    }
    let mut latest = ticket.events.iter().rev();
    let rated = latest.find(|event| matches!(event.happening, Happening::Rated { .. }));
    let is_unhappy = ticket.rating.is_some_and(Rating::is_dissatisfied);
    Some(Candidate {
        closing: Closing {
            number: ticket.number.clone(),
            version,
            unit: ticket.responsible_unit.clone(),
        },
        closed_at: event.at,
        unhappy_at: rated.filter(|_| is_unhappy).map(|event| event.at),
    })
}

async fn assign(
    store: &dyn Store,
    line: &ClosingLine,
    ground: DrawGround,
    now: DateTime<Utc>,
    run: &mut DrawRun,
) -> Result<(), AppError> {
    let number = TicketNumber::parse(&line.0).map_err(|_| broken("a number that is none"))?;
    let Some(ticket) = store.load(&number.key()).await? else {
        return Err(AppError::NotFound);
    };
    let is_same = ticket
        .last_closing()
        .is_some_and(|(version, _)| version == line.1);
    if !is_same || ticket.callback.is_some() {
        run.gone_on += u32::from(!is_same);
        return Ok(());
    }
    let reference = store.reference(now).await?;
    let Some(caller) = caller(&ticket, &reference.registry).cloned() else {
        run.nobody += 1;
        return Ok(());
    };
    let wish = Wish {
        number,
        command: Command::DrawCallback { caller, ground },
        documents: Vec::new(),
        originals: Vec::new(),
        seen_version: None,
        at: now,
    };
    match act(store, &wish, &|_| Ok(Actor::System)).await {
        Ok(_) => run.drawn += 1,
        Err(AppError::Refused { .. }) => run.gone_on += 1,
        Err(error) => return Err(error),
    }
    Ok(())
}
