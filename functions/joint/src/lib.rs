//! 联合处置 (Art. 6(6); R-TR-10): several units meet, and a conclusion says whose duty it is.

use api::requests::{
    ConclusionBody, JointBody, MeetingBody, ReasonBody, code, note, parse, unit, units,
};
use app::AppError;
use domain::workflow::command::Command;
use domain::workflow::words::JointCause;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/joint-handling`, `/meetings`, `/special-study`, `/joint-conclusion`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    match request.path.rsplit('/').next() {
        Some("joint-handling") => open(&request.body),
        Some("meetings") => {
            let body = parse::<MeetingBody>(&request.body)?;
            let (text, documents) = note("/minutes", body.minutes)?;
            let on = body.met_on;
            Ok((Command::RecordMeeting { on, text }, documents))
        }
        Some("special-study") => {
            let body = parse::<ReasonBody>(&request.body)?;
            let (text, documents) = note("/reason", body.reason)?;
            Ok((Command::RaiseToGovernment { text }, documents))
        }
        Some("joint-conclusion") => conclude(&request.body),
        _ => Err(AppError::NotFound),
    }
}

fn open(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<JointBody>(body)?;
    let causes: Vec<_> = JointCause::ALL.iter().map(|cause| cause.code()).collect();
    let cause = code("/cause", &body.cause, JointCause::from_code, &causes)?;
    let members = units("/members", &body.members)?;
    let (text, documents) = note("/reason", body.reason)?;
    let command = Command::OpenJoint {
        cause,
        members,
        text,
    };
    Ok((command, documents))
}

fn conclude(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<ConclusionBody>(body)?;
    let unit = unit("/unit", &body.unit)?;
    let co_handlers = units("/coHandlers", &body.co_handlers)?;
    let (text, documents) = note("/conclusion", body.conclusion)?;
    let command = Command::ConcludeJoint {
        unit,
        co_handlers,
        text,
    };
    Ok((command, documents))
}
