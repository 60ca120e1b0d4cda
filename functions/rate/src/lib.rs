//! 评价 (Art. 9; R-CB-1): five levels of 好差评, with words, whether the matter was solved,
//! and with what a dissatisfied appellant is dissatisfied.

use api::requests::{RatingBody, own_words, parse};
use app::AppError;
use app::act::Wish;
use app::originals::words;
use domain::workflow::command::Command;
use runtime::appellant::{Appellants, act_for_appellant, appeal};
use runtime::http::{Reply, Request};
use store::DynamoStore;

/// `POST /appeals/{number}/rating`.
pub async fn handle(
    store: &DynamoStore,
    appellants: &Appellants,
    request: Request,
) -> Result<Reply, AppError> {
    let ticket = appeal(store, appellants, &request).await?;
    let body = parse::<RatingBody>(&request.body)?;
    let rating = body.check()?;
    let written = own_words("/words", body.words)?;
    let words = words(&ticket, written)?;
    let wish = Wish {
        number: ticket.number.clone(),
        command: Command::Rate(rating, words.text),
        documents: words.documents,
        originals: words.originals,
        seen_version: None,
        at: request.at,
    };
    // The read that the code was checked on is the transition's own: one read, one write.
    act_for_appellant(store, ticket, &wish).await
}
