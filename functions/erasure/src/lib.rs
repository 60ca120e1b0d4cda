//! 删除个人信息 (Art. 16; R-DP-4): on the appellant's wish, or where it is unlawful to keep it, a city
//! manager who signed in with several factors has an appellant's personal data erased for good.

use api::requests::{ErasureBody, parse};
use app::AppError;
use app::act::find;
use app::erasure::{Erasing, erase};
use authz::{Intent, Principal, authorize};
use cloud::objects::Bucket;
use domain::workflow::words::Action;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use store::{DynamoStore, VaultErasures};

/// What the function reaches.
#[derive(Debug)]
pub struct Desk {
    /// The tickets.
    pub store: DynamoStore,
    /// The appellants' keys.
    pub keys: VaultErasures,
    /// The files.
    pub files: Bucket,
    /// Where the reports are kept.
    pub reports: Bucket,
    /// Who signs in.
    pub officers: Officers,
}

/// `POST /tickets/{number}/erasure`.
pub async fn handle(desk: &Desk, request: Request) -> Result<Reply, AppError> {
    let officer = desk.officers.officer(&request).await?;
    let body = parse::<ErasureBody>(&request.body)?;
    let asked = body.check(request.seen_version(), request.at)?;
    let ticket = find(&desk.store, &request.number()?).await?;
    let erasing = Erasing {
        store: &desk.store,
        keys: &desk.keys,
        files: &desk.files,
        reports: &desk.reports,
    };
    let principal = Principal::Officer(&officer);
    let who = |ticket: &_| authorize(principal, Intent::Act(Action::Erase, ticket));
    let (report, permit) = erase(erasing, ticket, &asked, &who).await?;
    Reply::json(&permit, 200, &report)
}
