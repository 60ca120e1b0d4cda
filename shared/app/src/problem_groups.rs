//! 高频、共性问题 (Art. 8(5), 15, 17(3); R-AN-3, R-SV-3): a person confirms that appeals are about one
//! problem; the system proposes which may be, every day, and opens a case where complaints come
//! together with nothing effective done.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::audit::{Actor, Event, Happening};
use domain::calendar::shanghai_date;
use domain::clocks::Timetable;
use domain::knowledge::Step;
use domain::problem_group::{
    Candidate, Member, NotSo, ProblemGroup, ProblemGroupId, Title, candidates, is_valid,
};
use domain::rulebook::Rulebook;
use domain::ticket::{Ticket, TicketNumber};

use crate::callbacks::{sealed, span};
use crate::documents::Document;
use crate::error::AppError;
use crate::ports::{Committed, Reference, Store};
use crate::seals::SealObjects;
use crate::supervision::{Cases, open};

/// Reads and writes before a busy group is left to who asks again.
const ATTEMPTS: u32 = 3;

/// Days whose appeals are compared with each other.
const WINDOW_DAYS: u64 = 60;

/// Days before a day's own whose appeals are read with it still, where their seals came late.
const LATE_DAYS: u64 = 3;

/// Characters of a text that stand for a title where there is none.
const TITLE_CHARACTERS: usize = 30;

/// Where groups are kept.
#[async_trait]
pub trait Groups: Send + Sync {
    /// A group as it stands.
    async fn group(&self, id: &ProblemGroupId) -> Result<Option<ProblemGroup>, AppError>;
    /// Every member that a group ever had, those that were released too.
    async fn members(&self, id: &ProblemGroupId) -> Result<Vec<Member>, AppError>;
    /// The group that a ticket is in.
    async fn group_of(&self, ticket: &TicketNumber) -> Result<Option<ProblemGroupId>, AppError>;
    /// Keeps a group as it was changed, if it was still written `read` times (0: if it is new), and with
    /// it the members that changed; a ticket is in one group only.
    async fn put_group(
        &self,
        group: &ProblemGroup,
        read: usize,
        members: &[Member],
    ) -> Result<Committed, AppError>;
    /// Which tickets are in a group.
    async fn grouped(&self) -> Result<BTreeMap<TicketNumber, ProblemGroupId>, AppError>;
    /// The days since `from` of which the titles are kept.
    async fn title_days(&self, from: NaiveDate) -> Result<Vec<NaiveDate>, AppError>;
    /// Keeps the titles of a day, for as long as they are compared.
    async fn put_titles(&self, day: NaiveDate, titles: &[Title]) -> Result<(), AppError>;
    /// The titles of the days since `from`.
    async fn titles(&self, from: NaiveDate) -> Result<Vec<Title>, AppError>;
    /// Lists what is proposed, in the place of what was.
    async fn put_candidates(
        &self,
        made_at: DateTime<Utc>,
        found: &[Candidate],
    ) -> Result<(), AppError>;
    /// What is proposed, and when it was found.
    async fn candidates(&self) -> Result<Option<(DateTime<Utc>, Vec<Candidate>)>, AppError>;
}

/// The rulebook by which a group goes: the one in force when it was confirmed.
pub fn rulebook_of(group: &ProblemGroup, timetable: &Timetable) -> Rulebook {
    let day = shanghai_date(group.opened.at);
    timetable.rulebooks.in_force(day)
}

/// When the time of whose move it is is over, if it runs.
pub fn due_of(group: &ProblemGroup, timetable: &Timetable) -> Option<DateTime<Utc>> {
    group.due_before(&timetable.calendar, &rulebook_of(group, timetable))
}

/// What is done to a group, which members it had ever known; gives the members that it changes.
pub type Change<'a> =
    &'a (dyn Fn(&mut ProblemGroup, &[Member]) -> Result<Vec<Member>, AppError> + Sync);

/// Changes a group by `change`, which is decided anew when somebody else was faster.
pub async fn change_group(
    groups: &dyn Groups,
    id: &ProblemGroupId,
    change: Change<'_>,
) -> Result<ProblemGroup, AppError> {
    for _ in 0..ATTEMPTS {
        let mut group = groups.group(id).await?.ok_or(AppError::NotFound)?;
        let read = group.writes;
        let known = groups.members(id).await?;
        let changed = change(&mut group, &known)?;
        if group.writes == read || groups.put_group(&group, read, &changed).await? == Committed::Yes
        {
            return Ok(group);
        }
    }
    Err(AppError::Unavailable("the group is busy".to_owned()))
}

/// 同一事项 (Art. 11(3); R-TR-8): what the desk answered with an earlier appeal joins the group that the
/// earlier one is in. Told again, it is in it.
pub async fn follow_citations(
    groups: &dyn Groups,
    ticket: &Ticket,
    wanted: impl Fn(u32, &Event) -> bool + Send,
) -> Result<(), AppError> {
    for (version, event) in (1..).zip(&ticket.events) {
        let Happening::CitedEarlier { earlier, .. } = &event.happening else {
            continue;
        };
        let Actor::Officer { id, unit, .. } = &event.by else {
            continue;
        };
        if !wanted(version, event) || groups.group_of(&ticket.number).await?.is_some() {
            continue;
        }
        let Some(group) = groups.group_of(earlier).await? else {
            continue;
        };
        let step = Step {
            by: id.clone(),
            unit: unit.clone(),
            at: event.at,
        };
        match Member::of(ticket, step.clone()) {
            Ok(member) => {
                let join = |group: &mut ProblemGroup, known: &[Member]| {
                    Ok(group.join(known, vec![member.clone()], &step))
                };
                change_group(groups, &group, &join).await?;
            }
            Err(NotSo::NotValid) => {}
            Err(error) => return Err(AppError::Broken(error.to_string())),
        }
    }
    Ok(())
}

/// Opens the cases of complaints that came together since the group stood as `before` (Art. 17(3)).
pub async fn supervise_group(
    cases: &dyn Cases,
    reference: &Reference,
    group: &ProblemGroup,
    before: Option<&ProblemGroup>,
) -> Result<(), AppError> {
    let seen = before.map_or(0, |before| before.entries.len());
    for found in group.causes(seen) {
        open(cases, reference, found).await?;
    }
    Ok(())
}

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
    let first = today.checked_sub_days(Days::new(WINDOW_DAYS));
    let first = first.unwrap_or(today);
    let known = groups.title_days(first).await?;
    let mut days = first.iter_days().take_while(|day| span(*day).1 <= now);
    for day in days.by_ref().filter(|day| !known.contains(day)) {
        let late = day.checked_sub_days(Days::new(LATE_DAYS)).unwrap_or(day);
        let known = groups.titles(late).await?;
        let titles = titles_of(store, kept, (late, day), &known).await?;
        run.titles += titles.len();
        run.days += 1;
        groups.put_titles(day, &titles).await?;
    }
    if run.days == 0 && groups.candidates().await?.is_some() {
        return Ok(run);
    }
    let titles = groups.titles(first).await?;
    let found = candidates(&titles, &groups.grouped().await?);
    run.candidates = found.len();
    groups.put_candidates(now, &found).await?;
    Ok(run)
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
            words: title.unwrap_or_else(start),
        });
    }
    Ok(titles)
}
