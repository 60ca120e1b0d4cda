//! Queues: sending, and taking off what was dealt with.

use app::AppError;
use app::ports::Waiting;
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, SendMessageBatchRequestEntry};

/// Messages of one batch call.
const BATCH: usize = 10;

/// One queue.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

fn unavailable<E: std::error::Error>(error: E) -> AppError {
    AppError::Unavailable(DisplayErrorContext(error).to_string())
}

impl Queue {
    /// The queue at `url`.
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Sends one message, to be seen after `delay_seconds`.
    pub async fn send(&self, body: &str, delay_seconds: i32) -> Result<(), AppError> {
        let request = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(body);
        request
            .delay_seconds(delay_seconds)
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// Sends all, in batches; an error means that some may have gone and all must be sent again.
    pub async fn send_all(&self, bodies: &[String]) -> Result<(), AppError> {
        for chunk in bodies.chunks(BATCH) {
            let mut request = self.client.send_message_batch().queue_url(&self.url);
            for (index, body) in chunk.iter().enumerate() {
                let entry = SendMessageBatchRequestEntry::builder().id(index.to_string());
                let entry = entry.message_body(body).build();
                let entry = entry.map_err(|error| AppError::Broken(error.to_string()))?;
                request = request.entries(entry);
            }
            let answer = request.send().await.map_err(unavailable)?;
            if let Some(failed) = answer.failed().first() {
                return Err(AppError::Unavailable(format!(
                    "queue refused: {}",
                    failed.code()
                )));
            }
        }
        Ok(())
    }
}

/// Receiving, for who is not called by the queue itself.
#[async_trait]
impl Waiting for Queue {
    async fn some(&self) -> Result<Vec<(String, String)>, AppError> {
        let request = self.client.receive_message().queue_url(&self.url);
        // Long enough to ask every part of the queue: an empty answer says that nothing waits.
        let request = request.max_number_of_messages(10).wait_time_seconds(1);
        let answer = request.send().await.map_err(unavailable)?;
        let messages = answer.messages.unwrap_or_default().into_iter();
        let parts = messages.filter_map(|message| Some((message.body?, message.receipt_handle?)));
        Ok(parts.collect())
    }

    async fn done(&self, receipts: Vec<String>) -> Result<(), AppError> {
        for chunk in receipts.chunks(BATCH) {
            let mut request = self.client.delete_message_batch().queue_url(&self.url);
            for (index, receipt) in chunk.iter().enumerate() {
                let entry = DeleteMessageBatchRequestEntry::builder().id(index.to_string());
                let entry = entry.receipt_handle(receipt).build();
                request = request.entries(entry.map_err(|e| AppError::Broken(e.to_string()))?);
            }
            // One that is not taken off comes again.
            request.send().await.map_err(unavailable)?;
        }
        Ok(())
    }
}
