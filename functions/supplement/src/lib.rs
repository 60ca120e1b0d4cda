//! 一次性告知 (Art. 8(3), 13(3); R-HD-7): the unit asks the appellant once, with the whole list.

use api::requests::{DecisionBody, SupplementBody, check_texts, note, parse};
use app::AppError;
use app::documents::Document;
use domain::workflow::command::{Command, SupplementItem};
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/supplement`, `/supplement-end`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("supplement") => ask(&request.body),
        Some("supplement-end") => {
            let body = parse::<DecisionBody>(&request.body)?;
            let (note, documents) = note("/note", body.note)?;
            Ok((Command::EndSupplement { note }, documents))
        }
        _ => Err(AppError::NotFound),
    }
}

fn ask(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<SupplementBody>(body)?;
    for item in &body.items {
        check_texts(&[
            ("/items", "材料名称", &item.what),
            ("/items", "需要的原因", &item.why),
            ("/items", "提交方式", &item.how),
        ])?;
    }
    let document = Document::SupplementList(body.items.clone());
    let (text, _) = document.seal()?;
    let items = body.items.into_iter().map(SupplementItem::from).collect();
    Ok((Command::AskSupplement { items, text }, vec![document]))
}
