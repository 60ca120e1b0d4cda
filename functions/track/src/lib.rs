//! Where an appeal stands, for the appellant (R-IN-7): by number and query code, with limited
//! tries and one answer for "unknown" and "wrong".

use api::answers::{TrackParts, track_page};
use app::AppError;
use app::ports::Store as _;
use authz::{Intent, Principal, authorize};
use domain::ticket::How;
use runtime::appellant::{Appellants, appeal};
use runtime::http::{Reply, Request};
use store::DynamoStore;

/// `GET /appeals/{number}`.
pub async fn handle(
    store: &DynamoStore,
    appellants: &Appellants,
    request: Request,
) -> Result<Reply, AppError> {
    let ticket = appeal(store, appellants, &request).await?;
    let permit = authorize(Principal::Appellant(&ticket.number), Intent::Track(&ticket))?;
    let reference = store.reference(request.at).await?;
    let dossier = store.dossier(&ticket.number.key()).await?;
    let earlier = match &ticket.closed {
        Some(How::Repeated { earlier, .. }) => store.load(&earlier.key()).await?,
        _ => None,
    };
    let parts = TrackParts {
        ticket: &ticket,
        dossier: &dossier,
        earlier: earlier.as_ref(),
        reference: &reference,
    };
    Reply::json(&permit, 200, &track_page(&parts))
}
