//! 评价核实 (Art. 9, 17(5); R-CB-1, R-CB-4): the unit says once, with evidence, what speaks against a
//! dissatisfied rating; the managing unit finds it proved or unfounded.

use api::requests::{RatingVerificationBody, ReasonBody, note, parse};
use app::AppError;
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/rating-contest`, `/rating-verification`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("rating-contest") => {
            let (text, documents) = note("/reason", parse::<ReasonBody>(&request.body)?.reason)?;
            Ok((Command::ContestRating { text }, documents))
        }
        Some("rating-verification") => {
            let body = parse::<RatingVerificationBody>(&request.body)?;
            let finding = body.check()?;
            let (text, documents) = note("/reason", body.reason)?;
            Ok((Command::VerifyRating { finding, text }, documents))
        }
        _ => Err(AppError::NotFound),
    }
}
