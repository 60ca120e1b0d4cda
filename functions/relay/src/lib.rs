//! The outbox's other half: new events of a ticket, read from the table's stream, become messages
//! on the queues. At least once; consumers are idempotent by ticket and version.

use app::AppError;
use app::messages::messages;
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
    let messages = messages(&ticket, |version, _| version > before)?;
    relay.suggest.send_all(&messages.suggest).await?;
    relay.notify.send_all(&messages.notify).await
}
