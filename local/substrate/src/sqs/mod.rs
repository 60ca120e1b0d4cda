//! SQS: rustack's engine behind a journal, so that what was acknowledged survives kill -9.
//!
//! The engine holds the messages that wait; ids, receive counts and dead-letter moves are kept
//! here, because the engine forgets all three when the process ends.

mod front;
mod journal;
mod live;
mod receive;
mod redrive;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, anyhow};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustack_sqs_core::{
    config::SqsConfig, handler::RustackSqsHandler, provider::RustackSqs, queue::extract_queue_name,
};
use rustack_sqs_model::{
    error::SqsError,
    input::{
        ChangeMessageVisibilityInput, CreateQueueInput, DeleteMessageInput, PurgeQueueInput,
        SendMessageInput, SetQueueAttributesInput,
    },
    output::SendMessageOutput,
};
use tokio::sync::Mutex as AsyncMutex;

use self::{
    journal::{Item, Journal, Record},
    live::{Live, LiveItem},
    redrive::RedrivePolicy,
};
use crate::{ACCOUNT_ID, Clock, QueueSpec, REGION};

/// SQS's longest delay.
const MAX_DELAY_SECONDS: u64 = 900;

/// The queues of the laptop.
#[derive(Debug, Clone)]
pub(crate) struct Sqs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Arc<RustackSqs>,
    handler: RustackSqsHandler,
    base_url: String,
    clock: Clock,
    journal: Mutex<Option<Arc<Journal>>>,
    policies: Mutex<BTreeMap<String, Option<RedrivePolicy>>>,
    // INVARIANT: held from before a message enters the engine until it is indexed, so whoever
    // receives it finds it here.
    live: AsyncMutex<Live>,
}

impl Sqs {
    /// Opens the queues: creates those of the template and puts back what the journal holds.
    pub(crate) async fn open(
        folder: &Path,
        queues: &[QueueSpec],
        port: u16,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let folder = folder.to_owned();
        let (journal, mut contents) =
            tokio::task::spawn_blocking(move || Journal::open(&folder)).await??;
        let engine = Arc::new(RustackSqs::new(SqsConfig {
            skip_signature_validation: true,
            default_region: REGION.to_owned(),
            account_id: ACCOUNT_ID.to_owned(),
            host: "127.0.0.1".to_owned(),
            port,
        }));
        let sqs = Self(Arc::new(Inner {
            handler: RustackSqsHandler::new(Arc::clone(&engine)),
            engine,
            base_url: format!("http://127.0.0.1:{port}"),
            clock,
            journal: Mutex::new(Some(Arc::new(journal))),
            policies: Mutex::default(),
            live: AsyncMutex::default(),
        }));
        for queue in queues {
            let mut attributes = queue.attributes.clone();
            attributes.extend(contents.attributes.remove(&queue.name).unwrap_or_default());
            sqs.create(&queue.name, attributes)
                .await
                .with_context(|| format!("cannot create queue `{}`", queue.name))?;
        }
        let mut items: Vec<Item> = contents.items.into_values().collect();
        items.sort_by_key(|item| item.sent_ms);
        for item in items {
            sqs.put_back(item).await?;
        }
        Ok(sqs)
    }

    async fn create(&self, name: &str, attributes: BTreeMap<String, String>) -> anyhow::Result<()> {
        let policy = redrive::policy_of(&attributes)?;
        let attributes = redrive::for_engine(attributes)?;
        self.0
            .engine
            .create_queue(CreateQueueInput {
                queue_name: name.to_owned(),
                attributes: attributes.into_iter().collect(),
                tags: HashMap::new(),
            })
            .await
            .map_err(|error| broken(&error))?;
        self.lock_policies().insert(name.to_owned(), policy);
        Ok(())
    }

