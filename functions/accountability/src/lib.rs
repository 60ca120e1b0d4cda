//! 问责 (Art. 19; R-SV-9): who shifted duties, was perfunctory or rude, or leaked. One puts it on
//! record, another of no unit concerned decides, once; nothing of it is changed or taken away, and
//! the few that the policies name see it.

use api::answers::{AccountabilityPage, AccountabilityView};
use api::requests::{AccountabilityBody, AccountabilityDecisionBody, parse};
use app::AppError;
use app::error::FieldError;
use app::ports::{Committed, Store as _};
use authz::{AccountabilityDeed, Intent, Officer, Permit, Principal, allows, authorize};
use domain::accountability::{AccountabilityId, AccountabilityRecord, Decision};
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use sha2::{Digest as _, Sha256};
use store::DynamoStore;

/// Records of a page.
const PAGE: i32 = 50;

/// Reads and writes before the caller is asked to try again.
const ATTEMPTS: u32 = 3;

/// `GET /accountability`, `POST /accountability`, `POST /accountability/{record}/decision`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let desk = Desk {
        store,
        officer: &officer,
        request: &request,
    };
    match (request.method.as_str(), request.path.rsplit('/').next()) {
        ("GET", _) => desk.list().await,
        (_, Some("decision")) => desk.decide().await,
        _ => desk.open().await,
    }
}

/// One request, and by whom.
struct Desk<'a> {
    store: &'a DynamoStore,
    officer: &'a Officer,
    request: &'a Request,
}

impl Desk<'_> {
    fn permit(
        &self,
        deed: AccountabilityDeed,
        record: &AccountabilityRecord,
    ) -> Result<Permit, AppError> {
        let principal = Principal::Officer(self.officer);
        authorize(principal, Intent::Accountability(deed, record))
    }

    async fn open(&self) -> Result<Reply, AppError> {
        let body = parse::<AccountabilityBody>(&self.request.body)?;
        let reference = self.store.reference(self.request.at).await?;
        let matter = body.check(&reference.registry)?;
        let digest = Sha256::new()
            .chain_update(self.officer.id.as_str())
            .chain_update(self.request.at.timestamp_millis().to_be_bytes())
            .chain_update(&self.request.body);
        let id = AccountabilityId::new(self.request.at, &digest.finalize());
        let (by, at) = (self.officer.id.clone(), self.request.at);
        let record = AccountabilityRecord::open(id, matter, by, at);
        let record = record.map_err(AppError::Accountability)?;
        let permit = self.permit(AccountabilityDeed::Open, &record)?;
        self.store.put_new_accountability(&record).await?;
        Reply::json(&permit, 201, &AccountabilityView::from(&record))
    }

    /// The record in the path.
    async fn named(&self) -> Result<AccountabilityRecord, AppError> {
        let id = self.request.path_parameter("record").unwrap_or_default();
        let id = AccountabilityId::parse(id).ok_or(AppError::NotFound)?;
        let found = self.store.accountability(&id).await?;
        found.ok_or(AppError::NotFound)
    }

    async fn decide(&self) -> Result<Reply, AppError> {
        let body = parse::<AccountabilityDecisionBody>(&self.request.body)?;
        let (outcome, reason) = body.check()?;
        let decision = Decision {
            outcome,
            reason,
            by: self.officer.id.clone(),
            at: self.request.at,
        };
        for _ in 0..ATTEMPTS {
            let mut record = self.named().await?;
            let permit = self.permit(AccountabilityDeed::Decide, &record)?;
            // Our own write, its answer lost and the store asked again: nothing is left to do.
            if record.decision.as_ref() != Some(&decision) {
                let read = record.version();
                let decided = record.decide(decision.clone());
                decided.map_err(AppError::Accountability)?;
                if self.store.put_accountability(&record, read).await? == Committed::LostRace {
                    continue;
                }
            }
            return Reply::json(&permit, 200, &AccountabilityView::from(&record));
        }
        Err(AppError::Unavailable("the record is busy".to_owned()))
    }

    async fn list(&self) -> Result<Reply, AppError> {
        let principal = Principal::Officer(self.officer);
        let permit = authorize(principal, Intent::ListAccountability)?;
        let cursor = self.request.query_parameter("cursor").map(|cursor| {
            let wrong = FieldError::new("cursor", "应为上一页的next");
            AccountabilityId::parse(cursor).ok_or_else(|| AppError::Invalid(vec![wrong]))
        });
        let before = cursor.transpose()?;
        let page = self.store.accountability_page(before.as_ref(), PAGE);
        let (all, next) = page.await?;
        let mut items = Vec::new();
        for record in &all {
            let intent = Intent::Accountability(AccountabilityDeed::Read, record);
            if allows(principal, intent)? {
                items.push(AccountabilityView::from(record));
            }
        }
        let next = next.map(|id| id.as_str().to_owned());
        Reply::json(&permit, 200, &AccountabilityPage { items, next })
    }
}
