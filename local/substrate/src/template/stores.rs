//! Tables, buckets and queues of the template.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use serde_json::{Map, Value, json};

use super::{
    BucketSpec, CorsRule, Notification, QueueSpec, TableSpec, functions::arn_name, resolve::text_of,
};

/// What of a table's properties goes into its `CreateTable` request as it is.
const TABLE_PROPERTIES: [&str; 4] = [
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
];

/// What of a queue's properties are attributes that the laptop's engine has. Encryption is left
/// out: there is no KMS here.
const QUEUE_ATTRIBUTES: [&str; 6] = [
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "VisibilityTimeout",
];

/// One table, from its resolved properties.
pub(super) fn table(
    logical_id: &str,
    name: String,
    properties: &Value,
) -> anyhow::Result<TableSpec> {
    let mut create = Map::new();
    create.insert("TableName".to_owned(), name.clone().into());
    create.insert("BillingMode".to_owned(), "PAY_PER_REQUEST".into());
    for property in TABLE_PROPERTIES {
        if let Some(value) = properties.get(property) {
            create.insert(property.to_owned(), value.clone());
        }
    }
    for index in create
        .get_mut("GlobalSecondaryIndexes")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        index.retain(|key, _| matches!(key.as_str(), "IndexName" | "KeySchema" | "Projection"));
    }
    if let Some(view) = properties.pointer("/StreamSpecification/StreamViewType") {
        create.insert(
            "StreamSpecification".to_owned(),
            json!({ "StreamEnabled": true, "StreamViewType": view }),
        );
    }
    let ttl = properties.get("TimeToLiveSpecification");
    let ttl_attribute = ttl
        .filter(|ttl| ttl.get("Enabled") != Some(&Value::Bool(false)))
        .and_then(|ttl| ttl.get("AttributeName"))
        .map(text_of)
        .transpose()?;
    Ok(TableSpec {
        logical_id: logical_id.to_owned(),
        name,
        create: Value::Object(create),
        ttl_attribute,
    })
}

/// One bucket, from its resolved properties.
pub(super) fn bucket(
    logical_id: &str,
    name: String,
    properties: &Value,
) -> anyhow::Result<BucketSpec> {
    let configuration = properties.get("NotificationConfiguration");
    for (kind, value) in configuration
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        ensure!(
            kind == "QueueConfigurations",
            "the laptop does not know `{kind}`: {value}"
        );
    }
    let mut notifications = Vec::new();
    for entry in list(properties, "/NotificationConfiguration/QueueConfigurations") {
        notifications.push(notification(entry)?);
    }
    let cors = list(properties, "/CorsConfiguration/CorsRules")
        .map(cors_rule)
        .collect();
    Ok(BucketSpec {
        logical_id: logical_id.to_owned(),
        name,
        notifications,
        cors,
    })
}

fn notification(entry: &Value) -> anyhow::Result<Notification> {
    let event = entry
        .get("Event")
        .and_then(Value::as_str)
        .context("`Event` is missing")?;
    ensure!(
        event.starts_with("s3:ObjectCreated:"),
        "the laptop tells of created objects only, not of `{event}`"
    );
    let mut rules = BTreeMap::new();
    for rule in list(entry, "/Filter/S3Key/Rules") {
        let text = |name: &str| rule.get(name).and_then(Value::as_str).unwrap_or_default();
        rules.insert(text("Name").to_ascii_lowercase(), text("Value").to_owned());
    }
    Ok(Notification {
        event: event.to_owned(),
        queue: arn_name(entry.get("Queue"))?,
        prefix: rules.remove("prefix").unwrap_or_default(),
        suffix: rules.remove("suffix").unwrap_or_default(),
    })
}

fn cors_rule(rule: &Value) -> CorsRule {
    let texts = |name: &str| {
        let items = rule.get(name).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    CorsRule {
        origins: texts("AllowedOrigins"),
        methods: texts("AllowedMethods"),
        headers: texts("AllowedHeaders"),
        expose: texts("ExposedHeaders"),
    }
}

fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// One queue, from its resolved properties.
pub(super) fn queue(
    logical_id: &str,
    name: String,
    properties: &Value,
) -> anyhow::Result<QueueSpec> {
    if properties.get("FifoQueue") == Some(&Value::Bool(true)) {
        bail!("the laptop has no FIFO queues");
    }
    let mut attributes = BTreeMap::new();
    for attribute in QUEUE_ATTRIBUTES {
        if let Some(value) = properties.get(attribute) {
            let text = if value.is_object() {
                value.to_string()
            } else {
                text_of(value)?
            };
            attributes.insert(attribute.to_owned(), text);
        }
    }
    Ok(QueueSpec {
        logical_id: logical_id.to_owned(),
        name,
        attributes,
    })
}
