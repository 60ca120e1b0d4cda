//! The embedded AWS services and event sources of the laptop cloud, started from
//! `infra/template.yaml`: DynamoDB with Streams, S3 and SQS on loopback ports, and the
//! pollers and schedules that call functions as Lambda's own event sources would.
//!
//! How functions run is not decided here: whoever starts the substrate hands in an [`Invoke`].

mod clock;
mod dynamodb;
mod net;
mod s3;
mod sources;
mod sqs;
mod template;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::{sync::watch, task::JoinSet};

use crate::{dynamodb::DynamoDb, s3::S3, sqs::Sqs};

pub use clock::Clock;
pub use template::{
    BucketSpec, CorsRule, EventSpec, FunctionSpec, Notification, QueueSpec, TableSpec, Template,
};

/// The one access key the laptop's S3 accepts.
pub const ACCESS_KEY_ID: &str = "LAPTOPCLOUD000000001";
/// The secret of [`ACCESS_KEY_ID`]; it guards nothing beyond this machine's loopback.
pub const SECRET_ACCESS_KEY: &str = "laptop-cloud-secret-key-not-a-secret";
/// The region every laptop service says it is in.
pub const REGION: &str = "cn-north-1";
/// The partition of [`REGION`].
pub const PARTITION: &str = "aws-cn";
/// The account every laptop resource belongs to.
pub const ACCOUNT_ID: &str = "000000000000";

/// How long running calls may take once everything stops.
const SHUTDOWN: Duration = Duration::from_secs(5);

/// What a function's invocation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The function answered with this payload.
    Ok(Bytes),
    /// The function failed (error, timeout or crash); the payload is Lambda's error document.
    FunctionError(Bytes),
}

/// Runs a function of the template.
#[async_trait]
pub trait Invoke: Send + Sync + 'static {
    /// Calls `function` (a logical id) with `payload` and waits for its outcome. `Err` is for a
    /// call that could not be made at all; event sources retry it.
    async fn invoke(&self, function: &str, payload: Bytes) -> anyhow::Result<Outcome>;
}

/// The loopback ports of the services.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// DynamoDB and DynamoDB Streams.
    pub dynamodb: u16,
    /// S3, path style.
    pub s3: u16,
    /// SQS.
    pub sqs: u16,
}

/// The services' URLs, as `AWS_ENDPOINT_URL_*` wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// DynamoDB and DynamoDB Streams.
    pub dynamodb: String,
    /// S3, path style.
    pub s3: String,
    /// SQS.
    pub sqs: String,
}

impl From<Ports> for Endpoints {
    fn from(ports: Ports) -> Self {
        let url = |port: u16| format!("http://127.0.0.1:{port}");
        Self {
            dynamodb: url(ports.dynamodb),
            s3: url(ports.s3),
            sqs: url(ports.sqs),
        }
    }
}

/// The running services.
pub struct Substrate {
    endpoints: Endpoints,
    state: PathBuf,
    clock: Clock,
    dynamodb: DynamoDb,
    sqs: Sqs,
    stop: watch::Sender<bool>,
    tasks: Mutex<JoinSet<()>>,
}

impl fmt::Debug for Substrate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Substrate")
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

impl Substrate {
    /// Starts the services on loopback, with their state under `state`, and creates what the
    /// template declares and the state does not hold yet.
    pub async fn start(
        template: &Template,
        state: &Path,
        ports: Ports,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        // All ports first: a second start must fail before it touches the state.
        let dynamodb_port = net::listen(ports.dynamodb).await?;
        let s3_port = net::listen(ports.s3).await?;
        let sqs_port = net::listen(ports.sqs).await?;
        let dynamodb = DynamoDb::open(&state.join("dynamodb"), template.tables()).await?;
        let sqs = Sqs::open(
            &state.join("sqs"),
            template.queues(),
            ports.sqs,
            clock.clone(),
        )
        .await?;
        let s3 = S3::open(
            &state.join("s3"),
            template.buckets(),
            sqs.clone(),
            clock.clone(),
        )?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(dynamodb.clone().serve(dynamodb_port, stopped.clone()));
        tasks.spawn(dynamodb.clone().sweep(stopped.clone()));
        tasks.spawn(s3.serve(s3_port, stopped.clone()));
        tasks.spawn(sqs.clone().serve(sqs_port, stopped));
        Ok(Self {
            endpoints: ports.into(),
            state: state.to_owned(),
            clock,
            dynamodb,
            sqs,
            stop,
            tasks: Mutex::new(tasks),
        })
    }

    /// Where the services listen.
    pub fn endpoints(&self) -> Endpoints {
        self.endpoints.clone()
    }

    /// Starts every poller and schedule of the template; they run until [`Self::shutdown`]. It
    /// must be called inside a Tokio runtime.
    pub fn spawn_sources(&self, template: &Template, invoker: Arc<dyn Invoke>) {
        let context = sources::Context {
            invoker,
            dynamodb: self.dynamodb.clone(),
            sqs: self.sqs.clone(),
            clock: self.clock.clone(),
            checkpoints: self.state.join("checkpoints"),
            stop: self.stop.subscribe(),
        };
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        for function in template.functions() {
            sources::spawn(&mut tasks, &context, function);
        }
    }

    /// Stops the pollers and the servers, and waits for them, but not for ever.
    pub async fn shutdown(&self) {
        self.stop.send_replace(true);
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(SHUTDOWN, all).await.is_err() {
            tracing::warn!("some event sources did not end in time and are cut off");
            tasks.shutdown().await;
        }
        self.sqs.close().await;
    }
}
