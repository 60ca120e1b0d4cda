//! 办结 (Art. 8(4), 12, 13(5); R-HD-3, 9, 10): the unit closes with a complete record and answer.

use api::requests::{CloseBody, check_parts, code, parse};
use app::AppError;
use app::documents::{CitedEntry, Document};
use domain::answer::{Answer, HandlingRecord, InterimPlan, Outcome};
use domain::workflow::command::Command;
use runtime::citing::cited;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_as};
use store::DynamoStore;

/// `POST /tickets/{number}/close`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    let officer = officers.officer(&request).await?;
    let body = parse::<CloseBody>(&request.body)?;
    let knowledge = cited(store, &body.knowledge, request.at).await?;
    act_as(store, &officer, &request, asked(body, knowledge)?).await
}

fn asked(body: CloseBody, knowledge: Vec<CitedEntry>) -> Result<Asked, AppError> {
    let outcome = body.outcome.as_deref().unwrap_or(Outcome::Solved.code());
    let outcomes: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.code()).collect();
    let outcome = code("/outcome", outcome, Outcome::from_code, &outcomes)?;
    let contact = body
        .contact
        .map(|contact| contact.check("/contact"))
        .transpose()?;
    let (contact, mut documents) = contact.map_or((None, Vec::new()), |(contact, notes)| {
        (Some(contact), notes)
    });
    let document = Document::Answer {
        record: Some(Box::new(body.record.clone())),
        answer: body.answer.clone(),
        interim: body.interim.clone(),
        knowledge,
    };
    let (text, _) = document.seal()?;
    documents.push(document);
    let (record, answer) = (HandlingRecord::from(body.record), Answer::from(body.answer));
    let interim = body.interim.map(InterimPlan::from);
    let plan = interim.iter().flat_map(InterimPlan::parts);
    check_parts(record.parts().into_iter().chain(answer.parts()).chain(plan))?;
    Ok((
        Command::Close {
            record,
            answer,
            text,
            outcome,
            interim,
            contact,
        },
        documents,
    ))
}
