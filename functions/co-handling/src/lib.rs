//! 协办 (Art. 10(3); R-TR-5): the managing unit appoints co-handlers and releases them for a
//! reason; each signs and gives its opinion.

use api::requests::{CoHandlersBody, OpinionBody, ReleaseBody, note, parse, unit, units};
use app::AppError;
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/co-handlers`, `/co-signature`, `/opinion`, `/co-handler-release`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("co-handlers") => appoint(&request.body),
        Some("co-signature") => Ok((Command::CoSign, Vec::new())),
        Some("opinion") => {
            let body = parse::<OpinionBody>(&request.body)?;
            let (text, documents) = note("/opinion", body.opinion)?;
            Ok((Command::GiveOpinion { text }, documents))
        }
        Some("co-handler-release") => {
            let body = parse::<ReleaseBody>(&request.body)?;
            let unit = unit("/unit", &body.unit)?;
            let (text, documents) = note("/reason", body.reason)?;
            Ok((Command::ReleaseCoHandler { unit, text }, documents))
        }
        _ => Err(AppError::NotFound),
    }
}

fn appoint(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<CoHandlersBody>(body)?;
    let units = units("/coHandlers", &body.co_handlers)?;
    let (note, documents) = note("/note", body.note)?;
    Ok((Command::AppointCoHandlers { units, note }, documents))
}
