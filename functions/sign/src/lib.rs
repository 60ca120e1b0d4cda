//! 签收 (Art. 8(1), 17(2); R-HD-2): the liaison takes a dispatched ticket over.

use app::AppError;
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/sign`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, |_| {
        Ok((Command::Sign, Vec::new()))
    })
    .await
}
