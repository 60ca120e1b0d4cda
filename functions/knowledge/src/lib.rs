//! 知识库 (Art. 6(4), 7(3), 8(6), 17(4); R-KB-1, R-KB-3, R-KB-4): units and editors draft, reviewers of
//! the managing unit publish, send back and dismiss, whoever works with an entry gives notice that it
//! is wrong. Every change is one conditional write; what it shows is searched after `knowledge-index`
//! saw it.

mod changes;
mod reading;

use app::AppError;
use app::ports::{Reference, Store as _};
use authz::{Intent, KnowledgeDeed, Officer, Permit, Principal, authorize};
use chrono::NaiveDate;
use domain::calendar::shanghai_date;
use domain::knowledge::{KnowledgeEntry, KnowledgeId, Step};
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::DynamoStore;

/// `/knowledge` and everything under it.
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
        reference: &reference,
        request: &request,
    };
    match (request.method.as_str(), request.path.rsplit('/').next()) {
        ("GET", Some("knowledge")) => desk.list().await,
        ("GET", Some("difference")) => desk.compare().await,
        ("GET", _) => desk.show().await,
        (_, Some("knowledge")) => desk.draft().await,
        (_, Some("revision")) => desk.revise().await,
        (_, Some("publication")) => desk.publish().await,
        (_, Some("rejection")) => desk.send_back().await,
        (_, Some("withdrawal")) => desk.withdraw().await,
        (_, Some("notices")) => desk.notice().await,
        (_, Some("dismissal")) => desk.dismiss().await,
        _ => Err(AppError::NotFound),
    }
}

/// One request, by whom and under which rules.
struct Desk<'a> {
    store: &'a DynamoStore,
    officer: &'a Officer,
    reference: &'a Reference,
    request: &'a Request,
}

impl Desk<'_> {
    fn permit(&self, deed: KnowledgeDeed, entry: &KnowledgeEntry) -> Result<Permit, AppError> {
        let principal = Principal::Officer(self.officer);
        authorize(principal, Intent::Knowledge(deed, entry))
    }

    fn today(&self) -> NaiveDate {
        shanghai_date(self.request.at)
    }

    fn step(&self) -> Step {
        Step {
            by: self.officer.id.clone(),
            unit: self.officer.unit.clone(),
            at: self.request.at,
        }
    }

    /// The entry in the path.
    async fn named(&self) -> Result<KnowledgeEntry, AppError> {
        let id = self.request.path_parameter("entry").unwrap_or_default();
        let id = KnowledgeId::parse(id).ok_or(AppError::NotFound)?;
        let found = self.store.knowledge(&id).await?;
        found.ok_or(AppError::NotFound)
    }
}
