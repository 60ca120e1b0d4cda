//! 督办 (Art. 17, 18; R-SV-1 to R-SV-8): a case opens once for each cause that a ticket's events are,
//! and climbs the ladder when nobody answers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Event;
use domain::calendar::shanghai_date;
use domain::clocks::Timetable;
use domain::ids::UnitId;
use domain::knowledge::{KnowledgeEntry, Notice};
use domain::rulebook::Rulebook;
use domain::supervision::{
    Cause, Climb, LetterNumber, Method, Proved, SupervisionCase, SupervisionId, cause, letter_year,
    proved_together, stale_knowledge,
};
use domain::ticket::Ticket;

use crate::error::AppError;
use crate::letters::SupervisionLetter;
use crate::ports::{Committed, Reference};

/// Reads and writes before a busy case is left to the next run.
const ATTEMPTS: u32 = 3;

/// Where cases are kept.
#[async_trait]
pub trait Cases: Send + Sync {
    /// Keeps a new case; the same one opened again changes nothing.
    async fn put_new_case(
        &self,
        case: &SupervisionCase,
        due: Option<DateTime<Utc>>,
    ) -> Result<(), AppError>;
    /// A case as it stands.
    async fn case(&self, id: &SupervisionId) -> Result<Option<SupervisionCase>, AppError>;
    /// Keeps a case as it was changed, if it still stood at version `read`; with a new letter only if
    /// its number is the next one of its year.
    async fn put_case(
        &self,
        case: &SupervisionCase,
        due: Option<DateTime<Utc>>,
        read: usize,
        letter: Option<LetterNumber>,
    ) -> Result<Committed, AppError>;
    /// The number of a year's last letter; 0 before the first.
    async fn last_letter(&self, year: i32) -> Result<u32, AppError>;
    /// Cases whose limit is over by `now`.
    async fn due_cases(&self, now: DateTime<Utc>) -> Result<Vec<SupervisionId>, AppError>;
    /// Every case that is not closed.
    async fn open_cases(&self) -> Result<Vec<SupervisionCase>, AppError>;
    /// Puts a proved rating on record, once, and gives all of this unit and item.
    async fn note_proved(
        &self,
        unit: &UnitId,
        item: Option<&str>,
        proved: &Proved,
    ) -> Result<Vec<Proved>, AppError>;
}

/// The rulebook by which a case goes: the one in force when it was opened.
pub fn rulebook_of(case: &SupervisionCase, timetable: &Timetable) -> Rulebook {
    let day = shanghai_date(case.opened_at);
    timetable.rulebooks.in_force(day)
}

/// When the unit's time for `case` is over, if it runs.
pub fn due_of(case: &SupervisionCase, timetable: &Timetable) -> Option<DateTime<Utc>> {
    case.due_before(&timetable.calendar, &rulebook_of(case, timetable))
}

/// The letter that a case sent last, as it is to be set; none where it sent none. It names tickets, and
/// nobody of an appeal.
pub fn letter(case: &SupervisionCase, reference: &Reference) -> Option<SupervisionLetter> {
    let (number, sent_at) = case.letter()?;
    let timetable = &reference.timetable;
    let name = |unit| reference.registry.unit_name(unit).to_owned();
    let (why, dated_on) = (&case.cause, shanghai_date(sent_at));
    let days = Method::Letter.days(&rulebook_of(case, timetable));
    let due_on = timetable.calendar.due_day(sent_at, days).date;
    let (unit, supervisor) = (name(&why.unit), name(&why.supervisor));
    let article = why.trigger.article();
    // What stands in an official letter is true of every case, also where the letter came at once.
    let ground = if case.is_letter_by_ladder() {
        "经电话催办，你单位未在规定时限内答复。"
    } else {
        ""
    };
    Some(SupervisionLetter {
        letter: case.id.to_string(),
        issuer: supervisor.clone(),
        number: number.to_string(),
        addressee: unit,
        title: "关于限期办理“爱山东”用户诉求的督办函".to_owned(),
        article: format!("《“爱山东”政务服务平台用户诉求办理管理办法（试行）》{article}"),
        trigger: why.trigger.zh().to_owned(),
        facts: format!("{ground}现就下列情况予以书面督办。"),
        evidence: why.evidence.clone(),
        demand: "请立即办理并在规定期限内书面答复办理情况；逾期未答复的，将现场督办。".to_owned(),
        due_on,
        contact: format!("{supervisor}督办岗"),
        signed_by: supervisor,
        dated_on,
    })
}

/// Opens the cases of the `wanted` events of a ticket; gives how many causes there were. Told again,
/// the same cases stand.
pub async fn supervise(
    cases: &dyn Cases,
    reference: &Reference,
    ticket: &Ticket,
    wanted: impl Fn(u32, &Event) -> bool + Send,
) -> Result<u32, AppError> {
    let mut found_so_far = 0;
    for (version, event) in (1..).zip(&ticket.events) {
        if !wanted(version, event) {
            continue;
        }
        if let Some(found) = cause(ticket, version) {
            open(cases, reference, found).await?;
            found_so_far += 1;
        }
        if let Some(proved) = Proved::of(ticket, version)
            && let Some(found) = repeated(cases, reference, ticket, &proved).await?
        {
            open(cases, reference, found).await?;
            found_so_far += 1;
        }
    }
    Ok(found_so_far)
}

