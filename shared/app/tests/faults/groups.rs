//! Problem groups in memory, and what is done to them with every call failing (R-AN-3, R-SV-3).

use std::collections::BTreeMap;

use app::AppError;
use app::ports::Committed;
use app::problem_groups::{Groups, change_group, gather};
use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::appeal::Kind;
use domain::ids::{OfficerId, UnitId};
use domain::knowledge::Step;
use domain::problem_group::{Candidate, Member, ProblemGroup, ProblemGroupId, Title};
use domain::supervision::Trigger;
use domain::ticket::{TicketKey, TicketNumber};

use crate::cases::{Request, live, seal, survives};
use crate::city::{city, reference, start};
use crate::model::{Kept, Model};

/// What is kept of problem groups.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct KeptGroups {
    groups: BTreeMap<ProblemGroupId, ProblemGroup>,
    members: BTreeMap<(ProblemGroupId, TicketNumber), Member>,
    titles: BTreeMap<NaiveDate, Vec<Title>>,
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

    async fn title_days(&self, from: NaiveDate) -> Result<Vec<NaiveDate>, AppError> {
        self.call(|kept| {
            kept.groups
                .titles
                .range(from..)
                .map(|(day, _)| *day)
                .collect()
        })
    }

    async fn put_titles(&self, day: NaiveDate, titles: &[Title]) -> Result<(), AppError> {
        self.call(|kept| {
            kept.groups.titles.insert(day, titles.to_vec());
        })
    }

    async fn titles(&self, from: NaiveDate) -> Result<Vec<Title>, AppError> {
        self.call(|kept| {
            let days = kept.groups.titles.range(from..);
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

fn complaint(which: u8) -> Member {
    let at = start() - TimeDelta::hours(i64::from(which));
    Member {
        number: TicketNumber::new(&TicketKey::from_digest(&[which; 5]), at),
        kind: Kind::Complaint,
        received_at: at,
        joined: step(),
        released: None,
    }
}

fn group() -> ProblemGroup {
    let units = ["ta-ylbzj", "ta-bigdata"].map(|unit| UnitId::parse(unit).unwrap());
    let [unit, managed_by] = units;
    let id = ProblemGroupId::new(start(), b"group");
    let title = "缴费后查不到记录".to_owned();
    ProblemGroup::open(id, title, (unit, managed_by), (None, None), step())
}

/// Takes a complaint into the group; then the relay is told of the group.
pub(crate) async fn joins(
    model: &Model,
    group: &ProblemGroupId,
    which: u8,
) -> Result<(), AppError> {
    let join = |group: &mut ProblemGroup, known: &[Member]| {
        Ok(group.join(known, vec![complaint(which)], &step()))
    };
    change_group(model, group, &join).await?;
    for group in model.kept().groups.all() {
        app::problem_groups::supervise_group(model, &reference(), &group, None).await?;
    }
    Ok(())
}

/// A city with a group of so many complaints.
async fn with_group(complaints: u8) -> (Kept, ProblemGroupId) {
    let model = Model::new(&reference(), city(), None);
    let mut group = group();
    let members = (1..=complaints).map(complaint).collect();
    let changed = group.join(&[], members, &step());
    let committed = model.put_group(&group, 0, &changed).await.unwrap();
    assert_eq!(committed, Committed::Yes);
    (model.kept(), group.id)
}

/// R-SV-3: a crash and a repeated run at every step open no second case and lose none.
#[tokio::test]
async fn r_sv_3_the_third_complaint_survives_every_failing_call() {
    let (kept, group) = with_group(2).await;
    survives("join", &kept, &Request::Join(group.clone(), 3)).await;
    let model = Model::new(&reference(), kept, None);
    for which in [3, 3, 4, 5] {
        joins(&model, &group, which).await.unwrap();
        let cases = model.kept().cases;
        let triggers: Vec<_> = cases.values().map(|(case, _)| case.cause.trigger).collect();
        assert_eq!(triggers, [Trigger::Repeated]);
    }
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
    for back in 1..=60 {
        let day = today - Days::new(back);
        kept.groups.titles.insert(day, Vec::new());
    }
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
