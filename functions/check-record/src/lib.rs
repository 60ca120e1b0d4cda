//! 全程可溯 (Art. 9; R-DP-5): the appellant sees, by number and query code, that their record is the one
//! that was sealed, and gets the proof of it.

use api::answers::record_page;
use app::AppError;
use app::seals::check;
use authz::{Intent, Principal, authorize};
use cloud::objects::Bucket;
use runtime::appellant::{Appellants, appeal};
use runtime::http::{Reply, Request};
use store::DynamoStore;

/// What checking needs.
#[derive(Debug)]
pub struct Checks {
    /// The ticket store.
    pub store: DynamoStore,
    /// Lets appellants in.
    pub appellants: Appellants,
    /// Where the seals are.
    pub seals: Bucket,
}

/// `GET /appeals/{number}/record`.
pub async fn handle(checks: &Checks, request: Request) -> Result<Reply, AppError> {
    let ticket = appeal(&checks.store, &checks.appellants, &request).await?;
    let permit = authorize(Principal::Appellant(&ticket.number), Intent::Track(&ticket))?;
    let checked = check(&checks.seals, &ticket).await?;
    Reply::json(&permit, 200, &record_page(&ticket, &checked))
}