/// Opens the cases of notices on an entry of the knowledge base that were not followed in time
/// (Art. 17(4)); those that stand already stay as they are.
pub async fn supervise_knowledge(
    cases: &dyn Cases,
    reference: &Reference,
    entry: &KnowledgeEntry,
    before: Option<&KnowledgeEntry>,
) -> Result<(), AppError> {
    let marked = |notice: &&Notice| notice.overdue_at.is_some();
    let known: Vec<_> = before
        .iter()
        .flat_map(|before| before.notices.iter().filter(marked))
        .map(|notice| notice.number)
        .collect();
    for notice in entry.notices.iter().filter(marked) {
        if known.contains(&notice.number) {
            continue;
        }
        if let Some(found) = stale_knowledge(entry, notice) {
            open(cases, reference, found).await?;
        }
    }
    Ok(())
}

async fn repeated(
    cases: &dyn Cases,
    reference: &Reference,
    ticket: &Ticket,
    proved: &Proved,
) -> Result<Option<Cause>, AppError> {
    // As it stood then: the ticket may have gone on since.
    let Some(then) = ticket.at_version(proved.version) else {
        return Ok(None);
    };
    let unit = &then.responsible_unit;
    if unit == then.decider() {
        return Ok(None);
    }
    let item = then.submission.service_item.as_deref();
    let all = cases.note_proved(unit, item, proved).await?;
    let day = shanghai_date(proved.at);
    let rulebook = reference.timetable.rulebooks.in_force(day);
    Ok(proved_together(&then, proved, &all, &rulebook))
}

pub(crate) async fn open(
    cases: &dyn Cases,
    reference: &Reference,
    found: Cause,
) -> Result<(), AppError> {
    let at = found.at;
    let case = SupervisionCase::open(found, false, None, at);
    let due = due_of(&case, &reference.timetable);
    cases.put_new_case(&case, due).await
}

/// What a run of the ladder did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Climbed {
    /// Cases whose time had come.
    pub due: u32,
    /// Those that climbed.
    pub climbed: u32,
    /// Those that somebody else changed meanwhile: the next run sees them again.
    pub lost_races: u32,
}

/// Takes every case that nobody answered in time a step up.
pub async fn climb_due(
    cases: &dyn Cases,
    reference: &Reference,
    now: DateTime<Utc>,
) -> Result<Climbed, AppError> {
    let mut run = Climbed::default();
    for id in cases.due_cases(now).await? {
        run.due += 1;
        let Some(mut case) = cases.case(&id).await? else {
            continue;
        };
        let timetable = &reference.timetable;
        let rulebook = rulebook_of(&case, timetable);
        let read = case.version();
        let climb = case.climb(now, &timetable.calendar, &rulebook);
        let letter = match climb {
            Some(Climb::To(Method::Letter)) => Some(next_letter(cases, now).await?),
            _ => None,
        };
        match climb {
            Some(Climb::To(method)) => {
                let step = case.step(method, letter, None, now);
                step.map_err(|error| AppError::Broken(error.to_string()))?;
            }
            Some(Climb::Top) => case.end_ladder(now),
            // The limit moved, or somebody was faster: then the write only moves the timer.
            None => {}
        }
        let due = due_of(&case, timetable);
        match cases.put_case(&case, due, read, letter).await? {
            Committed::Yes => run.climbed += u32::from(climb.is_some()),
            Committed::LostRace => run.lost_races += 1,
        }
    }
    Ok(run)
}

/// The number that a letter of now would have.
pub async fn next_letter(cases: &dyn Cases, now: DateTime<Utc>) -> Result<LetterNumber, AppError> {
    let year = letter_year(now);
    let number = cases.last_letter(year).await?.saturating_add(1);
    Ok(LetterNumber { year, number })
}

/// What is done to a case, with the number of its letter where it sends one.
pub type Change<'a> =
    &'a (dyn Fn(&mut SupervisionCase, Option<LetterNumber>) -> Result<(), AppError> + Sync);

/// Changes a case by `change`, which is decided anew when somebody else was faster. `wants_letter`:
/// whether the change sends one, which needs a number.
pub async fn change_case(
    cases: &dyn Cases,
    timetable: &Timetable,
    (id, now, wants_letter): (&SupervisionId, DateTime<Utc>, bool),
    change: Change<'_>,
) -> Result<SupervisionCase, AppError> {
    for _ in 0..ATTEMPTS {
        let mut case = cases.case(id).await?.ok_or(AppError::NotFound)?;
        let read = case.version();
        let letter = if wants_letter {
            Some(next_letter(cases, now).await?)
        } else {
            None
        };
        change(&mut case, letter)?;
        let due = due_of(&case, timetable);
        let is_sent = case.letter().map(|(number, _)| number) == letter;
        let letter = letter.filter(|_| is_sent);
        if cases.put_case(&case, due, read, letter).await? == Committed::Yes {
            return Ok(case);
        }
    }
    Err(AppError::Unavailable("the case is busy".to_owned()))
}
