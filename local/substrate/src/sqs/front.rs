//! SQS over HTTP: requests that change or count messages go through the journal, all others to
//! the engine as they are.

use std::{future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use hyper::service::Service as _;
use rustack_sqs_http::{
    body::SqsResponseBody,
    dispatch::SqsHandler,
    response::json_response,
    service::{SqsHttpConfig, SqsHttpService},
};
use rustack_sqs_model::{
    error::{SqsError, SqsErrorCode},
    input::{
        CreateQueueInput, DeleteMessageBatchInput, DeleteMessageInput, GetQueueAttributesInput,
        ReceiveMessageInput, SendMessageBatchInput, SendMessageInput,
    },
    operations::SqsOperation,
    output::{
        CreateQueueOutput, DeleteMessageBatchOutput, ReceiveMessageOutput, SendMessageBatchOutput,
    },
    types::{BatchResultErrorEntry, DeleteMessageBatchResultEntry, SendMessageBatchResultEntry},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;

use super::{Sqs, redrive};
use crate::{REGION, net};

type Answer = Result<http::Response<SqsResponseBody>, SqsError>;

/// SQS's largest batch.
const MAX_BATCH: usize = 10;

impl Sqs {
    /// Serves the queues over HTTP until everything stops.
    pub(crate) async fn serve(
        self,
        listener: tokio::net::TcpListener,
        stop: watch::Receiver<bool>,
    ) {
        let config = SqsHttpConfig {
            skip_signature_validation: true,
            region: REGION.to_owned(),
            credential_provider: None,
        };
        let service = SqsHttpService::new(Arc::new(self), config);
        net::serve(listener, stop, move |request| {
            let answer = service.call(request);
            async move { answer.await.map_err(anyhow::Error::from) }
        })
        .await;
    }

    async fn answer(&self, operation: SqsOperation, body: Bytes) -> Answer {
        match operation {
            SqsOperation::SendMessage => {
                let input: SendMessageInput = read(&body)?;
                let sent = self.send(vec![input]).await.pop();
                write(&sent.ok_or_else(|| SqsError::internal_error("no answer"))??)
            }
            SqsOperation::SendMessageBatch => write(&self.send_batch(read(&body)?).await?),
            SqsOperation::ReceiveMessage => write(&self.receive_some(read(&body)?).await?),
            SqsOperation::DeleteMessage => {
                let input: DeleteMessageInput = read(&body)?;
                self.delete(&input.queue_url, vec![input.receipt_handle])
                    .await?;
                write(&serde_json::json!({}))
            }
            SqsOperation::DeleteMessageBatch => write(&self.delete_batch(read(&body)?).await?),
            SqsOperation::PurgeQueue => {
                self.purge(read(&body)?).await?;
                write(&serde_json::json!({}))
            }
            SqsOperation::SetQueueAttributes => {
                self.set_attributes(read(&body)?).await?;
                write(&serde_json::json!({}))
            }
            SqsOperation::GetQueueAttributes => {
                let input: GetQueueAttributesInput = read(&body)?;
                let queue = self.queue_of(&input.queue_url)?;
                let mut output = self.0.engine.get_queue_attributes(input).await?;
                let policy = self.lock_policies().get(&queue).cloned().flatten();
                redrive::from_engine(&mut output.attributes, &queue, policy.as_ref());
                write(&output)
            }
            SqsOperation::CreateQueue => {
                let input: CreateQueueInput = read(&body)?;
                if !self.knows(&input.queue_name) {
                    return Err(from_the_template());
                }
                write(&CreateQueueOutput {
                    queue_url: Some(self.url(&input.queue_name)),
                })
            }
            SqsOperation::DeleteQueue => Err(from_the_template()),
            other => self.0.handler.handle_operation(other, body).await,
        }
    }

    async fn send_batch(
        &self,
        input: SendMessageBatchInput,
    ) -> Result<SendMessageBatchOutput, SqsError> {
        self.queue_of(&input.queue_url)?;
        check_batch(input.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut ids = Vec::new();
        let mut messages = Vec::new();
        for entry in input.entries {
            ids.push(entry.id);
            messages.push(SendMessageInput {
                queue_url: input.queue_url.clone(),
                message_body: entry.message_body,
                delay_seconds: entry.delay_seconds,
                message_deduplication_id: entry.message_deduplication_id,
                message_group_id: entry.message_group_id,
                message_attributes: entry.message_attributes,
                message_system_attributes: entry.message_system_attributes,
            });
        }
        let mut output = SendMessageBatchOutput::default();
        for (id, sent) in ids.into_iter().zip(self.send(messages).await) {
            match sent {
                Ok(sent) => output.successful.push(SendMessageBatchResultEntry {
                    id,
                    message_id: sent.message_id.unwrap_or_default(),
                    md5_of_message_body: sent.md5_of_message_body.unwrap_or_default(),
                    md5_of_message_attributes: sent.md5_of_message_attributes,
                    sequence_number: None,
                }),
                Err(error) => output.failed.push(failed(id, error)),
            }
        }
        Ok(output)
    }

    async fn receive_some(
        &self,
        input: ReceiveMessageInput,
    ) -> Result<ReceiveMessageOutput, SqsError> {
        let wanted: Vec<String> = [
            input.attribute_names.clone(),
            input.message_system_attribute_names.clone(),
        ]
        .concat();
        let own = input.message_attribute_names.clone();
        let mut messages = self.receive(input).await?;
        let all = wanted.iter().any(|name| name == "All");
        let own_all = own.iter().any(|name| name == "All" || name == ".*");
        for message in &mut messages {
            message
                .attributes
                .retain(|name, _| all || wanted.contains(name));
            message
                .message_attributes
                .retain(|name, _| own_all || own.contains(name));
        }
        Ok(ReceiveMessageOutput { messages })
    }

    async fn delete_batch(
        &self,
        input: DeleteMessageBatchInput,
    ) -> Result<DeleteMessageBatchOutput, SqsError> {
        check_batch(input.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut output = DeleteMessageBatchOutput::default();
        let mut receipts = Vec::new();
        for entry in input.entries {
            match super::engine_id_of(&entry.receipt_handle) {
                Ok(_) => {
                    receipts.push(entry.receipt_handle);
                    output
                        .successful
                        .push(DeleteMessageBatchResultEntry { id: entry.id });
                }
                Err(error) => output.failed.push(failed(entry.id, error)),
            }
        }
        self.delete(&input.queue_url, receipts).await?;
        Ok(output)
    }
}

impl SqsHandler for Sqs {
    fn handle_operation(
        &self,
        operation: SqsOperation,
        body: Bytes,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let sqs = self.clone();
        if matches!(operation, SqsOperation::ReceiveMessage) {
            // A caller that goes away ends its long poll.
            return Box::pin(async move { sqs.answer(operation, body).await });
        }
        Box::pin(async move {
            // In a task of its own: a caller that goes away must not leave it half done.
            tokio::spawn(async move { sqs.answer(operation, body).await })
                .await
                .map_err(|error| SqsError::internal_error(error.to_string()))?
        })
    }
}

fn check_batch<'a>(ids: impl Iterator<Item = &'a str>) -> Result<(), SqsError> {
    let ids: Vec<_> = ids.collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    if ids.is_empty() {
        return Err(SqsError::empty_batch_request());
    }
    if ids.len() > MAX_BATCH {
        return Err(SqsError::too_many_entries_in_batch());
    }
    if distinct.len() < ids.len() {
        return Err(SqsError::batch_entry_ids_not_distinct());
    }
    Ok(())
}

fn failed(id: String, error: SqsError) -> BatchResultErrorEntry {
    BatchResultErrorEntry {
        id,
        sender_fault: error.code.is_sender_fault(),
        code: error.code.error_type().to_owned(),
        message: Some(error.message),
    }
}

fn from_the_template() -> SqsError {
    SqsError::new(
        SqsErrorCode::UnsupportedOperation,
        "The laptop's queues are those of the template.",
    )
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, SqsError> {
    serde_json::from_slice(body)
        .map_err(|error| SqsError::invalid_parameter_value(format!("Malformed request: {error}")))
}

fn write<T: Serialize>(output: &T) -> Answer {
    let json =
        serde_json::to_vec(output).map_err(|error| SqsError::internal_error(error.to_string()))?;
    Ok(json_response(json, &uuid::Uuid::new_v4().to_string()))
}
