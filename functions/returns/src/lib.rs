//! 退回 (Art. 12, 17(1); R-HD-6): a unit gives back what is not its duty; the unit that dispatched
//! decides.

use api::requests::{ReturnBody, ReturnDecisionBody, check_texts, code, note, parse, unit};
use app::AppError;
use app::documents::Document;
use chrono::NaiveDate;
use domain::calendar::{next_day, shanghai_date};
use domain::ids::TextRef;
use domain::workflow::command::Command;
use domain::workflow::words::ReturnReason;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/return`, `/return-acceptance`, `/return-refusal`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("return") => ask(&request.body),
        Some("return-acceptance") => {
            let (duty_from, note, documents) = decision(request)?;
            Ok((Command::AcceptReturn { duty_from, note }, documents))
        }
        Some("return-refusal") => {
            let (duty_from, text, documents) = decision(request)?;
            Ok((Command::RefuseReturn { duty_from, text }, documents))
        }
        _ => Err(AppError::NotFound),
    }
}

fn ask(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<ReturnBody>(body)?;
    let reasons: Vec<_> = ReturnReason::ALL
        .iter()
        .map(|reason| reason.code())
        .collect();
    let reason = code("/reason", &body.reason, ReturnReason::from_code, &reasons)?;
    let suggested = unit("/suggested", &body.suggested)?;
    check_texts(&[
        ("/ground", "职责依据", &body.ground),
        (
            "/explanation",
            "说明",
            body.explanation.as_deref().unwrap_or_default(),
        ),
    ])?;
    let document = Document::Return {
        ground: body.ground.clone(),
        explanation: body.explanation,
    };
    let (text, _) = document.seal()?;
    let command = Command::AskReturn {
        reason,
        ground: body.ground,
        suggested,
        text,
    };
    Ok((command, vec![document]))
}

/// From which day the duty list should say so (the next one unless another is named), and why.
fn decision(request: &Request) -> Result<(NaiveDate, Option<TextRef>, Vec<Document>), AppError> {
    let body = parse::<ReturnDecisionBody>(&request.body)?;
    let (text, documents) = note("/reason", body.reason)?;
    let tomorrow = next_day(shanghai_date(request.at));
    Ok((body.duty_from.unwrap_or(tomorrow), text, documents))
}
