//! 人工审核派单 (Art. 6(3), 10, 11): a person answers directly, does not accept, or dispatches.

use api::requests::{DeclineBody, DirectAnswerBody, DispatchBody, check_parts, code, note, parse};
use app::AppError;
use app::documents::Document;
use app::error::FieldError;
use domain::answer::Answer;
use domain::ids::UnitId;
use domain::workflow::decide::Command;
use domain::workflow::words::Ground;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/direct-answer`, `/decline`, `/dispatch`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("direct-answer") => direct_answer(&request.body),
        Some("decline") => decline(&request.body),
        Some("dispatch") => dispatch(&request.body),
        _ => Err(AppError::NotFound),
    }
}

fn direct_answer(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<DirectAnswerBody>(body)?;
    let document = Document::Answer {
        record: None,
        answer: body.answer.clone(),
    };
    let (text, _) = document.seal()?;
    let answer = Answer::from(body.answer);
    check_parts(answer.parts())?;
    Ok((Command::AnswerDirectly { answer, text }, vec![document]))
}

fn decline(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<DeclineBody>(body)?;
    let grounds: Vec<_> = Ground::ALL.iter().map(|ground| ground.code()).collect();
    let ground = code("/ground", &body.ground, Ground::from_code, &grounds)?;
    let (explanation, documents) = note("/explanation", body.explanation)?;
    Ok((
        Command::Decline {
            ground,
            explanation,
        },
        documents,
    ))
}

fn dispatch(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<DispatchBody>(body)?;
    let unit = UnitId::parse(&body.unit).map_err(|_| {
        AppError::Invalid(vec![FieldError::new(
            "/unit",
            "没有这个单位，请从单位目录中选择",
        )])
    })?;
    let (note, documents) = note("/note", body.note)?;
    Ok((Command::Dispatch { unit, note }, documents))
}
