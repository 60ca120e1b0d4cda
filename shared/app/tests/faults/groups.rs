//! Problem groups in memory, and what is done to them with every call failing (R-AN-3, R-SV-3).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use app::AppError;
use app::ports::Committed;
use app::problem_groups::{
    Desk, Groups, change_group, follow_citations, gather, join_group, supervise_group,
};
use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::appeal::Kind;
use domain::ids::{OfficerId, UnitId};
use domain::knowledge::Step;
use domain::problem_group::{Candidate, Known, Member, ProblemGroup, ProblemGroupId, Title};
use domain::supervision::Trigger;
use domain::ticket::TicketNumber;

use crate::cases::{Request, live, seal, survives};
use crate::city::{cite, city, decline, reference, start};
use crate::model::{Kept, Model};

/// What is kept of problem groups.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct KeptGroups {
    groups: BTreeMap<ProblemGroupId, ProblemGroup>,
    members: BTreeMap<(ProblemGroupId, TicketNumber), Member>,
    repeats: BTreeSet<(TicketNumber, TicketNumber)>,
    titles: BTreeMap<NaiveDate, Vec<Title>>,
    read_until: Option<NaiveDate>,
    candidates: Option<(DateTime<Utc>, Vec<Candidate>)>,
}

impl KeptGroups {
    fn place(&self, ticket: &TicketNumber) -> Option<ProblemGroupId> {
        let mut all = self.members.iter();
        let found = all.find(|((_, number), member)| number == ticket && member.is_in());
        found.map(|((group, _), _)| group.clone())
    }

    /// Every group that there is.
    pub(crate) fn all(&self) -> Vec<ProblemGroup> {
        self.groups.values().cloned().collect()
    }
}

#[async_trait]
impl Groups for Model {
    async fn group(&self, id: &ProblemGroupId) -> Result<Option<ProblemGroup>, AppError> {
        self.call(|kept| kept.groups.groups.get(id).cloned())
    }

    async fn members(&self, id: &ProblemGroupId) -> Result<Vec<Member>, AppError> {
        self.call(|kept| {
            let all = kept.groups.members.iter();
            let here = all.filter(|((group, _), _)| group == id);
            here.map(|(_, member)| member.clone()).collect()
        })
    }

    async fn group_of(&self, ticket: &TicketNumber) -> Result<Option<ProblemGroupId>, AppError> {
        self.call(|kept| kept.groups.place(ticket))
    }

    async fn put_group(
        &self,
        group: &ProblemGroup,
        read: usize,
        members: &[Member],
    ) -> Result<Committed, AppError> {
        self.call(|kept| {
            let kept = &mut kept.groups;
            let stands = kept.groups.get(&group.id).map_or(0, |it| it.writes);
            let is_elsewhere = |member: &Member| {
                let place = kept.place(&member.number);
                place.is_some_and(|place| place != group.id)
            };
            if stands != read || members.iter().any(is_elsewhere) {
                return Committed::LostRace;
            }
            kept.groups.insert(group.id.clone(), group.clone());
            for member in members {
                let place = (group.id.clone(), member.number.clone());
                kept.members.insert(place, member.clone());
            }
            Committed::Yes
        })
    }

    async fn grouped(&self) -> Result<BTreeMap<TicketNumber, ProblemGroupId>, AppError> {
        self.call(|kept| {
            let all = kept.groups.members.iter();
            let there = all.filter(|(_, member)| member.is_in());
            there
                .map(|((group, number), _)| (number.clone(), group.clone()))
                .collect()
        })
    }

    async fn note_repeat(
        &self,
        earlier: &TicketNumber,
        number: &TicketNumber,
    ) -> Result<(), AppError> {
        self.call(|kept| {
            let both = (earlier.clone(), number.clone());
            kept.groups.repeats.insert(both);
        })
    }

