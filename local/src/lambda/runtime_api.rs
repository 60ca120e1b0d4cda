//! The Lambda Runtime API of one function process: it fetches its next job here and posts the
//! answer back. One loopback listener a process, because `AWS_LAMBDA_RUNTIME_API` has no path.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::StatusCode;
use substrate::Outcome;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};

/// Lambda's own limit of an answer, with room for the envelope.
const ANSWER_LIMIT_BYTES: usize = 7 * 1024 * 1024;

/// One invocation on its way to a process.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    pub(super) timeout: Duration,
    /// Told when the process has fetched the job.
    pub(super) taken: oneshot::Sender<()>,
    pub(super) answer: oneshot::Sender<Outcome>,
}

/// What the pool keeps of a listener.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    pub(super) address: String,
    pub(super) jobs: mpsc::Sender<Job>,
    /// True once the process has asked for work: its initialisation is over.
    pub(super) ready: watch::Receiver<bool>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[derive(Debug)]
struct Slot {
    arn: String,
    jobs: tokio::sync::Mutex<mpsc::Receiver<Job>>,
    running: Mutex<Option<(String, oneshot::Sender<Outcome>)>>,
    ready: watch::Sender<bool>,
}

impl RuntimeApi {
    /// Listens for the one process of a function whose ARN is `arn`.
    pub(super) async fn listen(arn: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (jobs, inbox) = mpsc::channel(1);
        let (ready, is_ready) = watch::channel(false);
        let slot = Slot {
            arn,
            jobs: inbox.into(),
            running: Mutex::new(None),
            ready,
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .layer(DefaultBodyLimit::max(ANSWER_LIMIT_BYTES))
            .with_state(Arc::new(slot));
        let server = tokio::spawn(async move {
            // Ends only by abort, when the process is gone.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            jobs,
            ready: is_ready,
            server,
        })
    }
}

async fn next(State(slot): State<Arc<Slot>>) -> Result<Response, StatusCode> {
    slot.ready.send_replace(true);
    let job = slot
        .jobs
        .lock()
        .await
        .recv()
        .await
        .ok_or(StatusCode::GONE)?;
    let deadline = wall_clock_ms().saturating_add(job.timeout.as_millis());
    let trace = format!("Root=1-{}", job.request_id);
    *slot.running() = Some((job.request_id.clone(), job.answer));
    let _ = job.taken.send(());
    Response::builder()
        .header("Lambda-Runtime-Aws-Request-Id", &job.request_id)
        .header("Lambda-Runtime-Deadline-Ms", deadline.to_string())
        .header("Lambda-Runtime-Invoked-Function-Arn", &slot.arn)
        .header("Lambda-Runtime-Trace-Id", trace)
        .header("Content-Type", "application/json")
        .body(Body::from(job.payload))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn response(slot: State<Arc<Slot>>, id: Path<String>, body: Bytes) -> StatusCode {
    slot.finish(&id, Outcome::Ok(body))
}

async fn error(slot: State<Arc<Slot>>, id: Path<String>, body: Bytes) -> StatusCode {
    slot.finish(&id, Outcome::FunctionError(body))
}

/// The process says why it cannot start; it exits next, and the log has its words.
async fn init_error(body: Bytes) -> StatusCode {
    tracing::warn!(error = %String::from_utf8_lossy(&body), "a function could not start");
    StatusCode::ACCEPTED
}

impl Slot {
    fn running(&self) -> std::sync::MutexGuard<'_, Option<(String, oneshot::Sender<Outcome>)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish(&self, id: &str, outcome: Outcome) -> StatusCode {
        let mut running = self.running();
        let Some((_, answer)) = running.take_if(|(request_id, _)| request_id == id) else {
            return StatusCode::BAD_REQUEST;
        };
        // The asker may have given up at the timeout.
        let _ = answer.send(outcome);
        StatusCode::ACCEPTED
    }
}

/// The runtime compares its deadline with the machine's clock, which is never moved.
fn wall_clock_ms() -> u128 {
    #[expect(
        clippy::disallowed_methods,
        reason = "the deadline is on the machine's clock"
    )]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis()
}
