//! Functions of the template and what calls them.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Map, Value};

use super::{
    EventSpec, FunctionSpec,
    names::kebab_case,
    resolve::{Resolver, text_of},
};
use crate::sources::filter::Pattern;

/// One function, with the template's `Globals` merged in.
pub(super) fn function(
    resolver: &Resolver,
    logical_id: &str,
    resource: &Value,
) -> anyhow::Result<FunctionSpec> {
    let properties = merged(
        resolver.document.pointer("/Globals/Function"),
        resource.get("Properties").unwrap_or(&Value::Null),
    );
    let property = |name: &str| -> anyhow::Result<Option<Value>> {
        match properties.get(name) {
            None => Ok(None),
            Some(value) => resolver
                .resolve(value)
                .with_context(|| format!("property `{name}` of `{logical_id}`")),
        }
    };
    let mut events = Vec::new();
    for (name, event) in properties
        .get("Events")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let spec = event_spec(resolver, logical_id, name, event)
            .with_context(|| format!("event `{name}` of `{logical_id}`"))?;
        events.extend(spec);
    }
    let environment = property("Environment")?
        .as_ref()
        .and_then(|environment| environment.get("Variables"))
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| Ok((name.clone(), text_of(value)?)))
        .collect::<anyhow::Result<_>>()?;
    Ok(FunctionSpec {
        logical_id: logical_id.to_owned(),
        crate_name: crate_name(logical_id, resource, property("CodeUri")?.as_ref()),
        memory_mb: number(property("MemorySize")?.as_ref())?.unwrap_or(128),
        timeout: Duration::from_secs(number(property("Timeout")?.as_ref())?.unwrap_or(3)),
        environment,
        events,
    })
}

/// Globals under the function's own properties: maps are joined, all else is overridden.
fn merged(globals: Option<&Value>, own: &Value) -> Value {
    match (globals, own) {
        (Some(Value::Object(below)), Value::Object(above)) if !is_intrinsic(above) => {
            let mut joined: Map<String, Value> = below.clone();
            for (key, value) in above {
                joined.insert(key.clone(), merged(below.get(key), value));
            }
            Value::Object(joined)
        }
        (Some(below), Value::Null) => below.clone(),
        _ => own.clone(),
    }
}

fn is_intrinsic(object: &Map<String, Value>) -> bool {
    object.len() == 1
        && object
            .keys()
            .all(|key| key == "Ref" || key.starts_with("Fn::"))
}

fn crate_name(logical_id: &str, resource: &Value, code_uri: Option<&Value>) -> String {
    let binary = resource
        .pointer("/Metadata/BuildProperties/Binary")
        .and_then(Value::as_str);
    let folder = code_uri
        .and_then(Value::as_str)
        .and_then(|uri| uri.trim_end_matches('/').rsplit('/').next())
        .filter(|folder| !folder.is_empty() && !folder.starts_with('.'));
    binary.or(folder).map_or_else(
        || kebab_case(logical_id.strip_suffix("Function").unwrap_or(logical_id)),
        str::to_owned,
    )
}

fn event_spec(
    resolver: &Resolver,
    function: &str,
    name: &str,
    event: &Value,
) -> anyhow::Result<Option<EventSpec>> {
    let nothing = Value::Object(Map::new());
    let raw = event.get("Properties").unwrap_or(&nothing);
    let properties = resolver.resolve(raw)?.unwrap_or_default();
    let disabled = properties.get("Enabled") == Some(&Value::Bool(false))
        || properties.get("State").and_then(Value::as_str) == Some("DISABLED");
    if disabled {
        return Ok(None);
    }
    let spec = match event
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "Api" => route(raw, &properties, "RestApiId", "ServerlessRestApi")?,
        "HttpApi" => route(raw, &properties, "ApiId", "ServerlessHttpApi")?,
        "SQS" => EventSpec::Sqs {
            queue: arn_name(properties.get("Queue"))?,
            batch_size: number(properties.get("BatchSize"))?.unwrap_or(10),
            partial: reports_failures(&properties),
            batching_window: window(&properties)?,
        },
        "DynamoDB" => stream(&properties)?,
        "ScheduleV2" | "Schedule" => EventSpec::Schedule {
            name: properties
                .get("Name")
                .and_then(Value::as_str)
                .map_or_else(|| format!("{function}{name}"), str::to_owned),
            every: rate(
                properties
                    .get("ScheduleExpression")
                    .or_else(|| properties.get("Schedule"))
                    .and_then(Value::as_str)
                    .context("a schedule needs an expression")?,
            )?,
        },
        other => bail!("the laptop does not know events of type `{other}`"),
    };
    Ok(Some(spec))
}

