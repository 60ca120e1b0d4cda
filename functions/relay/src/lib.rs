//! The outbox's other half: new events of a ticket, read from the table's stream, become messages
//! on the queues. At least once; consumers are idempotent by ticket and version.

use app::AppError;
use app::messages::{CloudEvent, audience, cloud_event, wants_suggestion};
use cloud::queues::Queue;
use runtime::Setup;
use runtime::events::{StreamRecord, ticket_image};

/// The queues.
#[derive(Debug)]
pub struct Relay {
    suggest: Queue,
    notify: Queue,
}

impl Relay {
    /// From the environment.
    pub fn new(setup: &Setup) -> Result<Self, AppError> {
        let sqs = setup.sdk.sqs();
        let suggest = Queue::new(sqs.clone(), setup.setting("SUGGEST_QUEUE_URL")?);
        let notify = Queue::new(sqs, setup.setting("NOTIFY_QUEUE_URL")?);
        Ok(Self { suggest, notify })
    }
}

/// One record of the stream: everything between the old version and the new one.
pub async fn handle(relay: &Relay, record: StreamRecord) -> Result<(), AppError> {
    let Some(ticket) = ticket_image(&record.change.new_image)? else {
        return Ok(());
    };
    let before = ticket_image(&record.change.old_image)?.map_or(0, |before| before.version());
    let mut to_suggest = Vec::new();
    let mut to_notify = Vec::new();
    for (version, event) in (1..).zip(&ticket.events) {
        if version <= before {
            continue;
        }
        let message = text(&cloud_event(&ticket, version, event))?;
        if wants_suggestion(event.happening.action()) {
            to_suggest.push(message.clone());
        }
        if audience(&event.happening).is_some() {
            to_notify.push(message);
        }
    }
    relay.suggest.send_all(&to_suggest).await?;
    relay.notify.send_all(&to_notify).await
}

fn text(event: &CloudEvent) -> Result<String, AppError> {
    serde_json::to_string(event).map_err(|error| AppError::Broken(error.to_string()))
}
