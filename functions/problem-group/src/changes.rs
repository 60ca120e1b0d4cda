//! What is done to a group.

use api::requests::{
    GroupBody, GroupPlanBody, GroupReleaseBody, GroupTicketsBody, GroupVerificationBody, WordsBody,
    parse,
};
use app::AppError;
use app::act::find;
use app::error::FieldError;
use app::ports::Committed;
use app::problem_groups::{Groups as _, change_group, rulebook_of};
use authz::{GroupDeed, Intent, allows};
use domain::knowledge::Step;
use domain::problem_group::{Member, NotSo, ProblemGroup, ProblemGroupId};
use domain::supervision::supervises;
use domain::ticket::TicketNumber;
use runtime::http::Reply;
use sha2::{Digest as _, Sha256};

use super::Desk;

/// R-AN-3: when measures are done.
const OUT_OF_RANGE: &str =
    "整改期限应为今日或者以后，且不超过规则规定的最长期限（第八条第（五）项）";

/// Art. 7(2), 15: whose problems a county does not gather.
const NOT_OURS: &str = "县级管理单位归集本县（市、区）承办单位的问题（第七条第（二）项），\
                        其他单位的问题请报市级管理单位";

/// What is wrong with the day of a plan is said of the day.
fn refused(not_so: NotSo) -> AppError {
    match not_so {
        NotSo::DayOutOfRange => AppError::Invalid(vec![FieldError::new("/until", OUT_OF_RANGE)]),
        other => AppError::Group(other),
    }
}

impl Desk<'_> {
    /// 确认问题组.
    pub(super) async fn open(&self) -> Result<Reply, AppError> {
        let new = parse::<GroupBody>(&self.request.body)?.check(&self.reference.registry)?;
        let (step, unit) = (self.step(), &self.officer.unit);
        let digest = Sha256::new()
            .chain_update(self.officer.id.as_str())
            .chain_update([0])
            .chain_update(&new.title)
            .chain_update([0])
            .chain_update(new.tickets.first().map_or("", TicketNumber::as_str));
        let id = ProblemGroupId::new(step.at, &digest.finalize());
        let units = (new.unit.clone(), unit.clone());
        let place = (new.area, new.service_item);
        let mut group = ProblemGroup::open(id, new.title, units, place, step.clone());
        let permit = self.permit(GroupDeed::Open, &group)?;
        if *unit != new.unit && !supervises(&self.reference.registry, unit, &new.unit) {
            return Err(AppError::Invalid(vec![FieldError::new("/unit", NOT_OURS)]));
        }
        let members = self.members_of(&group.id, &new.tickets, &step).await?;
        let changed = group.join(&[], members, &step);
        // Sent once more it stands already, with what was said of it since.
        if self.store.put_group(&group, 0, &changed).await? == Committed::LostRace {
            let stands = self.store.group(&group.id).await?;
            group = stands.ok_or_else(|| AppError::Unavailable("a ticket moved".to_owned()))?;
        }
        self.page_of(&permit, 201, &group).await
    }

    /// The tickets as members of a group: those that the caller may read, that count, and that are in no
    /// other.
    async fn members_of(
        &self,
        group: &ProblemGroupId,
        tickets: &[TicketNumber],
        step: &Step,
    ) -> Result<Vec<Member>, AppError> {
        let (mut members, mut wrong) = (Vec::new(), Vec::new());
        for (at, number) in tickets.iter().enumerate() {
            let mut say =
                |words: String| wrong.push(FieldError::new(format!("/tickets/{at}"), words));
            let ticket = match find(self.store, number).await {
                Ok(ticket) if allows(self.principal(), Intent::Read(&ticket))? => ticket,
                Ok(_) | Err(AppError::NotFound) => {
                    say("没有这个工单，或者不属于本单位，请核对编号".to_owned());
                    continue;
                }
                Err(error) => return Err(error),
            };
            let stands_in = self.store.group_of(number).await?;
            if let Some(other) = stands_in.filter(|other| other != group) {
                say(format!("该工单已归入问题组{other}，请先移出"));
                continue;
            }
            match Member::of(&ticket, step.clone()) {
                Ok(member) => members.push(member),
                Err(NotSo::NotValid) => {
                    say("未予受理、已引导至管辖地或者已撤回的诉求不归入问题组（第十七条第（三）项）".to_owned());
                }
                Err(error) => return Err(AppError::Group(error)),
            }
        }
        if wrong.is_empty() {
            Ok(members)
        } else {
            Err(AppError::Invalid(wrong))
        }
    }

    /// 归入.
    pub(super) async fn join(&self) -> Result<Reply, AppError> {
        let tickets = parse::<GroupTicketsBody>(&self.request.body)?.check()?;
        let group = self.named().await?;
        let permit = self.permit(GroupDeed::Manage, &group)?;
        let step = self.step();
        let members = self.members_of(&group.id, &tickets, &step).await?;
        let join = |group: &mut ProblemGroup, known: &[Member]| {
            Ok(group.join(known, members.clone(), &step))
        };
        let changed = change_group(self.store, &group.id, &join).await?;
        self.page_of(&permit, 200, &changed).await
    }

    /// 移出.
    pub(super) async fn release(&self) -> Result<Reply, AppError> {
        let (number, reason) = parse::<GroupReleaseBody>(&self.request.body)?.check()?;
        self.change(GroupDeed::Manage, |group, known| {
            let gone = group.release(known, &number, self.step(), reason.clone())?;
            Ok(vec![gone])
        })
        .await
    }

    /// 根源分析和整改措施.
    pub(super) async fn plan(&self) -> Result<Reply, AppError> {
        let plan = parse::<GroupPlanBody>(&self.request.body)?.check()?;
        self.change(GroupDeed::Rectify, |group, _| {
            let rulebook = rulebook_of(group, &self.reference.timetable);
            group.analyse(plan.clone(), self.step(), &rulebook)?;
            Ok(Vec::new())
        })
        .await
    }

    /// 报告整改完成.
    pub(super) async fn complete(&self) -> Result<Reply, AppError> {
        let words = parse::<WordsBody>(&self.request.body)?.check()?;
        self.change(GroupDeed::Rectify, |group, _| {
            group.complete(words.clone(), self.step())?;
            Ok(Vec::new())
        })
        .await
    }

    /// 核验成效.
    pub(super) async fn verify(&self) -> Result<Reply, AppError> {
        let (is_effective, words) = parse::<GroupVerificationBody>(&self.request.body)?.check()?;
        self.change(GroupDeed::Manage, |group, _| {
            group.verify(is_effective, words.clone(), self.step())?;
            Ok(Vec::new())
        })
        .await
    }

    async fn change(
        &self,
        deed: GroupDeed,
        change: impl Fn(&mut ProblemGroup, &[Member]) -> Result<Vec<Member>, NotSo> + Sync,
    ) -> Result<Reply, AppError> {
        let group = self.named().await?;
        let permit = self.permit(deed, &group)?;
        let change =
            |group: &mut ProblemGroup, known: &[Member]| change(group, known).map_err(refused);
        let changed = change_group(self.store, &group.id, &change).await?;
        self.page_of(&permit, 200, &changed).await
    }
}
