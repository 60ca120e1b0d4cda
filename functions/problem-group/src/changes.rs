//! What is done to a group.

use api::requests::{
    GroupBody, GroupPlanBody, GroupReleaseBody, GroupTicketsBody, GroupVerificationBody, WordsBody,
    parse,
};
use app::AppError;
use app::act::find;
use app::error::FieldError;
use app::problem_groups::{Desk as Place, Groups as _, change_group, join_group, rulebook_of};
use authz::{GroupDeed, Intent, allows};
use domain::ids::UnitId;
use domain::knowledge::Step;
use domain::problem_group::{Known, Member, NotSo, ProblemGroup, ProblemGroupId};
use domain::registry::UnitKind;
use domain::supervision::supervises;
use domain::ticket::TicketNumber;
use runtime::http::Reply;
use sha2::{Digest as _, Sha256};

use super::Desk;

/// Art. 7(2): a county does not verify its own measures.
const OF_THE_COUNTY: &str =
    "县级管理单位自身的问题由市级管理单位归集和核验（第七条第（二）项），请报市级管理单位";

/// Art. 17(3): what counts for no problem.
const NOT_VALID: &str = "未予受理、已解释说明归档、已引导至管辖地或者已撤回的诉求不归入问题组\
                         （第十一条、第十七条第（三）项）";

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
        // The very same request is the same group; any other is another.
        let digest = Sha256::new()
            .chain_update(self.officer.id.as_str())
            .chain_update([0])
            .chain_update(&self.request.body)
            .finalize();
        let id = ProblemGroupId::new(step.at, &digest);
        let units = (new.unit.clone(), unit.clone());
        let place = (new.area, new.service_item);
        let mut group = ProblemGroup::open(id, new.title, units, place, step.clone());
        let permit = self.permit(GroupDeed::Open, &group)?;
        if let Some(words) = self.not_ours(&new.unit) {
            return Err(AppError::Invalid(vec![FieldError::new("/unit", words)]));
        }
        let members = self.members_of(&group.id, &new.tickets, &step).await?;
        // First the group, then its tickets: broken off between them, the same request goes on.
        group.writes = 1;
        self.store.put_group(&group, 0, &[]).await?;
        let taken = (members, &step, false);
        let joined = join_group(self.place(), &group.id, taken).await?;
        self.page_of(&permit, 201, &joined).await
    }

    /// Why this unit's problems are not for the caller's to gather, if they are not.
    fn not_ours(&self, unit: &UnitId) -> Option<&'static str> {
        let (registry, own) = (&self.reference.registry, &self.officer.unit);
        let kind = registry.unit(own).map(|unit| unit.kind);
        if own == unit && kind == Some(UnitKind::CountyManaging) {
            return Some(OF_THE_COUNTY);
        }
        let is_ours = own == unit || supervises(registry, own, unit);
        (!is_ours).then_some(NOT_OURS)
    }

    /// Where groups and tickets are.
    const fn place(&self) -> Place<'_> {
        Place {
            store: self.store,
            groups: self.store,
        }
    }

    /// The tickets as members of a group: those that the caller may gather, that count, and that are in no
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
                Ok(ticket) if allows(self.principal(), Intent::Gather(&ticket))? => ticket,
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
                    say(NOT_VALID.to_owned());
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
        let taken = (members, &step, true);
        let changed = join_group(self.place(), &group.id, taken).await?;
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
        self.change(GroupDeed::Manage, |group, known| {
            group.verify(known, is_effective, words.clone(), &self.step())?;
            Ok(Vec::new())
        })
        .await
    }

    async fn change(
        &self,
        deed: GroupDeed,
        change: impl Fn(&mut ProblemGroup, Known<'_>) -> Result<Vec<Member>, NotSo> + Sync,
    ) -> Result<Reply, AppError> {
        let group = self.named().await?;
        let permit = self.permit(deed, &group)?;
        let change =
            |group: &mut ProblemGroup, known: Known<'_>| change(group, known).map_err(refused);
        let changed = change_group(self.place(), &group.id, &change).await?;
        self.page_of(&permit, 200, &changed).await
    }
}
