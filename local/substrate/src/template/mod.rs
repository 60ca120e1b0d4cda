//! Reads `infra/template.yaml` (AWS SAM) for the laptop: what runs, what stores, what calls what.

mod document;
mod functions;
pub(crate) mod names;
mod resolve;
mod stores;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::Path, time::Duration};

use anyhow::{Context, ensure};
use serde_json::{Map, Value};

use self::resolve::Resolver;
use crate::Endpoints;

/// The properties of tables, buckets and queues that the laptop reads. Others (backups, keys,
/// lifecycles) have no meaning here and are not resolved.
const STORE_PROPERTIES: [&str; 15] = [
    "AttributeDefinitions",
    "CorsConfiguration",
    "DelaySeconds",
    "FifoQueue",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "NotificationConfiguration",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "StreamSpecification",
    "TimeToLiveSpecification",
    "VisibilityTimeout",
];

/// A parsed template, its intrinsics resolved for the laptop.
#[derive(Debug, Clone)]
pub struct Template {
    functions: Vec<FunctionSpec>,
    tables: Vec<TableSpec>,
    buckets: Vec<BucketSpec>,
    queues: Vec<QueueSpec>,
    resolver: Resolver,
}

/// One function.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionSpec {
    /// Its name in the template.
    pub logical_id: String,
    /// The crate (and folder under `functions/`) that builds its bootstrap.
    pub crate_name: String,
    /// Its memory; also its share of CPU in the cloud.
    pub memory_mb: u32,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// The variables the template gives it.
    pub environment: BTreeMap<String, String>,
    /// What calls it.
    pub events: Vec<EventSpec>,
}

/// What calls a function.
#[derive(Debug, Clone, PartialEq)]
pub enum EventSpec {
    /// A route of an API.
    Api {
        /// Logical id of the API: `PublicApi` (REST, payload 1.0) or `ConsoleApi` (HTTP, 2.0).
        api: String,
        /// Upper-case method; `ANY` for all.
        method: String,
        /// Path with `{parameters}`.
        path: String,
    },
    /// Messages of a queue.
    Sqs {
        /// Name of the queue.
        queue: String,
        /// At most so many messages an invocation.
        batch_size: u16,
        /// Whether the function reports which messages failed.
        partial: bool,
        /// How long to gather messages for a batch.
        batching_window: Duration,
    },
    /// Changes of a table.
    Stream {
        /// Name of the table.
        table: String,
        /// At most so many records an invocation.
        batch_size: u16,
        /// Event patterns; a record passes when one matches, or when there is none.
        filters: Vec<Value>,
        /// Name of the queue that is told of records given up.
        on_failure: Option<String>,
        /// Whether a failing batch is halved before it is tried again.
        bisect: bool,
        /// How often a failing batch is tried again; `None` is for ever.
        max_retries: Option<u32>,
        /// Whether the function reports which records failed.
        partial: bool,
        /// How long to gather records for a batch.
        batching_window: Duration,
    },
    /// A clock.
    Schedule {
        /// Name of the schedule.
        name: String,
        /// Its period.
        every: Duration,
    },
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSpec {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in DynamoDB.
    pub name: String,
    /// The body of the `CreateTable` request.
    pub create: Value,
    /// The attribute that holds an item's time to live.
    pub ttl_attribute: Option<String>,
}

/// One bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct BucketSpec {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in S3.
    pub name: String,
    /// Which queues are told of which new objects.
    pub notifications: Vec<Notification>,
    /// Which pages may talk to it.
    pub cors: Vec<CorsRule>,
}

/// A queue that is told of new objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Event name or pattern, such as `s3:ObjectCreated:*`.
    pub event: String,
    /// Name of the queue.
    pub queue: String,
    /// Only keys with this beginning.
    pub prefix: String,
    /// Only keys with this end.
    pub suffix: String,
}

/// A cross-origin rule of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsRule {
    /// Allowed origins; `*` is a wildcard.
    pub origins: Vec<String>,
    /// Allowed methods.
    pub methods: Vec<String>,
    /// Allowed request headers.
    pub headers: Vec<String>,
    /// Response headers that a page may read.
    pub expose: Vec<String>,
}

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSpec {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in SQS.
    pub name: String,
    /// The attributes of the `CreateQueue` request.
    pub attributes: BTreeMap<String, String>,
}

