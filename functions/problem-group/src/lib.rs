//! 高频、共性问题 (Art. 8(5), 15, 17(3); R-AN-3, R-AN-4): managing units confirm that appeals are about
//! one problem, the unit whose problem it is says why it arises and what it does about it, and the
//! managing unit verifies whether it worked.

mod candidates;
mod changes;

use std::sync::Arc;

use api::answers::{GroupPage, group_row, group_view};
use app::AppError;
use app::error::FieldError;
use app::ports::{Reference, Store as _};
use app::problem_groups::Groups as _;
use authz::{GroupDeed, Intent, Officer, Permit, Principal, allows, authorize};
use domain::knowledge::Step;
use domain::problem_group::{ProblemGroup, ProblemGroupId};
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::DynamoStore;

/// Groups of a page.
const PAGE: i32 = 50;

/// `/problem-groups` and everything under it.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let reference = store.reference(request.at).await?;
    let desk = Desk {
        store,
        officer: &officer,
        request: &request,
        reference,
    };
    match (request.method.as_str(), request.path.rsplit('/').next()) {
        ("GET", Some("problem-groups")) => desk.list().await,
        ("GET", Some("problem-candidates")) => desk.candidates().await,
        ("GET", _) => desk.show().await,
        (_, Some("problem-groups")) => desk.open().await,
        (_, Some("tickets")) => desk.join().await,
        (_, Some("release")) => desk.release().await,
        (_, Some("plan")) => desk.plan().await,
        (_, Some("completion")) => desk.complete().await,
        (_, Some("verification")) => desk.verify().await,
        _ => Err(AppError::NotFound),
    }
}

/// One request, by whom and under which rules.
struct Desk<'a> {
    store: &'a DynamoStore,
    officer: &'a Officer,
    request: &'a Request,
    reference: Arc<Reference>,
}

impl Desk<'_> {
    const fn principal(&self) -> Principal<'_> {
        Principal::Officer(self.officer)
    }

    fn permit(&self, deed: GroupDeed, group: &ProblemGroup) -> Result<Permit, AppError> {
        authorize(self.principal(), Intent::Group(deed, group))
    }

    fn step(&self) -> Step {
        Step {
            by: self.officer.id.clone(),
            unit: self.officer.unit.clone(),
            at: self.request.at,
        }
    }

    /// The group in the path; for who may not read it there is none.
    async fn named(&self) -> Result<ProblemGroup, AppError> {
        let id = self.request.path_parameter("group").unwrap_or_default();
        let id = ProblemGroupId::parse(id).ok_or(AppError::NotFound)?;
        let group = self.store.group(&id).await?.ok_or(AppError::NotFound)?;
        if allows(self.principal(), Intent::Group(GroupDeed::Read, &group))? {
            Ok(group)
        } else {
            Err(AppError::NotFound)
        }
    }

    async fn page_of(
        &self,
        permit: &Permit,
        status: u16,
        group: &ProblemGroup,
    ) -> Result<Reply, AppError> {
        let members = self.store.members(&group.id).await?;
        let view = group_view(group, &members, &self.reference, self.request.at);
        Reply::json(permit, status, &view)
    }

    async fn show(&self) -> Result<Reply, AppError> {
        let group = self.named().await?;
        let permit = self.permit(GroupDeed::Read, &group)?;
        self.page_of(&permit, 200, &group).await
    }

    async fn list(&self) -> Result<Reply, AppError> {
        let permit = authorize(self.principal(), Intent::ListGroups)?;
        let cursor = self.request.query_parameter("cursor").map(|cursor| {
            let wrong = FieldError::new("cursor", "应为上一页的next");
            ProblemGroupId::parse(cursor).ok_or_else(|| AppError::Invalid(vec![wrong]))
        });
        let before = cursor.transpose()?;
        let (all, next) = self.store.groups_page(before.as_ref(), PAGE).await?;
        let mut items = Vec::new();
        for group in &all {
            if allows(self.principal(), Intent::Group(GroupDeed::Read, group))? {
                items.push(group_row(group, &self.reference, self.request.at));
            }
        }
        let next = next.map(|id| id.as_str().to_owned());
        Reply::json(&permit, 200, &GroupPage { items, next })
    }
}