    async fn repeats(&self, earlier: &TicketNumber) -> Result<Vec<TicketNumber>, AppError> {
        self.call(|kept| {
            let all = kept.groups.repeats.iter();
            let here = all.filter(|(of, _)| of == earlier);
            here.map(|(_, number)| number.clone()).collect()
        })
    }

    async fn read_until(&self) -> Result<Option<NaiveDate>, AppError> {
        self.call(|kept| kept.groups.read_until)
    }

    async fn put_read(&self, day: NaiveDate) -> Result<(), AppError> {
        self.call(|kept| kept.groups.read_until = Some(day))
    }

    async fn put_titles(&self, day: NaiveDate, titles: &[Title]) -> Result<(), AppError> {
        self.call(|kept| {
            kept.groups.titles.insert(day, titles.to_vec());
        })
    }

    async fn titles(&self, days: Range<NaiveDate>) -> Result<Vec<Title>, AppError> {
        self.call(|kept| {
            let days = kept.groups.titles.range(days.clone());
            days.flat_map(|(_, titles)| titles.clone()).collect()
        })
    }

    async fn put_candidates(
        &self,
        made_at: DateTime<Utc>,
        found: &[Candidate],
    ) -> Result<(), AppError> {
        self.call(|kept| kept.groups.candidates = Some((made_at, found.to_vec())))
    }

    async fn candidates(&self) -> Result<Option<(DateTime<Utc>, Vec<Candidate>)>, AppError> {
        self.call(|kept| kept.groups.candidates.clone())
    }
}

fn step() -> Step {
    Step {
        by: OfficerId::parse("desk").unwrap(),
        unit: UnitId::parse("ta-bigdata").unwrap(),
        at: start(),
    }
}

/// The tickets of a city as complaints of a group.
fn complaints(kept: &Kept) -> Vec<Member> {
    let tickets = kept.tickets.values().map(|(ticket, _)| ticket);
    let members = (0..).zip(tickets).map(|(hours, ticket)| Member {
        number: ticket.number.clone(),
        kind: Kind::Complaint,
        received_at: start() - TimeDelta::hours(hours),
        joined: step(),
        released: None,
    });
    members.collect()
}

fn group() -> ProblemGroup {
    let units = ["ta-ylbzj", "ta-bigdata"].map(|unit| UnitId::parse(unit).unwrap());
    let [unit, managed_by] = units;
    let id = ProblemGroupId::new(start(), b"group");
    let title = "缴费后查不到记录".to_owned();
    ProblemGroup::open(id, title, (unit, managed_by), (None, None), step())
}

fn desk(model: &Model) -> Desk<'_> {
    Desk {
        store: model,
        groups: model,
    }
}

/// Takes a complaint into the group; then the relay is told of the group.
pub(crate) async fn joins(
    model: &Model,
    group: &ProblemGroupId,
    member: &Member,
) -> Result<(), AppError> {
    let taken = (vec![member.clone()], &step(), true);
    join_group(desk(model), group, taken).await?;
    for group in model.kept().groups.all() {
        supervise_group(model, &reference(), &group, None).await?;
    }
    Ok(())
}

/// A city of so many appeals, with a group of the first two, and all of them as complaints.
async fn with_group(appeals: u8) -> (Kept, ProblemGroupId, Vec<Member>) {
    let mut kept = city();
    for appeal in 1..=appeals {
        kept = live(kept, appeal, &[]).await.0;
    }
    let all = complaints(&kept);
    let model = Model::new(&reference(), kept, None);
    let mut group = group();
    group.writes = 1;
    assert_eq!(
        model.put_group(&group, 0, &[]).await.unwrap(),
        Committed::Yes
    );
    for member in &all[..2] {
        joins(&model, &group.id, member).await.unwrap();
    }
    (model.kept(), group.id, all)
}

fn triggers(model: &Model) -> Vec<Trigger> {
    let cases = model.kept().cases;
    cases.values().map(|(case, _)| case.cause.trigger).collect()
}