/// Resources that would wire something the laptop would not see; each has a form as an event of
/// its function.
const WIRED_APART: [&str; 3] = [
    "AWS::Lambda::EventSourceMapping",
    "AWS::Scheduler::Schedule",
    "AWS::Events::Rule",
];

impl Template {
    /// Reads a template. `parameters` override the defaults of its `Parameters`; queue URLs are
    /// those of `endpoints`.
    pub fn load(
        path: &Path,
        parameters: &BTreeMap<String, String>,
        endpoints: &Endpoints,
    ) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        Self::parse(&text, parameters, endpoints)
            .with_context(|| format!("in `{}`", path.display()))
    }

    /// Reads a template's text; see [`Self::load`].
    pub fn parse(
        text: &str,
        parameters: &BTreeMap<String, String>,
        endpoints: &Endpoints,
    ) -> anyhow::Result<Self> {
        let resolver = Resolver::new(document::parse(text)?, parameters, endpoints)?;
        let mut template = Self {
            functions: vec![],
            tables: vec![],
            buckets: vec![],
            queues: vec![],
            resolver: resolver.clone(),
        };
        for (logical_id, resource) in resolver.resources()? {
            template
                .add(&resolver, logical_id, resource)
                .with_context(|| format!("resource `{logical_id}`"))?;
        }
        Ok(template)
    }

    fn add(
        &mut self,
        resolver: &Resolver,
        logical_id: &str,
        resource: &Value,
    ) -> anyhow::Result<()> {
        let kind = names::kind(resource);
        if kind == "AWS::Serverless::Function" {
            self.functions
                .push(functions::function(resolver, logical_id, resource)?);
            return Ok(());
        }
        ensure!(
            !WIRED_APART.contains(&kind),
            "the laptop would not see `{kind}`; declare it as an event of its function"
        );
        if !matches!(
            kind,
            "AWS::DynamoDB::Table" | "AWS::S3::Bucket" | "AWS::SQS::Queue"
        ) {
            return Ok(());
        }
        let name = names::physical(resolver, logical_id, 0)?;
        let property = |name: &str| resource.get("Properties").and_then(|all| all.get(name));
        let mut wanted = Map::new();
        for known in STORE_PROPERTIES {
            if let Some(value) = property(known) {
                let value = resolver
                    .resolve(value)
                    .with_context(|| format!("property `{known}`"))?;
                wanted.extend(value.map(|value| (known.to_owned(), value)));
            }
        }
        let properties = Value::Object(wanted);
        match kind {
            "AWS::DynamoDB::Table" => {
                self.tables
                    .push(stores::table(logical_id, name, &properties)?);
            }
            "AWS::S3::Bucket" => self
                .buckets
                .push(stores::bucket(logical_id, name, &properties)?),
            _ => self
                .queues
                .push(stores::queue(logical_id, name, &properties)?),
        }
        Ok(())
    }

    /// The functions.
    pub fn functions(&self) -> &[FunctionSpec] {
        &self.functions
    }

    /// The tables.
    pub fn tables(&self) -> &[TableSpec] {
        &self.tables
    }

    /// The buckets.
    pub fn buckets(&self) -> &[BucketSpec] {
        &self.buckets
    }

    /// The queues.
    pub fn queues(&self) -> &[QueueSpec] {
        &self.queues
    }

    /// One property of any resource, its intrinsics resolved; `None` when it is not set.
    pub fn property(&self, logical_id: &str, name: &str) -> anyhow::Result<Option<Value>> {
        let property = self
            .resolver
            .resource(logical_id)
            .with_context(|| format!("the template has no resource `{logical_id}`"))?
            .get("Properties")
            .and_then(|properties| properties.get(name));
        match property {
            None => Ok(None),
            Some(value) => self
                .resolver
                .resolve(value)
                .with_context(|| format!("property `{name}` of `{logical_id}`")),
        }
    }

    /// The value of a template parameter (the override, or else the default).
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.resolver.parameters.get(name).map(String::as_str)
    }
}
