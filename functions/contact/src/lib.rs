//! 联系用户 (Art. 13(1); R-HD-8): the unit records a contact with the appellant.

use api::requests::{ContactBody, parse};
use app::AppError;
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/contacts`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    let (contact, documents) = parse::<ContactBody>(&request.body)?.check("")?;
    Ok((Command::RecordContact(contact), documents))
}
