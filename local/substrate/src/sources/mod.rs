//! The event sources: what Lambda's pollers and the EventBridge scheduler do in the cloud.

pub(crate) mod filter;
mod queue;
mod schedule;
mod stream;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};

use crate::{Clock, EventSpec, FunctionSpec, Invoke, Outcome, dynamodb::DynamoDb, net, sqs::Sqs};

/// So many batches of a queue are worked on at a time.
const QUEUE_POLLERS: usize = 2;

/// What every event source needs.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) invoker: Arc<dyn Invoke>,
    pub(crate) dynamodb: DynamoDb,
    pub(crate) sqs: Sqs,
    pub(crate) clock: Clock,
    /// Where stream positions are kept.
    pub(crate) checkpoints: PathBuf,
    pub(crate) stop: watch::Receiver<bool>,
}

impl Context {
    fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits; `false` when everything stops meanwhile.
    async fn wait(&self, time: std::time::Duration) -> bool {
        tokio::select! {
            () = net::stopped(self.stop.clone()) => false,
            () = tokio::time::sleep(time) => true,
        }
    }

    /// Calls a function. A call that could not be made at all is told apart from one that failed.
    async fn call(&self, function: &str, event: &Value) -> anyhow::Result<Outcome> {
        let payload = Bytes::from(serde_json::to_vec(event)?);
        let outcome = self.invoker.invoke(function, payload).await;
        match &outcome {
            Ok(Outcome::FunctionError(error)) => {
                let error = String::from_utf8_lossy(error);
                tracing::warn!(function, %error, "a function failed");
            }
            Err(error) => tracing::warn!(function, "a function could not be called: {error:#}"),
            Ok(Outcome::Ok(_)) => {}
        }
        outcome
    }
}

/// Starts the event sources of a function.
pub(crate) fn spawn(tasks: &mut JoinSet<()>, context: &Context, function: &FunctionSpec) {
    let name = &function.logical_id;
    for event in &function.events {
        match event.clone() {
            EventSpec::Api { .. } => {}
            EventSpec::Sqs {
                queue,
                batch_size,
                partial,
                batching_window,
            } => {
                let source = queue::Source {
                    function: name.clone(),
                    queue,
                    batch_size: usize::from(batch_size),
                    partial,
                    batching_window,
                };
                for _ in 0..QUEUE_POLLERS {
                    tasks.spawn(queue::run(context.clone(), source.clone()));
                }
            }
            EventSpec::Stream { table, .. } => {
                tasks.spawn(stream::run(
                    context.clone(),
                    name.clone(),
                    table,
                    event.clone(),
                ));
            }
            EventSpec::Schedule {
                name: schedule,
                every,
            } => {
                tasks.spawn(schedule::run(
                    context.clone(),
                    name.clone(),
                    schedule,
                    every,
                ));
            }
        }
    }
}

/// The failed items a function reports: `Some(empty)` when all is well, `None` when the report
/// cannot be read, which makes all of them failed.
fn reported_failures(payload: &[u8]) -> Option<Vec<String>> {
    if payload.is_empty() {
        return Some(Vec::new());
    }
    let report: Value = serde_json::from_slice(payload).ok()?;
    match report.get("batchItemFailures") {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(failures) => failures
            .as_array()?
            .iter()
            .map(|failure| {
                let id = failure.get("itemIdentifier")?.as_str()?;
                (!id.is_empty()).then(|| id.to_owned())
            })
            .collect(),
    }
}