/// R-SV-3: a crash and a repeated run at every step open no second case and lose none.
#[tokio::test]
async fn r_sv_3_the_third_complaint_survives_every_failing_call() {
    let (kept, group, all) = with_group(5).await;
    let third = Box::new(all[2].clone());
    survives("join", &kept, &Request::Join(group.clone(), third)).await;
    let model = Model::new(&reference(), kept, None);
    for member in [&all[2], &all[2], &all[3], &all[4]] {
        joins(&model, &group, member).await.unwrap();
        assert_eq!(triggers(&model), [Trigger::Repeated]);
    }
}

/// R-SV-3: a complaint that was declined after it joined is none.
#[tokio::test]
async fn r_sv_3_complaints_are_looked_at_once_more_before_a_case_opens() {
    let (kept, group, all) = with_group(4).await;
    let model = Model::new(&reference(), kept, None);
    let wish = decline(&all[0].number);
    Request::Act(Box::new(wish)).run(&model).await.unwrap();
    joins(&model, &group, &all[2]).await.unwrap();
    assert!(triggers(&model).is_empty());
    joins(&model, &group, &all[3]).await.unwrap();
    assert_eq!(triggers(&model), [Trigger::Repeated]);
}

/// R-TR-8: what was answered with an appeal, or with what was answered with it, joins with it, in whatever
/// sequence that was told; and what a person took out stays out, however often it is told.
#[tokio::test]
async fn r_tr_8_repeats_join_with_what_they_repeat_and_not_against_a_persons_word() {
    let (kept, group, all) = with_group(5).await;
    let model = Model::new(&reference(), kept, None);
    let [third, fourth, fifth] = [2, 3, 4].map(|at| all[at].number.clone());
    // The fifth repeats the fourth, which repeats the third; none is in the group.
    for (number, earlier) in [(&fifth, &fourth), (&fourth, &third)] {
        let wish = cite(number, earlier);
        Request::Act(Box::new(wish)).run(&model).await.unwrap();
    }
    let tell = async || {
        let tickets: Vec<_> = model.kept().tickets.into_values().collect();
        for (ticket, _) in &tickets {
            let told = follow_citations(desk(&model), ticket, |_, _| true).await;
            told.unwrap();
        }
    };
    tell().await;
    let size = async || model.group(&group).await.unwrap().unwrap().size;
    assert_eq!(size().await, 2);
    joins(&model, &group, &all[2]).await.unwrap();
    assert_eq!(size().await, 5);
    let release = |group: &mut ProblemGroup, known: Known<'_>| {
        let gone = group.release(known, &fifth, step(), "另一事项".to_owned());
        Ok(vec![gone.unwrap()])
    };
    change_group(desk(&model), &group, &release).await.unwrap();
    tell().await;
    assert_eq!(size().await, 4);
    assert_eq!(model.group_of(&fifth).await.unwrap(), None);
}

/// R-AN-3: each day is read once, and a run that broke off is made up.
#[tokio::test]
async fn r_an_3_gathering_survives_every_failing_call() {
    let mut kept = city();
    for appeal in 1..=3 {
        kept = live(kept, appeal, &[]).await.0;
    }
    seal(&mut kept, start() + TimeDelta::hours(1));
    let now = start() + Days::new(2);
    // All days before were read, so that few calls are left.
    let today = domain::calendar::shanghai_date(start());
    kept.groups.read_until = today.checked_sub_days(Days::new(1));
    survives("gather", &kept, &Request::Gather(now)).await;
    let model = Model::new(&reference(), kept, None);
    let run = gather(&model, &model, &model, now).await.unwrap();
    assert_eq!((run.titles, run.candidates), (3, 1), "{run:?}");
    let again = gather(&model, &model, &model, now).await.unwrap();
    assert_eq!((again.days, again.titles), (0, 0), "{again:?}");
    let (_, found) = model.candidates().await.unwrap().unwrap();
    assert_eq!(
        (found[0].size, found[0].words.as_str()),
        (3, "缴费后查不到记录。")
    );
}
