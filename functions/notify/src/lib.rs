//! Notifies (Art. 8(4), 13(4); R-HD-12): the appellant the way they named, officers through their
//! unit. Standard Webhooks to the city's messaging gateway, signed, retried with a ladder; what
//! fails for good is on record with the ticket and in the dead-letter queue.

mod matter;
mod message;

use std::time::Duration;

use access::secrets::KeySet;
use access::webhook::{self, Delivery as Verdict, allowed_endpoint, classify, delay_after, hop};
use app::AppError;
use app::act::{Wish, act_on, find};
use app::messages::CloudEvent;
use app::notices::{Notice, notices};
use app::ports::{Delivery, Store as _, Vault as _};
use cloud::http::Http;
use cloud::queues::Queue;
use domain::audit::Actor;
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::command::Command;
use runtime::Setup;
use runtime::events::Message;
use serde::{Deserialize, Serialize};
use store::{DynamoStore, OpenVault};

/// How long the gateway may take.
const GATEWAY_TIMEOUT: Duration = Duration::from_secs(5);

/// What notifying needs.
#[derive(Debug)]
pub struct Notifier {
    /// The ticket store.
    pub store: DynamoStore,
    vault: OpenVault,
    keys: KeySet,
    http: Http,
    endpoint: String,
    queue: Queue,
    dead_letters: Queue,
}

impl Notifier {
    /// From the environment. The gateway's address is checked first: personal data goes there.
    pub async fn new(setup: &Setup) -> Result<Self, AppError> {
        let endpoint = setup.setting("NOTIFY_ENDPOINT")?;
        allowed_endpoint(&endpoint, setup.stage == "production")
            .map_err(|refusal| AppError::Broken(format!("NOTIFY_ENDPOINT: {refusal}")))?;
        let keys = cloud::secrets::keys(&setup.sdk, &setup.setting("KEYS")?).await?;
        let sqs = setup.sdk.sqs();
        Ok(Self {
            store: setup.store()?,
            vault: runtime::opening::open_vault(setup, &keys)?,
            keys,
            http: Http::new(GATEWAY_TIMEOUT),
            endpoint,
            queue: Queue::new(sqs.clone(), setup.setting("NOTIFY_QUEUE_URL")?),
            dead_letters: Queue::new(sqs, setup.setting("NOTIFY_DEAD_LETTER_QUEUE_URL")?),
        })
    }
}

/// A notification on its way: the event, how often it was tried, how long it still waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Envelope {
    #[serde(flatten)]
    event: CloudEvent,
    #[serde(default)]
    attempts: u32,
    #[serde(default)]
    wait_seconds: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// One event, or one more try at it.
pub async fn handle(notifier: &Notifier, message: Message) -> Result<(), AppError> {
    let body = message.body.unwrap_or_default();
    let envelope: Envelope =
        serde_json::from_str(&body).map_err(|error| AppError::Malformed(error.to_string()))?;
    if envelope.wait_seconds > 0 {
        return wait(notifier, envelope).await;
    }
    let Ok(number) = TicketNumber::parse(&envelope.event.data.number) else {
        return tell(notifier, envelope).await;
    };
    let ticket = find(&notifier.store, &number).await?;
    let index = usize::try_from(envelope.event.data.version).unwrap_or_default();
    let event = index
        .checked_sub(1)
        .and_then(|index| ticket.events.get(index));
    let event = event.ok_or_else(|| AppError::Malformed("no such event".to_owned()))?;
    let which = envelope.event.data.notice.unwrap_or(1);
    let which = usize::try_from(which).unwrap_or_default().saturating_sub(1);
    let Some(notice) = notices(&ticket, event).into_iter().nth(which) else {
        return Ok(());
    };
    // Whose personal data was erased, to them nothing can be sent.
    if notice == Notice::Appellant && ticket.erased_at.is_some() {
        return Ok(());
    }
    if arrived_before(notifier, &ticket, &envelope.event.id, &notice).await? {
        return Ok(());
    }
    let sent = send(notifier, &ticket, event, &notice, &envelope.event.id).await?;
    conclude(notifier, ticket, &notice, envelope, sent).await
}

/// Tells of a case, an entry or a group: those whom it concerns, in their unit.
async fn tell(notifier: &Notifier, mut envelope: Envelope) -> Result<(), AppError> {
    let reference = notifier.store.reference(runtime::clock::now()).await?;
    let data = &envelope.event.data;
    let told = matter::told(&notifier.store, &reference, &data.number, data.version).await?;
    let Some((told, words)) = told else {
        return Ok(());
    };
    let id = envelope.event.id.clone();
    let body = message::to_unit(&id, &data.number, &told, &words)?;
    let sent = post(notifier, &id, body).await?;
    settle(notifier, &mut envelope, &sent).await.map(|_| ())
}

async fn wait(notifier: &Notifier, mut envelope: Envelope) -> Result<(), AppError> {
    let hop = hop(Duration::from_secs(envelope.wait_seconds));
    envelope.wait_seconds = hop.remaining.as_secs();
    let delay = i32::try_from(hop.delay.as_secs()).unwrap_or(i32::MAX);
    notifier.queue.send(&text(&envelope)?, delay).await
}

