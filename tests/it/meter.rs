//! A proxy before DynamoDB that asks for consumed capacity and adds it up by table and index.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// One call, as DynamoDB accounted for it.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) operation: String,
    /// Units by table, or by table and index.
    pub(crate) units: BTreeMap<String, f64>,
    pub(crate) consistent: bool,
    /// Key of the one partition that it is about.
    pub(crate) partition: String,
}

impl Call {
    pub(crate) fn writes(&self) -> bool {
        [
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "TransactWriteItems",
        ]
        .contains(&self.operation.as_str())
    }

    pub(crate) fn total(&self) -> f64 {
        self.units.values().sum()
    }
}

/// The proxy.
#[derive(Debug, Clone)]
pub(crate) struct Meter {
    upstream: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Meter {
    /// Listens on `port` before `upstream`.
    pub(crate) async fn start(port: u16, upstream: String) -> Self {
        let meter = Self {
            upstream,
            calls: Arc::default(),
        };
        let app = Router::new().fallback(forward).with_state(meter.clone());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
            .await
            .unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        meter
    }

    /// Takes the calls counted so far.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    fn note(&self, operation: &str, request: &Value, answer: &Value) {
        let capacity = answer
            .get("ConsumedCapacity")
            .cloned()
            .unwrap_or(Value::Null);
        let each = match capacity {
            Value::Array(list) => list,
            Value::Null => Vec::new(),
            one => vec![one],
        };
        let mut units = BTreeMap::new();
        for capacity in each {
            let table = capacity["TableName"].as_str().unwrap_or_default();
            let mut add = |name: String, value: &Value| {
                *units.entry(name).or_default() += value.as_f64().unwrap_or_default();
            };
            add(table.to_owned(), &capacity["Table"]["CapacityUnits"]);
            for (index, value) in capacity["GlobalSecondaryIndexes"]
                .as_object()
                .into_iter()
                .flatten()
            {
                add(format!("{table}/{index}"), &value["CapacityUnits"]);
            }
        }
        let consistent = request["ConsistentRead"] == json!(true);
        let asked = request["ExpressionAttributeValues"][":pk"]["S"].as_str();
        let key = ["Item", "Key"].map(|part| request[part]["pk"]["S"].as_str());
        let partition = key
            .into_iter()
            .flatten()
            .next()
            .or(asked)
            .unwrap_or_default();
        let (operation, partition) = (operation.to_owned(), partition.to_owned());
        self.calls.lock().unwrap().push(Call {
            operation,
            units,
            consistent,
            partition,
        });
    }
}

async fn forward(State(meter): State<Meter>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let mut json: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let target = parts
        .headers
        .get("x-amz-target")
        .and_then(|t| t.to_str().ok())
        .unwrap_or("");
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    json["ReturnConsumedCapacity"] = json!("INDEXES");
    let asked = serde_json::to_vec(&json).unwrap();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = format!("{}{path}", meter.upstream).parse().unwrap();
    parts.headers.remove("content-length");
    parts.headers.remove("x-amz-content-sha256");
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<bytes::Bytes>>();
    let sent = http::Request::from_parts(parts, Full::from(asked));
    let (head, body) = client.request(sent).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let answer: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    meter.note(&operation, &json, &answer);
    Response::from_parts(head, Body::from(body))
}
