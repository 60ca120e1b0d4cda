//! Sending to queues.

use app::AppError;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

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