    /// Puts a message from the journal back into the engine.
    async fn put_back(&self, mut item: Item) -> anyhow::Result<()> {
        if !self.knows(&item.queue) {
            // It stays in the journal: the queue may come back with the next template.
            tracing::warn!(
                queue = item.queue,
                "a kept message's queue is not in the template"
            );
            return Ok(());
        }
        let wait_ms = item.due_ms.saturating_sub(self.0.clock.real_ms());
        let wait = wait_ms.div_ceil(1000).min(MAX_DELAY_SECONDS);
        item.message.queue_url = self.url(&item.queue);
        item.message.delay_seconds = Some(i32::try_from(wait)?);
        let mut live = self.0.live.lock().await;
        let live_item = LiveItem::of(&item);
        let sent = self
            .0
            .engine
            .send_message(item.message)
            .await
            .map_err(|error| broken(&error))?;
        live.0
            .insert(sent.message_id.unwrap_or_default(), live_item);
        Ok(())
    }

    /// The URL of a queue.
    pub(crate) fn url(&self, queue: &str) -> String {
        format!("{}/{ACCOUNT_ID}/{queue}", self.0.base_url)
    }

    /// Whether there is such a queue.
    pub(crate) fn knows(&self, queue: &str) -> bool {
        self.lock_policies().contains_key(queue)
    }

