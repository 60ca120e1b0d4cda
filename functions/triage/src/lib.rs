//! 人工审核派单 (Art. 6(3), 7, 10, 11): a person answers, dispatches, transfers to a county, or says why
//! an appeal is not handled here; a county dispatches on or takes on.

use api::answers::answer_name;
use api::requests::{
    DeclineBody, DirectAnswerBody, DispatchBody, EarlierBody, ExplainBody, ReferBody, TransferBody,
    check_parts, code, note, parse, unit, units,
};
use app::AppError;
use app::act::find;
use app::documents::Document;
use app::error::FieldError;
use app::ports::Store as _;
use authz::{Officer, reads};
use domain::answer::Answer;
use domain::ids::TextRef;
use domain::ticket::TicketNumber;
use domain::workflow::command::Command;
use domain::workflow::words::{Ground, LockGround};
use runtime::citing::cited;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_as};
use store::DynamoStore;

/// `POST /tickets/{number}/direct-answer`, `/decline`, `/explanation`, `/repeat`, `/referral`,
/// `/dispatch`, `/transfer`, `/take-on`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let asked = match request.path.rsplit('/').next() {
        Some("direct-answer") => direct_answer(store, &request).await,
        Some("decline") => decline(&request.body),
        Some("explanation") => explain(&request.body),
        Some("repeat") => cite_earlier(store, &officer, &request.body).await,
        Some("referral") => refer(&request.body),
        Some("dispatch") => dispatch(&request.body),
        Some("transfer") => transfer(&request.body),
        Some("take-on") => Ok((Command::TakeOn, Vec::new())),
        _ => Err(AppError::NotFound),
    };
    act_as(store, &officer, &request, asked?).await
}

async fn direct_answer(store: &DynamoStore, request: &Request) -> Result<Asked, AppError> {
    let body = parse::<DirectAnswerBody>(&request.body)?;
    let document = Document::Answer {
        record: None,
        answer: body.answer.clone(),
        interim: None,
        knowledge: cited(store, &body.knowledge, request.at).await?,
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

fn explain(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<ExplainBody>(body)?;
    let grounds: Vec<_> = LockGround::ALL.iter().map(|ground| ground.code()).collect();
    let ground = code("/ground", &body.ground, LockGround::from_code, &grounds)?;
    let (text, documents) = note("/explanation", body.explanation)?;
    Ok((Command::Explain { ground, text }, documents))
}

fn refer(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<ReferBody>(body)?;
    let (text, documents) = note("/guidance", body.guidance)?;
    Ok((Command::Refer { text }, documents))
}

/// The answer of the earlier ticket, where there is one, becomes a text of this one: what was quoted
/// stays what it was.
async fn cite_earlier(
    store: &DynamoStore,
    officer: &Officer,
    body: &[u8],
) -> Result<Asked, AppError> {
    let body = parse::<EarlierBody>(body)?;
    let unknown = || {
        let detail = "没有找到原工单，请核对编号";
        AppError::Invalid(vec![FieldError::new("/earlier", detail)])
    };
    let earlier = TicketNumber::parse(&body.earlier).map_err(|_| unknown())?;
    let found = match find(store, &earlier).await {
        Err(AppError::NotFound) => return Err(unknown()),
        found => found?,
    };
    if !reads(officer, &found)? {
        return Err(unknown());
    }
    let quoted = match answer_name(&found) {
        Some(name) => quote(store, &found, name).await?,
        None => None,
    };
    let text = quoted.as_ref().map(Document::seal).transpose()?;
    let text = text.map(|(name, _)| name);
    let command = Command::CiteEarlier { earlier, text };
    Ok((command, quoted.into_iter().collect()))
}

/// The answer without the handling record, which is not the appellant's.
async fn quote(
    store: &DynamoStore,
    earlier: &domain::ticket::Ticket,
    name: &TextRef,
) -> Result<Option<Document>, AppError> {
    let dossier = store.dossier(&earlier.number.key()).await?;
    Ok(match Document::find(&dossier.texts, name) {
        Some(Document::Answer {
            answer,
            interim,
            knowledge,
            ..
        }) => Some(Document::Answer {
            record: None,
            answer,
            interim,
            knowledge,
        }),
        _ => None,
    })
}

fn dispatch(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<DispatchBody>(body)?;
    let unit = unit("/unit", &body.unit)?;
    let co_handlers = units("/coHandlers", &body.co_handlers)?;
    let (note, documents) = note("/note", body.note)?;
    let command = Command::Dispatch {
        unit,
        co_handlers,
        note,
    };
    Ok((command, documents))
}

fn transfer(body: &[u8]) -> Result<Asked, AppError> {
    let body = parse::<TransferBody>(body)?;
    let unit = unit("/unit", &body.unit)?;
    let (note, documents) = note("/note", body.note)?;
    Ok((Command::Transfer { unit, note }, documents))
}
