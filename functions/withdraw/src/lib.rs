//! 撤回诉求 (R-IN-7): what was not closed yet is closed at the appellant's own wish, and stays on
//! record like every other ending (Art. 9: 全程可溯).

use api::requests::{WithdrawalBody, own_words, parse};
use app::AppError;
use app::act::Wish;
use app::originals::words;
use domain::workflow::command::Command;
use runtime::appellant::{Appellants, act_for_appellant, appeal};
use runtime::http::{Reply, Request};
use store::DynamoStore;

/// `POST /appeals/{number}/withdrawal`.
pub async fn handle(
    store: &DynamoStore,
    appellants: &Appellants,
    request: Request,
) -> Result<Reply, AppError> {
    let ticket = appeal(store, appellants, &request).await?;
    let body = parse::<WithdrawalBody>(&request.body)?;
    let reason = own_words("/reason", body.reason)?;
    let words = words(&ticket, reason)?;
    let wish = Wish {
        number: ticket.number.clone(),
        command: Command::Withdraw { reason: words.text },
        documents: words.documents,
        originals: words.originals,
        seen_version: None,
        at: request.at,
    };
    act_for_appellant(store, ticket, &wish).await
}
