//! Requests as API Gateway hands them to a function: payload 1.0 of the REST front door, payload
//! 2.0 of the HTTP one. Field names and oddities are AWS's, see `tests/fixtures/*.json`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::routes::{Matched, query_pairs};

/// What both payloads are made from.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// The route and its parameters.
    pub matched: &'a Matched<'a>,
    /// Path as sent.
    pub path: &'a str,
    /// Query string as sent, without `?`.
    pub query: &'a str,
    /// Headers as sent.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
    /// Address of the caller.
    pub source_ip: &'a str,
    /// Request id of the gateway.
    pub request_id: &'a str,
    /// `X-Amzn-Trace-Id`.
    pub trace_id: &'a str,
    /// The cloud's clock.
    pub now: DateTime<Utc>,
    /// Stage of the front door.
    pub stage: &'a str,
}

/// Payload 1.0 (REST). `None` where the query is not UTF-8.
pub fn rest(incoming: &Incoming<'_>) -> Option<Value> {
    let route = incoming.matched.route;
    let pairs = query_pairs(incoming.query)?;
    let headers = header_pairs(incoming);
    let (body, is_base64) = body(incoming.body, true);
    Some(json!({
        "resource": route.resource,
        "path": incoming.path,
        "httpMethod": route.method.as_str(),
        "headers": last_of_each(&headers),
        "multiValueHeaders": all_of_each(&headers),
        "queryStringParameters": null_if_empty(last_of_each(&pairs)),
        "multiValueQueryStringParameters": null_if_empty(all_of_each(&pairs)),
        "pathParameters": null_if_empty(path_parameters(incoming)),
        "stageVariables": null,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "laptop",
            "domainName": header(incoming, "host"),
            "domainPrefix": "127",
            "extendedRequestId": incoming.request_id,
            "httpMethod": route.method.as_str(),
            "identity": {
                "accessKey": null,
                "accountId": null,
                "caller": null,
                "sourceIp": incoming.source_ip,
                "user": null,
                "userAgent": header(incoming, "user-agent"),
                "userArn": null,
            },
            "path": format!("/{}{}", incoming.stage, incoming.path),
            "protocol": "HTTP/1.1",
            "requestId": incoming.request_id,
            "requestTime": common_log_time(incoming.now),
            "requestTimeEpoch": incoming.now.timestamp_millis(),
            "resourceId": "laptop",
            "resourcePath": route.resource,
            "stage": incoming.stage,
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }))
}

/// Payload 2.0 (HTTP), with the claims the authorizer let through. `None` where the query is not
/// UTF-8.
pub fn http(incoming: &Incoming<'_>, claims: &Map<String, Value>) -> Option<Value> {
    let route = incoming.matched.route;
    let pairs = query_pairs(incoming.query)?;
    let (body, is_base64) = body(incoming.body, is_text(&header(incoming, "content-type")));
    // Only the stage `$default` stands in no path.
    let path = match incoming.stage {
        "$default" => incoming.path.to_owned(),
        stage => format!("/{stage}{}", incoming.path),
    };
    let mut event = json!({
        "version": "2.0",
        "routeKey": format!("{} {}", route.method, route.resource),
        "rawPath": path,
        "rawQueryString": incoming.query,
        "headers": joined(&header_pairs(incoming)),
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "laptop",
            "authorizer": { "jwt": { "claims": claims_as_text(claims), "scopes": null } },
            "domainName": header(incoming, "host"),
            "domainPrefix": "127",
            "http": {
                "method": route.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": incoming.source_ip,
                "userAgent": header(incoming, "user-agent"),
            },
            "requestId": incoming.request_id,
            "routeKey": format!("{} {}", route.method, route.resource),
            "stage": incoming.stage,
            "time": common_log_time(incoming.now),
            "timeEpoch": incoming.now.timestamp_millis(),
        },
        "isBase64Encoded": is_base64,
    });
    // Payload 2.0 leaves out what is empty instead of sending null.
    if let Some(members) = event.as_object_mut() {
        let optional = [
            ("queryStringParameters", null_if_empty(joined(&pairs))),
            ("pathParameters", null_if_empty(path_parameters(incoming))),
            ("body", body),
        ];
        for (name, value) in optional.into_iter().filter(|(_, value)| !value.is_null()) {
            members.insert(name.to_owned(), value);
        }
    }
    Some(event)
}

type Pairs = Vec<(String, String)>;

fn header_pairs(incoming: &Incoming<'_>) -> Pairs {
    let sent = incoming
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-forwarded-for");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut pairs: Pairs = sent
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
        .collect();
    pairs.push(("x-amzn-trace-id".to_owned(), incoming.trace_id.to_owned()));
    pairs.push(("x-forwarded-for".to_owned(), incoming.source_ip.to_owned()));
    pairs
}

fn header(incoming: &Incoming<'_>, name: &str) -> String {
    let value = incoming
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn path_parameters(incoming: &Incoming<'_>) -> Map<String, Value> {
    let parameters = incoming.matched.parameters.iter();
    parameters
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect()
}

fn last_of_each(pairs: &Pairs) -> Map<String, Value> {
    pairs
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect()
}

fn grouped(pairs: &Pairs) -> BTreeMap<&str, Vec<&str>> {
    let mut groups = BTreeMap::<&str, Vec<&str>>::new();
    for (name, value) in pairs {
        groups.entry(name).or_default().push(value);
    }
    groups
}

fn all_of_each(pairs: &Pairs) -> Map<String, Value> {
    grouped(pairs)
        .into_iter()
        .map(|(name, values)| (name.to_owned(), values.into()))
        .collect()
}

fn joined(pairs: &Pairs) -> Map<String, Value> {
    let groups = grouped(pairs).into_iter();
    groups
        .map(|(name, values)| (name.to_owned(), values.join(",").into()))
        .collect()
}

fn null_if_empty(map: Map<String, Value>) -> Value {
    if map.is_empty() {
        Value::Null
    } else {
        Value::Object(map)
    }
}

fn body(bytes: &[u8], as_text: bool) -> (Value, bool) {
    match std::str::from_utf8(bytes) {
        _ if bytes.is_empty() => (Value::Null, false),
        Ok(text) if as_text => (text.into(), false),
        _ => (BASE64_STANDARD.encode(bytes).into(), true),
    }
}

/// The content types an HTTP API passes on as text; everything else arrives in base64.
fn is_text(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence.starts_with("text/")
        || essence.ends_with("json")
        || essence.ends_with("xml")
        || essence == "application/javascript"
}

/// API Gateway turns every claim into a string; a list becomes `[a b]`.
fn claims_as_text(claims: &Map<String, Value>) -> Map<String, Value> {
    claims
        .iter()
        .map(|(name, value)| (name.clone(), claim_text(value).into()))
        .collect()
}

fn claim_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(claim_text).collect::<Vec<_>>().join(" ")
            )
        }
        other => other.to_string(),
    }
}

fn common_log_time(now: DateTime<Utc>) -> String {
    now.format("%d/%b/%Y:%H:%M:%S +0000").to_string()
}
