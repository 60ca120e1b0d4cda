//! 回访 (Art. 14; R-CB-3): the call, as a task with attempts and an outcome. A unit that took part calls
//! nobody: the policies forbid it, whatever the draw says.

use api::requests::{Call, CallbackBody, note, parse};
use app::AppError;
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/callback`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    let body = parse::<CallbackBody>(&request.body)?;
    let call = body.check()?;
    let (note, documents) = note("/note", body.note)?;
    let command = match call {
        Call::Tried(outcome) => Command::TryCallback { outcome, note },
        Call::Ended(result) => Command::CompleteCallback { result, note },
    };
    Ok((command, documents))
}
