//! 另行送达 (Art. 8(4); R-HD-12): an answer that did not arrive is delivered another way, on record.

use api::requests::{DeliveryBody, code, note, parse};
use app::AppError;
use domain::workflow::command::Command;
use domain::workflow::words::ContactWay;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/delivery`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    let body = parse::<DeliveryBody>(&request.body)?;
    let ways: Vec<_> = ContactWay::ALL.iter().map(|way| way.code()).collect();
    let way = code("/way", &body.way, ContactWay::from_code, &ways)?;
    let (text, documents) = note("/reason", body.reason)?;
    Ok((Command::DeliverOtherwise { way, text }, documents))
}
