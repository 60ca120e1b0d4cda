//! 高频、共性问题 (Art. 8(5), 15, 17(3); R-AN-3, R-SV-3): a person confirms that appeals are about one
//! problem; the system proposes which may be, every day, and opens a case where complaints come
//! together with nothing effective done.

mod gather;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::{Actor, Event, Happening};
use domain::calendar::shanghai_date;
use domain::clocks::Timetable;
use domain::knowledge::Step;
use domain::problem_group::{
    Candidate, Known, Member, ProblemGroup, ProblemGroupId, Title, is_valid,
};
use domain::rulebook::Rulebook;
use domain::ticket::{Ticket, TicketNumber};

use crate::error::AppError;
use crate::ports::{Committed, Reference, Store};
use crate::supervision::{Cases, open};

pub use gather::{Gathered, gather};

/// Reads and writes before a busy group is left to who asks again.
const ATTEMPTS: u32 = 3;

/// Members that are taken in with one write at most: each is two items of a transaction of a hundred.
pub const TOGETHER: usize = 40;

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
    /// Keeps that a ticket was answered with an earlier one. Again, it is the same.
    async fn note_repeat(
        &self,
        earlier: &TicketNumber,
        number: &TicketNumber,
    ) -> Result<(), AppError>;
    /// What was answered with this ticket.
    async fn repeats(&self, earlier: &TicketNumber) -> Result<Vec<TicketNumber>, AppError>;
    /// Which tickets are in a group.
    async fn grouped(&self) -> Result<BTreeMap<TicketNumber, ProblemGroupId>, AppError>;
    /// The last day whose appeals were read.
    async fn read_until(&self) -> Result<Option<NaiveDate>, AppError>;
    /// Puts on record that the appeals of a day were read.
    async fn put_read(&self, day: NaiveDate) -> Result<(), AppError>;
    /// Keeps the titles of a day, for as long as they are compared.
    async fn put_titles(&self, day: NaiveDate, titles: &[Title]) -> Result<(), AppError>;
    /// The titles of these days.
    async fn titles(&self, days: Range<NaiveDate>) -> Result<Vec<Title>, AppError>;
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

/// What is done to a group, with what is known of its members; gives the members that it changes.
pub type Change<'a> =
    &'a (dyn Fn(&mut ProblemGroup, Known<'_>) -> Result<Vec<Member>, AppError> + Sync);

/// Where groups and their tickets are.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The tickets.
    pub store: &'a dyn Store,
    /// The groups.
    pub groups: &'a dyn Groups,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// Changes a group by `change`, which is decided anew when somebody else was faster.
pub async fn change_group(
    desk: Desk<'_>,
    id: &ProblemGroupId,
    change: Change<'_>,
) -> Result<ProblemGroup, AppError> {
    for _ in 0..ATTEMPTS {
        let group = desk.groups.group(id).await?.ok_or(AppError::NotFound)?;
        let members = desk.groups.members(id).await?;
        let (changed, new) = changed(desk.store, &group, &members, change).await?;
        let is_same = changed.writes == group.writes;
        if is_same {
            return Ok(changed);
        }
        let put = desk.groups.put_group(&changed, group.writes, &new);
        if put.await? == Committed::Yes {
            return Ok(changed);
        }
    }
    Err(AppError::Unavailable("the group is busy".to_owned()))
}

/// The group as it is changed. Complaints that would go on record are looked at once more: a ticket that
/// was declined since it joined is none.
async fn changed(
    store: &dyn Store,
    group: &ProblemGroup,
    members: &[Member],
    change: Change<'_>,
) -> Result<(ProblemGroup, Vec<Member>), AppError> {
    let (mut void, mut valid) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let mut changed = group.clone();
        let known = Known {
            members,
            void: &void,
        };
        let new = change(&mut changed, known)?;
        let mut found = BTreeSet::new();
        for number in changed.complained_since(group.entries.len()) {
            if valid.contains(&number) {
                continue;
            }
            let ticket = store.load(&number.key()).await?;
            if ticket.is_some_and(|ticket| is_valid(&ticket)) {
                valid.insert(number);
            } else {
                found.insert(number);
            }
        }
        if found.is_empty() {
            return Ok((changed, new));
        }
        void.extend(found);
    }
}

