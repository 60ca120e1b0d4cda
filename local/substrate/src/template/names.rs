//! Physical names, ARNs and URLs of the template's resources on the laptop.

use anyhow::{Context, bail};
use serde_json::Value;

use super::resolve::Resolver;
use crate::{ACCOUNT_ID, PARTITION, REGION};

/// What `Ref` of a resource gives.
pub(super) fn reference(
    resolver: &Resolver,
    logical_id: &str,
    depth: u32,
) -> anyhow::Result<String> {
    let resource = resource(resolver, logical_id)?;
    match kind(resource) {
        "AWS::SQS::Queue" => {
            let name = physical(resolver, logical_id, depth)?;
            Ok(format!("{}/{ACCOUNT_ID}/{name}", resolver.endpoints.sqs))
        }
        "AWS::SecretsManager::Secret" => Ok(format!(
            "arn:{PARTITION}:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:{logical_id}"
        )),
        _ => physical(resolver, logical_id, depth),
    }
}

/// What `Fn::GetAtt` of a resource gives.
pub(super) fn attribute(
    resolver: &Resolver,
    logical_id: &str,
    attribute: &str,
    depth: u32,
) -> anyhow::Result<String> {
    let resource = resource(resolver, logical_id)?;
    let name = physical(resolver, logical_id, depth)?;
    let arn = |service: &str, rest: String| {
        Ok(format!(
            "arn:{PARTITION}:{service}:{REGION}:{ACCOUNT_ID}:{rest}"
        ))
    };
    match (kind(resource), attribute) {
        ("AWS::DynamoDB::Table", "Arn") => arn("dynamodb", format!("table/{name}")),
        ("AWS::DynamoDB::Table", "StreamArn") => Ok(stream_arn(&name)),
        ("AWS::SQS::Queue", "Arn") => Ok(queue_arn(&name)),
        ("AWS::SQS::Queue", "QueueName") => Ok(name),
        ("AWS::SQS::Queue", "QueueUrl") => {
            Ok(format!("{}/{ACCOUNT_ID}/{name}", resolver.endpoints.sqs))
        }
        ("AWS::S3::Bucket", "Arn") => Ok(format!("arn:{PARTITION}:s3:::{name}")),
        ("AWS::Serverless::Function", "Arn") => Ok(function_arn(&name)),
        ("AWS::KMS::Key", "Arn") => arn("kms", format!("key/{name}")),
        ("AWS::IAM::Role", "Arn") => Ok(format!(
            "arn:{PARTITION}:iam::{ACCOUNT_ID}:role/{logical_id}"
        )),
        (kind, attribute) => {
            bail!("the laptop does not know attribute `{attribute}` of `{logical_id}` ({kind})")
        }
    }
}

/// The name a resource has in its service.
pub(super) fn physical(
    resolver: &Resolver,
    logical_id: &str,
    depth: u32,
) -> anyhow::Result<String> {
    let resource = resource(resolver, logical_id)?;
    let (property, fallback) = match kind(resource) {
        "AWS::DynamoDB::Table" => ("TableName", logical_id.to_owned()),
        "AWS::SQS::Queue" => ("QueueName", logical_id.to_owned()),
        // Bucket names have no capitals.
        "AWS::S3::Bucket" => ("BucketName", kebab_case(logical_id)),
        "AWS::Serverless::Function" => ("FunctionName", logical_id.to_owned()),
        _ => return Ok(logical_id.to_owned()),
    };
    Ok(resolver
        .property_text(resource, property, depth)?
        .unwrap_or(fallback))
}

/// ARN of a queue.
pub(crate) fn queue_arn(name: &str) -> String {
    format!("arn:{PARTITION}:sqs:{REGION}:{ACCOUNT_ID}:{name}")
}

/// ARN of a function.
pub(crate) fn function_arn(name: &str) -> String {
    format!("arn:{PARTITION}:lambda:{REGION}:{ACCOUNT_ID}:function:{name}")
}

/// ARN of a table's stream; the laptop's tables have one stream all their life.
pub(crate) fn stream_arn(table: &str) -> String {
    format!("arn:{PARTITION}:dynamodb:{REGION}:{ACCOUNT_ID}:table/{table}/stream/laptop")
}

/// The resource's type.
pub(super) fn kind(resource: &Value) -> &str {
    resource
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn resource<'a>(resolver: &'a Resolver, logical_id: &str) -> anyhow::Result<&'a Value> {
    resolver
        .resource(logical_id)
        .with_context(|| format!("the template has no parameter or resource `{logical_id}`"))
}

/// `MediaInspect` to `media-inspect`.
pub(super) fn kebab_case(name: &str) -> String {
    let mut result = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !result.is_empty() {
            result.push('-');
        }
        result.push(letter.to_ascii_lowercase());
    }
    result
}
