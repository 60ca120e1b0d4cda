//! 重办与复核 (Art. 13(6), 14; R-CB-4): a dissatisfaction that the managing unit found verified reopens
//! a ticket; what could not be solved is looked at again.

use api::requests::{ReasonBody, ReviewBody, note, parse};
use app::AppError;
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/reopening`, `/review`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("reopening") => {
            let body = parse::<ReasonBody>(&request.body)?;
            let (text, documents) = note("/reason", body.reason)?;
            Ok((Command::Reopen { text }, documents))
        }
        Some("review") => {
            let body = parse::<ReviewBody>(&request.body)?;
            let (text, documents) = note("/finding", body.finding)?;
            let next_on = body.next_on;
            Ok((Command::ReviewUnsolved { next_on, text }, documents))
        }
        _ => Err(AppError::NotFound),
    }
}
