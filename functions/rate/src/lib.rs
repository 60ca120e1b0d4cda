//! 评价 (Art. 9; R-CB-1): five levels of 好差评, with words, and whether the matter was solved.

use access::secrets::KeySet;
use api::requests::{RatingBody, note, parse};
use app::AppError;
use app::act::{Wish, act};
use domain::audit::Actor;
use domain::workflow::decide::{Command, Rating};
use runtime::appellant::{Door, refuse};
use runtime::http::{Reply, Request};
use store::DynamoStore;

/// `POST /appeals/{number}/rating`.
pub async fn handle(
    store: &DynamoStore,
    keys: &KeySet,
    request: Request,
) -> Result<Reply, AppError> {
    let door = Door::knock(store, keys, &request).await?;
    let body = parse::<RatingBody>(&request.body)?.check()?;
    let (words, documents) = note("/words", body.words)?;
    let rating = Rating {
        level: body.level,
        solved: body.solved,
    };
    let wish = Wish {
        number: door.number.clone(),
        command: Command::Rate(rating, words),
        documents,
        seen_version: None,
        at: request.at,
    };
    // The code is checked on the transition's own read: one read, one write.
    let acted = act(store, &wish, &|_| door.open().map(|()| Actor::Appellant)).await;
    let ticket = match acted {
        Err(AppError::NotFound | AppError::WrongQueryCode) => {
            return Err(refuse(store, &door.number, request.at).await);
        }
        acted => acted?,
    };
    Reply::json(200, &api::answers::action_answer(&ticket, &[]))
}
