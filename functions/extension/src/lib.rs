//! 延期 (Art. 12; R-HD-4): asked before the limit, at most three working days, decided by the unit
//! that dispatched.

use api::requests::{DecisionBody, ExtensionBody, ReasonBody, note, parse};
use app::AppError;
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/extension`, `/extension-approval`, `/extension-refusal`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("extension") => {
            let body = parse::<ExtensionBody>(&request.body)?;
            let (text, documents) = note("/reason", body.reason)?;
            let days = body.days;
            Ok((Command::AskExtension { days, text }, documents))
        }
        Some("extension-approval") => {
            let body = parse::<DecisionBody>(&request.body)?;
            let (note, documents) = note("/note", body.note)?;
            Ok((Command::GrantExtension { note }, documents))
        }
        Some("extension-refusal") => {
            let body = parse::<ReasonBody>(&request.body)?;
            let (text, documents) = note("/reason", body.reason)?;
            Ok((Command::RefuseExtension { text }, documents))
        }
        _ => Err(AppError::NotFound),
    }
}