    fn lock_policies(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Option<RedrivePolicy>>> {
        self.0
            .policies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn journal(&self) -> Result<Arc<Journal>, SqsError> {
        let journal = self
            .0
            .journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        journal
            .clone()
            .ok_or_else(|| SqsError::internal_error("the laptop's SQS is stopping"))
    }

    async fn commit(&self, records: Vec<Record>) -> Result<(), SqsError> {
        self.journal()?
            .commit(records)
            .await
            .map_err(|error| SqsError::internal_error(format!("{error:#}")))
    }

    /// The name of the queue a URL names.
    fn queue_of(&self, url: &str) -> Result<String, SqsError> {
        extract_queue_name(url)
            .filter(|name| self.knows(name))
            .map(str::to_owned)
            .ok_or_else(|| {
                SqsError::non_existent_queue(
                    "The specified queue does not exist for this wsdl version.",
                )
            })
    }

    /// Sends a text; when this returns, the message survives a crash.
    pub(crate) async fn send_text(&self, queue: &str, body: String) -> anyhow::Result<()> {
        let input = SendMessageInput {
            queue_url: self.url(queue),
            message_body: body,
            ..SendMessageInput::default()
        };
        self.send(vec![input])
            .await
            .into_iter()
            .try_for_each(|sent| sent.map(drop).map_err(|error| broken(&error)))
    }

    /// Sends messages, journaled together; one answer for each, in order.
    async fn send(
        &self,
        inputs: Vec<SendMessageInput>,
    ) -> Vec<Result<SendMessageOutput, SqsError>> {
        let items: Vec<_> = inputs.into_iter().map(|input| self.item(input)).collect();
        let puts = items
            .iter()
            .flatten()
            .cloned()
            .map(Box::new)
            .map(Record::Put)
            .collect();
        let committed = self.commit(puts).await;
        let mut answers = Vec::with_capacity(items.len());
        for item in items {
            answers.push(match (item, &committed) {
                (Err(error), _) => Err(error),
                (_, Err(error)) => Err(SqsError::internal_error(error.message.clone())),
                (Ok(item), Ok(())) => self.hand_to_engine(item).await,
            });
        }
        answers
    }

    fn item(&self, message: SendMessageInput) -> Result<Item, SqsError> {
        let queue = self.queue_of(&message.queue_url)?;
        let delay = u64::try_from(message.delay_seconds.unwrap_or(0)).unwrap_or(0);
        Ok(Item {
            id: uuid::Uuid::new_v4().to_string(),
            queue,
            sent_ms: u64::try_from(self.0.clock.now().timestamp_millis()).unwrap_or(0),
            due_ms: self
                .0
                .clock
                .real_ms()
                .saturating_add(delay.saturating_mul(1000)),
            count: 0,
            first_ms: 0,
            source: None,
            message,
        })
    }

    async fn hand_to_engine(&self, item: Item) -> Result<SendMessageOutput, SqsError> {
        let mut live = self.0.live.lock().await;
        let live_item = LiveItem::of(&item);
        let id = item.id;
        match self.0.engine.send_message(item.message).await {
            Ok(mut sent) => {
                let engine_id = sent.message_id.replace(id).unwrap_or_default();
                live.0.insert(engine_id, live_item);
                Ok(sent)
            }
            Err(error) => {
                // The engine refused it, so it must not come back after a restart either.
                self.journal()?.note(vec![Record::Delete { id }]);
                Err(error)
            }
        }
    }

    /// Deletes messages by their receipts; when this returns, they do not come back.
    pub(crate) async fn delete(&self, url: &str, receipts: Vec<String>) -> Result<(), SqsError> {
        let queue = self.queue_of(url)?;
        let mut deleted = Vec::new();
        let mut live = self.0.live.lock().await;
        for receipt_handle in receipts {
            let engine_id = engine_id_of(&receipt_handle)?;
            let input = DeleteMessageInput {
                queue_url: url.to_owned(),
                receipt_handle,
            };
            self.0.engine.delete_message(input).await?;
            if live
                .0
                .get(&engine_id)
                .is_some_and(|item| item.queue == queue)
                && let Some(item) = live.0.remove(&engine_id)
            {
                deleted.push(Record::Delete { id: item.id });
            }
        }
        drop(live);
        self.commit(deleted).await
    }

    /// Sets when a received message becomes visible again.
    pub(crate) async fn change_visibility(
        &self,
        url: &str,
        receipt_handle: String,
        seconds: i32,
    ) -> Result<(), SqsError> {
        let input = ChangeMessageVisibilityInput {
            queue_url: url.to_owned(),
            receipt_handle,
            visibility_timeout: seconds,
        };
        self.0
            .engine
            .change_message_visibility(input)
            .await
            .map(drop)
    }

    async fn purge(&self, input: PurgeQueueInput) -> Result<(), SqsError> {
        let queue = self.queue_of(&input.queue_url)?;
        let mut live = self.0.live.lock().await;
        self.0.engine.purge_queue(input).await?;
        let gone: Vec<_> = live.0.extract_if(|_, item| item.queue == queue).collect();
        drop(live);
        self.commit(
            gone.into_iter()
                .map(|(_, item)| Record::Delete { id: item.id })
                .collect(),
        )
        .await
    }

    async fn set_attributes(&self, input: SetQueueAttributesInput) -> Result<(), SqsError> {
        let queue = self.queue_of(&input.queue_url)?;
        let attributes: BTreeMap<_, _> = input.attributes.into_iter().collect();
        let invalid = |error: anyhow::Error| SqsError::invalid_parameter_value(error.to_string());
        let policy = redrive::policy_of(&attributes).map_err(invalid)?;
        let for_engine = redrive::for_engine(attributes.clone()).map_err(invalid)?;
        self.0
            .engine
            .set_queue_attributes(SetQueueAttributesInput {
                queue_url: input.queue_url,
                attributes: for_engine.into_iter().collect(),
            })
            .await?;
        if attributes.contains_key(redrive::ATTRIBUTE) {
            self.lock_policies().insert(queue.clone(), policy);
        }
        self.commit(vec![Record::Attributes { queue, attributes }])
            .await
    }

    /// Stops the queues, with everything acknowledged on disk.
    pub(crate) async fn close(&self) {
        self.0.engine.shutdown_all().await;
        let journal = self
            .0
            .journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // Another holder is in the middle of a request and drops it as soon as that ends; the
        // thread then ends by itself.
        if let Some(journal) = journal.and_then(Arc::into_inner)
            && tokio::task::spawn_blocking(move || journal.close())
                .await
                .is_err()
        {
            tracing::error!("the queue journal could not be closed");
        }
    }
}

/// The engine writes its message id into the receipt handle.
fn engine_id_of(receipt_handle: &str) -> Result<String, SqsError> {
    STANDARD
        .decode(receipt_handle)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.split_once(':').map(|(id, _)| id.to_owned()))
        .ok_or_else(SqsError::receipt_handle_is_invalid)
}

fn broken(error: &SqsError) -> anyhow::Error {
    anyhow!("{}: {}", error.code.error_type(), error.message)
}
