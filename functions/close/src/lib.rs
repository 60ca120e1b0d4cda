//! 办结 (Art. 8(4), 12, 13(5); R-HD-3, 9, 10): the unit closes with a complete record and answer.

use api::requests::{CloseBody, check_parts, code, parse};
use app::AppError;
use app::documents::Document;
use domain::answer::{Answer, HandlingRecord, InterimPlan, Outcome};
use domain::workflow::command::Command;
use runtime::http::{Reply, Request};
use runtime::officers::{Asked, Officers, act_for_officer};
use store::DynamoStore;

/// `POST /tickets/{number}/close`.
pub async fn handle(
    store: &DynamoStore,
    officers: &Officers,
    request: Request,
) -> Result<Reply, AppError> {
    act_for_officer(store, officers, &request, asked).await
}

fn asked(request: &Request) -> Result<Asked, AppError> {
    let body = parse::<CloseBody>(&request.body)?;
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
        record: Some(body.record.clone()),
        answer: body.answer.clone(),
        interim: body.interim.clone(),
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
