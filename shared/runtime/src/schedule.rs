//! Scheduled functions: they take the schedule's own time and no other input, so that a late or
//! double run is harmless.

use app::AppError;
use chrono::{DateTime, Utc};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Tick {
    time: DateTime<Utc>,
}

/// Runs `handler` at every tick; what it did becomes the log line and the answer.
pub async fn serve_schedule<H, F, R>(function: &'static str, handler: H) -> Result<(), Error>
where
    H: Fn(DateTime<Utc>) -> F,
    F: Future<Output = Result<R, AppError>>,
    R: std::fmt::Debug,
{
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Tick>| {
        let trace_id = event.context.request_id.as_str();
        match handler(event.payload.time).await {
            Ok(did) => {
                tracing::info!(function, trace_id, did = ?did, "ran");
                Ok(format!("{did:?}"))
            }
            Err(error) => {
                tracing::error!(function, trace_id, error = %error, "run failed");
                Err(Error::from(error.to_string()))
            }
        }
    }))
    .await
}
