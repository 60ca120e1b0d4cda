//! Queue and stream functions: partial failures, one log line a batch.

use app::AppError;
use aws_lambda_events::event::dynamodb::{Event as StreamEvent, EventRecord};
use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use domain::knowledge::KnowledgeEntry;
use domain::problem_group::ProblemGroup;
use domain::supervision::SupervisionCase;
use domain::ticket::Ticket;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::Serialize;

pub use aws_lambda_events::event::dynamodb::EventRecord as StreamRecord;
pub use aws_lambda_events::event::sqs::SqsMessage as Message;

fn failed(ids: Vec<String>) -> SqsBatchResponse {
    let failure = |id| {
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        failure
    };
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = ids.into_iter().map(failure).collect();
    response
}

/// Handles every message of every batch; those that fail come back, the others are done.
pub async fn serve_batch<H, F>(function: &'static str, handler: H) -> Result<(), Error>
where
    H: Fn(SqsMessage) -> F,
    F: Future<Output = Result<(), AppError>>,
{
    lambda_runtime::run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        let trace_id = event.context.request_id.as_str();
        let count = event.payload.records.len();
        let mut failures = Vec::new();
        for message in event.payload.records {
            let id = message.message_id.clone().unwrap_or_default();
            if let Err(error) = handler(message).await {
                tracing::error!(function, trace_id, message = %id, error = %error, "message failed");
                failures.push(id);
            }
        }
        tracing::info!(function, trace_id, messages = count, failed = failures.len(), "batch");
        Ok::<_, Error>(failed(failures))
    }))
    .await
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct StreamAnswer {
    batch_item_failures: Vec<StreamFailure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StreamFailure {
    item_identifier: String,
}

/// Handles stream records in order; the first that fails, and all after it, come back.
pub async fn serve_stream<H, F>(function: &'static str, handler: H) -> Result<(), Error>
where
    H: Fn(EventRecord) -> F,
    F: Future<Output = Result<(), AppError>>,
{
    lambda_runtime::run(service_fn(async |event: LambdaEvent<StreamEvent>| {
        let trace_id = event.context.request_id.as_str();
        let count = event.payload.records.len();
        let mut answer = StreamAnswer::default();
        for record in event.payload.records {
            let at = record.change.sequence_number.clone().unwrap_or_default();
            if let Err(error) = handler(record).await {
                tracing::error!(function, trace_id, sequence = %at, error = %error, "record failed");
                answer.batch_item_failures.push(StreamFailure { item_identifier: at });
                break;
            }
        }
        let failed = answer.batch_item_failures.len();
        tracing::info!(function, trace_id, records = count, failed, "batch");
        Ok::<_, Error>(answer)
    }))
    .await
}

/// The case of supervision in a stream's image; `None` when it is of something else, or there is none.
pub fn case_image(image: &serde_dynamo::Item) -> Result<Option<SupervisionCase>, AppError> {
    store::case_from_image(&image.clone().into())
}

/// The entry of the knowledge base in a stream's image; `None` when it is of something else, or there is
/// none.
pub fn entry_image(image: &serde_dynamo::Item) -> Result<Option<KnowledgeEntry>, AppError> {
    store::entry_from_image(&image.clone().into())
}

/// The problem group in a stream's image; `None` when it is of something else, or there is none.
pub fn group_image(image: &serde_dynamo::Item) -> Result<Option<ProblemGroup>, AppError> {
    store::group_from_image(&image.clone().into())
}

/// The ticket in a stream's image; `None` when there is no image.
pub fn ticket_image(image: &serde_dynamo::Item) -> Result<Option<Ticket>, AppError> {
    if image.is_empty() {
        return Ok(None);
    }
    store::ticket_from_image(&image.clone().into()).map(Some)
}