/// Deliveries to appellants are on record; a repeated message finds its own.
async fn arrived_before(
    notifier: &Notifier,
    ticket: &Ticket,
    id: &str,
    notice: &Notice,
) -> Result<bool, AppError> {
    if *notice != Notice::Appellant {
        return Ok(false);
    }
    let dossier = notifier.store.dossier(&ticket.number.key()).await?;
    Ok(dossier
        .deliveries
        .iter()
        .any(|delivery| delivery.id == id && delivery.arrived))
}

async fn send(
    notifier: &Notifier,
    ticket: &Ticket,
    event: &domain::audit::Event,
    notice: &Notice,
    id: &str,
) -> Result<(Verdict, String), AppError> {
    let now = runtime::clock::now();
    let reference = notifier.store.reference(now).await?;
    let appellant = match notice {
        Notice::Appellant => notifier.vault.appellant(ticket).await?,
        _ => None,
    };
    let parts = message::Parts {
        ticket,
        event,
        notice,
        appellant,
        reference: &reference,
        id,
    };
    let body = message::compose(&parts)?;
    post(notifier, id, body).await
}

/// Signs a message and hands it to the gateway.
async fn post(notifier: &Notifier, id: &str, body: Vec<u8>) -> Result<(Verdict, String), AppError> {
    let now = runtime::clock::now();
    let signed = webhook::Message {
        id,
        timestamp: now.timestamp(),
        body: &body,
    };
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", now.timestamp().to_string()),
        (
            "webhook-signature",
            webhook::sign(&signed, &notifier.keys.webhook_secrets),
        ),
    ];
    Ok(
        match notifier
            .http
            .post(&notifier.endpoint, &headers, body.clone())
            .await
        {
            Ok((status, _)) => (classify(status), format!("网关应答{status}")),
            Err(AppError::Unavailable(_)) => (Verdict::Retry, "网关无法连接".to_owned()),
            Err(error) => return Err(error),
        },
    )
}

/// What becomes of a message that was sent: nothing is said of one that is tried again later, else
/// whether it arrived. One that did not is put aside where somebody sees it.
async fn settle(
    notifier: &Notifier,
    envelope: &mut Envelope,
    (verdict, outcome): &(Verdict, String),
) -> Result<Option<bool>, AppError> {
    envelope.attempts += 1;
    let arrived = *verdict == Verdict::Done;
    if *verdict == Verdict::Retry
        && let Some(delay) = delay_after(envelope.attempts, jitter(envelope))
    {
        envelope.wait_seconds = delay.as_secs();
        wait(notifier, envelope.clone()).await?;
        return Ok(None);
    }
    if !arrived {
        envelope.reason = Some(outcome.clone());
        notifier.dead_letters.send(&text(envelope)?, 0).await?;
        let (about, id) = (&envelope.event.subject, &envelope.event.id);
        tracing::error!(%about, %id, outcome, "delivery failed");
    }
    Ok(Some(arrived))
}

async fn conclude(
    notifier: &Notifier,
    ticket: Ticket,
    notice: &Notice,
    mut envelope: Envelope,
    sent: (Verdict, String),
) -> Result<(), AppError> {
    let Some(arrived) = settle(notifier, &mut envelope, &sent).await? else {
        return Ok(());
    };
    if arrived && *notice != Notice::Appellant {
        return Ok(());
    }
    let version = envelope.event.data.version;
    let delivery = Delivery {
        id: envelope.event.id,
        arrived,
        attempts: envelope.attempts,
        at: runtime::clock::now(),
        outcome: sent.1,
    };
    let key = ticket.number.key();
    notifier.store.put_delivery(&key, &delivery).await?;
    if !arrived && *notice == Notice::Appellant {
        note_undelivered(notifier, ticket, version).await?;
    }
    Ok(())
}

/// An answer that did not arrive is somebody's task (R-HD-12). Notices of other events need none:
/// what they say stands on the appellant's page.
async fn note_undelivered(
    notifier: &Notifier,
    ticket: Ticket,
    version: u32,
) -> Result<(), AppError> {
    let wish = Wish {
        number: ticket.number.clone(),
        command: Command::NoteUndelivered { version },
        documents: Vec::new(),
        originals: Vec::new(),
        seen_version: None,
        at: runtime::clock::now(),
    };
    match act_on(&notifier.store, ticket, &wish, &|_| Ok(Actor::System)).await {
        // Not closed (any more), or reported already: nothing is left to do.
        Ok(_) | Err(AppError::Refused { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Spreads retries: a number from 0 to 1000 that follows from the message, so no chance is needed.
fn jitter(envelope: &Envelope) -> u64 {
    let bytes = envelope.event.id.bytes();
    bytes.fold(u64::from(envelope.attempts), |sum, byte| {
        sum * 31 % 1001 + u64::from(byte)
    }) % 1001
}

fn text(envelope: &Envelope) -> Result<String, AppError> {
    serde_json::to_string(envelope).map_err(|error| AppError::Broken(error.to_string()))
}
