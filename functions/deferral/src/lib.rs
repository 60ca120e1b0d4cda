//! 延期整改 (Art. 12; R-HD-5): measures, a date, a person; approved, tracked to its own limit, and
//! verified after closing. What a callback found is put right, reported and verified the same way
//! (Art. 14; R-CB-3).

use api::requests::{DecisionBody, DeferralBody, ReasonBody, check_texts, note, parse};
use app::AppError;
use app::documents::Document;
use domain::ids::TextRef;
use domain::workflow::command::{Command, RectificationPlan};
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/deferral`, `/deferral-approval`, `/deferral-refusal`,
/// `/rectification-completion`, `/rectification-verification`, `/rectification-rejection`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("deferral") => ask(&request.body),
        Some("deferral-approval") => {
            let body = parse::<DecisionBody>(&request.body)?;
            let (note, documents) = note("/note", body.note)?;
            Ok((Command::GrantDeferral { note }, documents))
        }
        Some("deferral-refusal") => {
            let (text, documents) = reason(&request.body)?;
            Ok((Command::RefuseDeferral { text }, documents))
        }
        Some("rectification-completion") => {
            let (text, documents) = reason(&request.body)?;
            Ok((Command::CompleteRectification { text }, documents))
        }
        Some("rectification-verification") => {
            let (text, documents) = reason(&request.body)?;
            Ok((Command::VerifyRectification { text }, documents))
        }
        Some("rectification-rejection") => {
            let (text, documents) = reason(&request.body)?;
            Ok((Command::SendBack { text }, documents))
        }
        _ => Err(AppError::NotFound),
    }
}

fn ask(body: &[u8]) -> Result<Asked, AppError> {
    let DeferralBody {
        measures,
        responsible,
        reason,
        until,
    } = parse::<DeferralBody>(body)?;
    check_texts(&[
        ("/measures", "整改措施", &measures),
        ("/responsible", "责任人", &responsible),
        ("/reason", "客观原因", &reason),
    ])?;
    let plan = RectificationPlan {
        measures: measures.clone(),
        responsible: responsible.clone(),
        reason: reason.clone(),
        until,
    };
    let document = Document::Plan {
        measures,
        responsible,
        reason,
    };
    let (text, _) = document.seal()?;
    Ok((Command::AskDeferral { plan, text }, vec![document]))
}

fn reason(body: &[u8]) -> Result<(Option<TextRef>, Vec<Document>), AppError> {
    let body = parse::<ReasonBody>(body)?;
    note("/reason", body.reason)
}
