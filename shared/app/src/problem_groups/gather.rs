//! What is alike (Art. 15; R-AN-3): each day's appeals are read by its seals and compared with those of
//! the days before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::calendar::{next_day, shanghai_date};
use domain::problem_group::{Candidate, ProblemGroupId, Title, candidates, is_valid};
use domain::ticket::TicketNumber;

use super::Groups;
use crate::callbacks::{sealed, span};
use crate::documents::Document;
use crate::error::AppError;
use crate::ports::Store;
use crate::seals::SealObjects;

/// Days whose appeals are compared with each other.
const WINDOW_DAYS: u64 = 60;

/// Days before a day's own whose appeals are read with it still, where their seals came late.
const LATE_DAYS: u64 = 3;

/// Characters of a text that stand for a title where there is none.
const TITLE_CHARACTERS: usize = 30;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Days whose appeals were read.
    pub days: u32,
    /// Appeals that were read.
    pub titles: usize,
    /// What is proposed.
    pub candidates: usize,
}

/// Reads the appeals of each day that is over and was not read yet, by its seals, and lists what is alike.
pub async fn gather(
    store: &dyn Store,
    kept: &dyn SealObjects,
    groups: &dyn Groups,
    now: DateTime<Utc>,
) -> Result<Gathered, AppError> {
    let mut run = Gathered::default();
    let today = shanghai_date(now);
    let window = today.checked_sub_days(Days::new(WINDOW_DAYS));
    let window = window.unwrap_or(today);
    let until = groups.read_until().await?;
    let first = until.map_or(window, |until| next_day(until).max(window));
    let days = first.iter_days().take_while(|day| span(*day).1 <= now);
    let mut read = until;
    let mut unread = None;
    for day in days {
        run.days += 1;
        (read, unread) = (Some(day), Some(day));
        if is_sealed(kept, day).await? {
            let late = day.checked_sub_days(Days::new(LATE_DAYS)).unwrap_or(day);
            // Not its own: those of a run that broke off are written again.
            let known = groups.titles(late..day).await?;
            let titles = titles_of(store, kept, (late, day), &known).await?;
            run.titles += titles.len();
            groups.put_titles(day, &titles).await?;
            // Many days take more than one run.
            groups.put_read(day).await?;
            unread = None;
        }
    }
    if let Some(day) = unread {
        groups.put_read(day).await?;
    }
    let listed = groups.candidates().await?.map(|(made_at, _)| made_at);
    let is_listed = |day| listed.is_some_and(|made_at| made_at >= span(day).1);
    if read.is_none_or(is_listed) {
        return Ok(run);
    }
    let titles = groups.titles(window..next_day(today)).await?;
    let found = alike(store, titles, &groups.grouped().await?).await?;
    run.candidates = found.len();
    groups.put_candidates(now, &found).await?;
    Ok(run)
}

/// Whether anything was sealed on a day: a look at its two days by UTC, for those of a city's beginning.
async fn is_sealed(kept: &dyn SealObjects, day: NaiveDate) -> Result<bool, AppError> {
    let (from, until) = span(day);
    for at in [from, until] {
        let prefix = at.format("seals/%Y/%m/%d/").to_string();
        if !kept.names(&prefix).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is alike, of tickets that count still: what was declined, taken back, locked or erased since it was
/// read is left out, with its words.
async fn alike(
    store: &dyn Store,
    mut titles: Vec<Title>,
    grouped: &BTreeMap<TicketNumber, ProblemGroupId>,
) -> Result<Vec<Candidate>, AppError> {
    let mut seen = BTreeSet::new();
    loop {
        let found = candidates(&titles, grouped);
        let shown = found.iter().flat_map(|it| {
            let numbers = it.tickets.iter().map(|like| &like.number);
            numbers.chain([&it.first])
        });
        let new: BTreeSet<_> = shown.filter(|it| !seen.contains(*it)).cloned().collect();
        let mut void = BTreeSet::new();
        for number in new {
            let ticket = store.load(&number.key()).await?;
            let counts = ticket.is_some_and(|it| is_valid(&it) && it.erased_at.is_none());
            if !counts {
                void.insert(number.clone());
            }
            seen.insert(number);
        }
        if void.is_empty() {
            return Ok(found);
        }
        titles.retain(|title| !void.contains(&title.number));
    }
}

/// The titles of the appeals that were sealed on the last of these days, came in on one of them, and are
/// not known.
async fn titles_of(
    store: &dyn Store,
    kept: &dyn SealObjects,
    (first, day): (NaiveDate, NaiveDate),
    known: &[Title],
) -> Result<Vec<Title>, AppError> {
    let (from, until) = span(day);
    let since = span(first).0;
    let mut titles = Vec::new();
    let (_, _, numbers) = sealed(kept, from, until).await?;
    let known: BTreeSet<_> = known.iter().map(|title| &title.number).collect();
    for number in numbers {
        if known.contains(&number) {
            continue;
        }
        let Some(ticket) = store.load(&number.key()).await? else {
            continue;
        };
        if ticket.received_at < since || !is_valid(&ticket) || ticket.erased_at.is_some() {
            continue;
        }
        let dossier = store.dossier(&number.key()).await?;
        let mut texts = dossier.texts.iter();
        let text = texts.find(|(name, _)| *name == ticket.submission.text);
        let Some((_, bytes)) = text else { continue };
        let Document::Appeal { title, text } = Document::open(bytes)? else {
            continue;
        };
        let start = || text.chars().take(TITLE_CHARACTERS).collect();
        titles.push(Title {
            number,
            received_at: ticket.received_at,
            area: ticket.submission.area.clone(),
            service_item: ticket.submission.service_item.clone(),
            county: ticket.county.clone(),
            words: title.unwrap_or_else(start),
        });
    }
    Ok(titles)
}