/// Takes tickets into a group, and with them what the desk answered with one of them (同一事项,
/// Art. 11(3)): a person said that it is the same matter. `again` says whether one that a person took out
/// may come back.
pub async fn join_group(
    desk: Desk<'_>,
    id: &ProblemGroupId,
    (members, step, again): (Vec<Member>, &Step, bool),
) -> Result<ProblemGroup, AppError> {
    let repeats = repeats_of(desk, id, &members).await?;
    let join = |members: Vec<Member>, again: bool| {
        move |group: &mut ProblemGroup, known: Known<'_>| {
            let was_in = |member: &Member| {
                let mut all = known.members.iter();
                all.any(|it| it.number == member.number)
            };
            let new = members.iter().filter(|it| again || !was_in(it)).cloned();
            Ok(group.join(known, new.collect(), step))
        }
    };
    let mut joined = change_group(desk, id, &join(members, again)).await?;
    for some in repeats.chunks(TOGETHER) {
        joined = change_group(desk, id, &join(some.to_vec(), false)).await?;
    }
    Ok(joined)
}

/// What was answered with one of these, or with what was answered with it, and is in no group.
async fn repeats_of(
    desk: Desk<'_>,
    id: &ProblemGroupId,
    members: &[Member],
) -> Result<Vec<Member>, AppError> {
    let mut seen: BTreeSet<_> = members.iter().map(|it| it.number.clone()).collect();
    let mut open: Vec<_> = seen.iter().cloned().collect();
    let mut repeats = Vec::new();
    while let Some(earlier) = open.pop() {
        for number in desk.groups.repeats(&earlier).await? {
            if !seen.insert(number.clone()) {
                continue;
            }
            open.push(number.clone());
            let place = desk.groups.group_of(&number).await?;
            let is_elsewhere = place.is_some_and(|place| place != *id);
            let Some(ticket) = desk.store.load(&number.key()).await? else {
                continue;
            };
            let member = cited(&ticket, &earlier).and_then(|step| Member::of(&ticket, step).ok());
            repeats.extend(member.filter(|_| !is_elsewhere));
        }
    }
    Ok(repeats)
}

/// Who answered the ticket with the earlier one, and when.
fn cited(ticket: &Ticket, with: &TicketNumber) -> Option<Step> {
    let mut events = ticket.events.iter().rev();
    events.find_map(|event| match (&event.happening, &event.by) {
        (Happening::CitedEarlier { earlier, .. }, Actor::Officer { id, unit, .. })
            if earlier == with =>
        {
            Some(Step {
                by: id.clone(),
                unit: unit.clone(),
                at: event.at,
            })
        }
        _ => None,
    })
}

/// 同一事项 (Art. 11(3); R-TR-8): what the desk answered with an earlier appeal is kept beside that one,
/// and joins the group that it is in, now or when it comes into one. What a person took out stays out.
pub async fn follow_citations(
    desk: Desk<'_>,
    ticket: &Ticket,
    wanted: impl Fn(u32, &Event) -> bool + Send,
) -> Result<(), AppError> {
    for (version, event) in (1..).zip(&ticket.events) {
        let Happening::CitedEarlier { earlier, .. } = &event.happening else {
            continue;
        };
        if !wanted(version, event) {
            continue;
        }
        desk.groups.note_repeat(earlier, &ticket.number).await?;
        let group = desk.groups.group_of(earlier).await?;
        let is_free = desk.groups.group_of(&ticket.number).await?.is_none();
        let Some(group) = group.filter(|_| is_free) else {
            continue;
        };
        let step = cited(ticket, earlier);
        let member = step.and_then(|step| {
            let member = Member::of(ticket, step.clone()).ok()?;
            Some((member, step))
        });
        if let Some((member, step)) = member {
            join_group(desk, &group, (vec![member], &step, false)).await?;
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
