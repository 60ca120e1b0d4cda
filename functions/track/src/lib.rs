//! Where an appeal stands, for the appellant (R-IN-7): by number and query code, with limited
//! tries and one answer for "unknown" and "wrong".

use access::secrets::KeySet;
use api::answers::track_page;
use app::AppError;
use app::ports::Store as _;
use runtime::appellant::appeal;
use runtime::http::{Reply, Request};
use store::DynamoStore;

/// `GET /appeals/{number}`.
pub async fn handle(
    store: &DynamoStore,
    keys: &KeySet,
    request: Request,
) -> Result<Reply, AppError> {
    let ticket = appeal(store, keys, &request).await?;
    let reference = store.reference(request.at).await?;
    let dossier = store.dossier(&ticket.number.key()).await?;
    Reply::json(200, &track_page(&ticket, &dossier, &reference))
}
