//! Suggests (R-TR-2): managing unit by channel, emergency and statutory signs, likely units by the
//! duty list, each with its evidence. A person decides.

use api::answers::appeal_text;
use app::AppError;
use app::act::find;
use app::messages::CloudEvent;
use app::ports::Store as _;
use domain::calendar::shanghai_date;
use domain::signs::{Clues, suggest};
use domain::ticket::TicketNumber;
use runtime::events::Message;
use store::DynamoStore;

/// One `submit` event. A repeated message changes nothing: what the desk has seen stays, also when
/// the duty list has changed since.
pub async fn handle(store: &DynamoStore, message: Message) -> Result<(), AppError> {
    let body = message.body.unwrap_or_default();
    let event: CloudEvent =
        serde_json::from_str(&body).map_err(|error| AppError::Malformed(error.to_string()))?;
    let number = TicketNumber::parse(&event.data.number);
    let number = number.map_err(|error| AppError::Malformed(error.to_string()))?;
    let ticket = find(store, &number).await?;
    let dossier = store.dossier(&number.key()).await?;
    if dossier.suggestion.is_some() {
        return Ok(());
    }
    let now = runtime::clock::now();
    let reference = store.reference(now).await?;
    let (title, text) = appeal_text(&ticket, &dossier);
    let submission = &ticket.submission;
    let channel = reference.registry.channel(&submission.channel);
    let channel =
        channel.ok_or_else(|| AppError::Broken("a ticket's channel is unknown".into()))?;
    let clues = Clues {
        text: &format!("{}\n{text}", title.unwrap_or_default()),
        subject: submission.subject,
        service_item: submission.service_item.as_deref(),
        area: submission.area.as_deref(),
    };
    let suggestion = suggest(&reference.registry, channel, clues, shanghai_date(now));
    store.put_suggestion(&number.key(), &suggestion).await
}
