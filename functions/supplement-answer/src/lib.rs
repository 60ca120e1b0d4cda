//! 补充材料 (Art. 8(3), 13(3); R-HD-7): the appellant answers the list item by item, by number and
//! query code, without signing in.

use api::requests::{SupplementAnswerBody, own_words, parse, uploads};
use app::AppError;
use app::act::Wish;
use app::error::FieldError;
use app::originals::words;
use app::ports::Store as _;
use chrono::{DateTime, Utc};
use domain::ids::UploadId;
use domain::ticket::Ticket;
use domain::workflow::command::Command;
use runtime::appellant::{Appellants, act_for_appellant, appeal};
use runtime::http::{Reply, Request};
use store::DynamoStore;

/// `POST /appeals/{number}/supplement`.
pub async fn handle(
    store: &DynamoStore,
    appellants: &Appellants,
    request: Request,
) -> Result<Reply, AppError> {
    let ticket = appeal(store, appellants, &request).await?;
    let body = parse::<SupplementAnswerBody>(&request.body)?;
    let attachments = uploads("/attachments", &body.attachments)?;
    check_uploads(store, &ticket, &attachments, request.at).await?;
    let text = own_words("/text", body.text)?;
    let words = words(&ticket, text)?;
    let wish = Wish {
        number: ticket.number.clone(),
        command: Command::AnswerSupplement {
            items: body.items,
            attachments,
            text: words.text,
        },
        documents: words.documents,
        originals: words.originals,
        seen_version: None,
        at: request.at,
    };
    act_for_appellant(store, ticket, &wish).await
}

/// What was granted to the channel through which the appeal came, and no more than the rulebook
/// allows.
async fn check_uploads(
    store: &DynamoStore,
    ticket: &Ticket,
    uploads: &[UploadId],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let reference = store.reference(now).await?;
    let most = ticket.rulebook(&reference.timetable).attachments;
    let mut wrong = Vec::new();
    if uploads.len() > most {
        let detail = format!("附件最多{most}个");
        wrong.push(FieldError::new("/attachments", detail));
    }
    for (index, id) in uploads.iter().enumerate().take(most) {
        let granted = store.attachment(id).await?;
        let is_ours = granted.is_some_and(|granted| granted.channel == ticket.submission.channel);
        if !is_ours || ticket.attachments().any(|known| known == id) {
            let detail = "没有这个上传编号，请重新上传后再提交";
            wrong.push(FieldError::new(format!("/attachments/{index}"), detail));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(AppError::Invalid(wrong))
    }
}
