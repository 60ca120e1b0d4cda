//! Receiving: counts that outlive the process, and moves to the dead-letter queue.

use rustack_sqs_model::{
    error::SqsError,
    input::{DeleteMessageInput, ReceiveMessageInput, SendMessageInput},
    types::Message,
};

use super::{Live, LiveItem, Sqs, journal::Record, redrive::RedrivePolicy};
use crate::template::names;

impl Sqs {
    /// Receives messages with all their attributes.
    pub(crate) async fn receive(
        &self,
        mut input: ReceiveMessageInput,
    ) -> Result<Vec<Message>, SqsError> {
        let queue = self.queue_of(&input.queue_url)?;
        input.attribute_names.clear();
        // A message that is moved away takes all its attributes along, asked for or not.
        input.message_attribute_names = vec!["All".to_owned()];
        input.message_system_attribute_names = vec!["All".to_owned()];
        let received = self.0.engine.receive_message(input).await?.messages;
        if received.is_empty() {
            return Ok(received);
        }
        // In a task of its own: a caller that goes away must not leave it half done.
        let sqs = self.clone();
        tokio::spawn(async move { sqs.settle(&queue, received).await })
            .await
            .map_err(|error| SqsError::internal_error(error.to_string()))?
    }

    /// Counts the receipt of messages, and moves those to the dead-letter queue that were
    /// received too often.
    async fn settle(&self, queue: &str, received: Vec<Message>) -> Result<Vec<Message>, SqsError> {
        let journal = self.journal()?;
        let policy = self.lock_policies().get(queue).cloned().flatten();
        let mut delivered = Vec::with_capacity(received.len());
        let mut live = self.0.live.lock().await;
        for mut message in received {
            let engine_id = message.message_id.clone().unwrap_or_default();
            let Some(item) = live.0.get_mut(&engine_id) else {
                // It was deleted by a receipt that the engine no longer knew.
                let receipt_handle = message.receipt_handle.unwrap_or_default();
                let input = DeleteMessageInput {
                    queue_url: self.url(queue),
                    receipt_handle,
                };
                self.0.engine.delete_message(input).await?;
                continue;
            };
            item.count = item.count.saturating_add(1);
            if item.first_ms == 0 {
                item.first_ms = self.0.clock.real_ms();
            }
            if let Some(policy) = &policy
                && item.count > policy.max_receive_count
                && self.knows(&policy.queue)
            {
                let item = item.clone();
                self.bury(&mut live, &engine_id, item, policy, message)
                    .await?;
                continue;
            }
            let LiveItem {
                id,
                count,
                first_ms,
                ..
            } = item.clone();
            journal.note(vec![Record::Receive {
                id: id.clone(),
                count,
                first_ms,
            }]);
            message.message_id = Some(id);
            let attributes = &mut message.attributes;
            let mut set = |name: &str, value: String| attributes.insert(name.to_owned(), value);
            set("ApproximateReceiveCount", count.to_string());
            set("ApproximateFirstReceiveTimestamp", first_ms.to_string());
            set("SentTimestamp", item.sent_ms.to_string());
            if let Some(source) = item.source.clone() {
                set("DeadLetterQueueSourceArn", source);
            }
            delivered.push(message);
        }
        Ok(delivered)
    }

    /// Moves a message to its dead-letter queue.
    async fn bury(
        &self,
        live: &mut Live,
        engine_id: &str,
        mut item: LiveItem,
        policy: &RedrivePolicy,
        message: Message,
    ) -> Result<(), SqsError> {
        let source = names::queue_arn(&item.queue);
        let from = self.url(&item.queue);
        item.queue.clone_from(&policy.queue);
        item.source = Some(source.clone());
        (item.count, item.first_ms) = (0, 0);
        self.commit(vec![Record::Move {
            id: item.id.clone(),
            queue: item.queue.clone(),
            source,
        }])
        .await?;
        let copy = SendMessageInput {
            queue_url: self.url(&policy.queue),
            message_body: message.body.unwrap_or_default(),
            message_attributes: message.message_attributes,
            delay_seconds: Some(0),
            ..SendMessageInput::default()
        };
        let sent = self.0.engine.send_message(copy).await?;
        live.0.remove(engine_id);
        live.0.insert(sent.message_id.unwrap_or_default(), item);
        let receipt_handle = message.receipt_handle.unwrap_or_default();
        self.0
            .engine
            .delete_message(DeleteMessageInput {
                queue_url: from,
                receipt_handle,
            })
            .await?;
        Ok(())
    }
}
