//! Requests of both front doors in one shape, and answers; errors become problems here.

use std::collections::BTreeMap;

use api::problem::{MEDIA_TYPE, Problem};
use app::AppError;
use authz::Permit;
use chrono::{DateTime, Utc};
use domain::personal::Personal;
use domain::ticket::TicketNumber;
use lambda_http::request::RequestContext;
use lambda_http::{Body, RequestExt as _, Response, service_fn};
use lambda_runtime::Error;
use serde::Serialize;

pub use authz::About;

/// By which spreadsheets know UTF-8.
const MARK: char = '\u{feff}';

/// A request.
#[derive(Debug)]
pub struct Request {
    /// Method.
    pub method: String,
    /// Path, without the stage.
    pub path: String,
    /// Raw query string.
    pub query: String,
    /// Body.
    pub body: Vec<u8>,
    /// When the front door received it.
    pub at: DateTime<Utc>,
    /// Trace id, from the front door.
    pub trace_id: String,
    /// Address that it came from, as the front door saw it.
    pub source: Personal<String>,
    headers: BTreeMap<String, String>,
    path_parameters: BTreeMap<String, String>,
    query_parameters: BTreeMap<String, String>,
}

impl Request {
    fn new(request: lambda_http::Request) -> Result<Self, AppError> {
        let trace_id = request
            .lambda_context_ref()
            .map(|context| context.request_id.clone());
        let path_parameters = first_values(&request.path_parameters());
        let query_parameters = first_values(&request.query_string_parameters());
        let (at, source) = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV1(context)) => (
                context.request_time_epoch,
                context.identity.source_ip.clone(),
            ),
            Some(RequestContext::ApiGatewayV2(context)) => {
                (context.time_epoch, context.http.source_ip.clone())
            }
            _ => (0, None),
        };
        let at = DateTime::from_timestamp_millis(at).filter(|at| at.timestamp() > 0);
        let query = request.uri().query().map(str::to_owned);
        let headers = request.headers().iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        Ok(Self {
            method: request.method().as_str().to_owned(),
            path: request.raw_http_path().to_owned(),
            query: query.unwrap_or_default(),
            at: at.ok_or_else(|| AppError::Broken("the event has no time".to_owned()))?,
            trace_id: trace_id.unwrap_or_default(),
            source: Personal::new(source.unwrap_or_default()),
            headers: headers.collect(),
            path_parameters,
            query_parameters,
            body: match request.into_body() {
                Body::Text(text) => text.into_bytes(),
                Body::Binary(bytes) => bytes,
                _ => Vec::new(),
            },
        })
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// A part of the path.
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        self.path_parameters.get(name).map(String::as_str)
    }

    /// A parameter of the query.
    pub fn query_parameter(&self, name: &str) -> Option<&str> {
        self.query_parameters.get(name).map(String::as_str)
    }

    /// The ticket number in the path. One that cannot be a number is not found.
    pub fn number(&self) -> Result<TicketNumber, AppError> {
        let number = self.path_parameter("number").unwrap_or_default();
        TicketNumber::parse(number).map_err(|_| AppError::NotFound)
    }

    /// The version that the caller saw (`If-Match`).
    pub fn seen_version(&self) -> Option<u32> {
        self.header("if-match")
            .and_then(|tag| tag.trim_matches('"').parse().ok())
    }
}

fn first_values(
    map: &lambda_http::aws_lambda_events::query_map::QueryMap,
) -> BTreeMap<String, String> {
    map.iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// An answer. Only who was permitted gets one that is not a problem.
#[derive(Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    /// JSON with a status.
    pub fn json(_: &Permit, status: u16, body: &impl Serialize) -> Result<Self, AppError> {
        let body =
            serde_json::to_string(body).map_err(|error| AppError::Broken(error.to_string()))?;
        let headers = vec![
            ("content-type", "application/json; charset=utf-8".to_owned()),
            ("cache-control", "no-store".to_owned()),
        ];
        Ok(Self {
            status,
            headers,
            body,
        })
    }

    /// A CSV file to be kept under `name`.
    pub fn csv(_: &Permit, name: &str, body: String) -> Self {
        let headers = vec![
            ("content-type", "text/csv; charset=utf-8".to_owned()),
            (
                "content-disposition",
                format!("attachment; filename=\"{name}\""),
            ),
            ("cache-control", "no-store".to_owned()),
        ];
        Self {
            status: 200,
            headers,
            body,
        }
    }

    /// With one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// A problem.
    pub fn problem(error: AppError, trace_id: &str) -> Self {
        let retry_after = match &error {
            AppError::TooManyTries => Some("3600"),
            AppError::Unavailable(_) => Some("5"),
            _ => None,
        };
        let problem = Problem::from_error(error, trace_id);
        let mut headers = vec![("content-type", MEDIA_TYPE.to_owned())];
        headers.extend(retry_after.map(|seconds| ("retry-after", seconds.to_owned())));
        let body = serde_json::to_string(&problem).unwrap_or_default();
        Self {
            status: problem.status,
            headers,
            body,
        }
    }

    fn into_response(self) -> Result<Response<Body>, Error> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        // lambda_http decodes text and takes one byte order mark away: a file that has one gets two.
        let body = if self.body.starts_with(MARK) {
            format!("{MARK}{}", self.body)
        } else {
            self.body
        };
        Ok(response.body(Body::from(body))?)
    }
}

/// Answers every request with `handler`, which decides about `abouts`; errors become problems,
/// logged once.
pub async fn serve_http<H, F>(
    function: &'static str,
    abouts: &[About],
    handler: H,
) -> Result<(), Error>
where
    H: Fn(Request) -> F + Sync,
    F: Future<Output = Result<Reply, AppError>> + Send,
{
    authz::load(abouts)?;
    let handler = &handler;
    lambda_http::run(service_fn(
        move |request: lambda_http::Request| async move {
            let trace_id = request
                .lambda_context_ref()
                .map(|context| context.request_id.clone());
            let trace_id = trace_id.unwrap_or_default();
            let answer = match Request::new(request) {
                Ok(request) => handler(request).await,
                Err(error) => Err(error),
            };
            let reply = match answer {
                Ok(reply) => {
                    tracing::info!(function, trace_id, status = reply.status, "answered");
                    reply
                }
                Err(error) => {
                    log(function, &trace_id, &error);
                    Reply::problem(error, &trace_id)
                }
            };
            reply.into_response()
        },
    ))
    .await
}

/// Faults of ours are errors; what callers get wrong is information.
fn log(function: &str, trace_id: &str, error: &AppError) {
    if matches!(error, AppError::Broken(_) | AppError::Unavailable(_)) {
        tracing::error!(function, trace_id, error = %error, "failed");
    } else {
        tracing::info!(function, trace_id, error = %error, "refused");
    }
}