fn route(raw: &Value, properties: &Value, id: &str, implied: &str) -> anyhow::Result<EventSpec> {
    let api = match raw.get(id) {
        None => implied,
        // The logical id itself is wanted, not what it refers to.
        Some(api) => api
            .get("Ref")
            .unwrap_or(api)
            .as_str()
            .with_context(|| format!("`{id}` must be a `!Ref` of an API"))?,
    };
    let text = |name: &str| properties.get(name).and_then(Value::as_str);
    Ok(EventSpec::Api {
        api: api.to_owned(),
        method: text("Method").unwrap_or("ANY").to_ascii_uppercase(),
        path: text("Path").unwrap_or("/{proxy+}").to_owned(),
    })
}

fn stream(properties: &Value) -> anyhow::Result<EventSpec> {
    let arn = properties
        .get("Stream")
        .and_then(Value::as_str)
        .context("`Stream` is missing")?;
    let table = arn
        .split('/')
        .nth(1)
        .with_context(|| format!("`{arn}` is not the ARN of a stream"))?;
    let mut filters = Vec::new();
    for filter in properties
        .pointer("/FilterCriteria/Filters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let pattern = filter
            .get("Pattern")
            .and_then(Value::as_str)
            .context("no `Pattern`")?;
        let pattern: Value = serde_json::from_str(pattern).context("a `Pattern` is not JSON")?;
        Pattern::parse(&pattern).context("`FilterCriteria`")?;
        filters.push(pattern);
    }
    let retries: Option<i64> = number(properties.get("MaximumRetryAttempts"))?;
    Ok(EventSpec::Stream {
        table: table.to_owned(),
        batch_size: number(properties.get("BatchSize"))?.unwrap_or(100),
        filters,
        on_failure: properties
            .pointer("/DestinationConfig/OnFailure/Destination")
            .map(|destination| arn_name(Some(destination)))
            .transpose()?,
        bisect: properties.get("BisectBatchOnFunctionError") == Some(&Value::Bool(true)),
        max_retries: retries.and_then(|retries| u32::try_from(retries).ok()),
        partial: reports_failures(properties),
        batching_window: window(properties)?,
    })
}

fn reports_failures(properties: &Value) -> bool {
    properties
        .get("FunctionResponseTypes")
        .and_then(Value::as_array)
        .is_some_and(|types| types.iter().any(|kind| kind == "ReportBatchItemFailures"))
}

fn window(properties: &Value) -> anyhow::Result<Duration> {
    let seconds = number(properties.get("MaximumBatchingWindowInSeconds"))?.unwrap_or(0);
    Ok(Duration::from_secs(seconds))
}

/// The last part of an ARN: a queue's name.
pub(super) fn arn_name(arn: Option<&Value>) -> anyhow::Result<String> {
    let arn = arn.and_then(Value::as_str).context("an ARN is missing")?;
    let name = arn
        .rsplit(':')
        .next()
        .filter(|name| arn.starts_with("arn:") && !name.is_empty());
    name.map(str::to_owned)
        .with_context(|| format!("`{arn}` is not an ARN"))
}

fn number<N: std::str::FromStr>(value: Option<&Value>) -> anyhow::Result<Option<N>> {
    let Some(value) = value else { return Ok(None) };
    let text = text_of(value)?;
    match text.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => bail!("`{text}` is not a number that fits here"),
    }
}

/// The period of a `rate(…)` expression.
fn rate(expression: &str) -> anyhow::Result<Duration> {
    let inner = expression
        .trim()
        .strip_prefix("rate(")
        .and_then(|rest| rest.strip_suffix(')'))
        .with_context(|| format!("the laptop knows only `rate(…)`, not `{expression}`"))?;
    let (count, unit) = inner
        .trim()
        .split_once(' ')
        .context("`rate` needs a number and a unit")?;
    let count: u64 = count.parse().context("`rate` needs a number")?;
    let seconds = match unit.trim().trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        other => bail!("`{other}` is not a unit of time"),
    };
    ensure!(count > 0, "a rate must not be zero");
    Ok(Duration::from_secs(count.saturating_mul(seconds)))
}
