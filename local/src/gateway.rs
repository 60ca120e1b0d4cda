//! The two front doors, as API Gateway stands before the functions: routes of the template, the
//! limits of bodies and requests, the JWT authorizer, events out and answers back.

pub mod answer;
pub mod event;
pub mod problem;
pub mod routes;
pub mod throttle;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value};
use substrate::{Clock, EventSpec, Invoke, Outcome, Template};

use crate::jwt::{Expected, SigningKey};
use crate::keys::{hex, random};
use event::Incoming;
use problem::Problem;
use routes::Route;
use throttle::Throttle;

/// JSON bodies above this are refused (files go by presigned upload).
const BODY_LIMIT_BYTES: usize = 256 * 1024;
/// Tables in CSV are larger; API Gateway itself takes 10 MB.
const CSV_LIMIT_BYTES: usize = tables::LARGEST_FILE;
/// So much of an oversized body is read to its end before the answer.
const DRAIN_LIMIT_BYTES: usize = 16 * 1024 * 1024;
/// API Gateway's own limit of an integration.
const INTEGRATION_LIMIT: Duration = Duration::from_secs(29);

/// Which of API Gateway's two kinds a front door is.
#[derive(Debug)]
pub enum Kind {
    /// REST: payload 1.0, open to channels and appellants, who sign their requests.
    Rest,
    /// HTTP: payload 2.0 behind the JWT authorizer.
    Http {
        /// The issuer's key.
        key: Arc<SigningKey>,
        /// Issuer and audience.
        expected: Expected,
    },
}

/// One front door.
pub struct Gateway {
    /// Its kind.
    pub kind: Kind,
    /// Name of its stage.
    pub stage: String,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Its limit of requests.
    pub throttle: Throttle,
    /// Runs the functions.
    pub invoker: Arc<dyn Invoke>,
    /// The cloud's clock, stamped on every request.
    pub clock: Clock,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The routes that the template gives to the API with this logical id.
pub fn routes_of(template: &Template, api: &str) -> Vec<Route> {
    let events = template.functions().iter().flat_map(|function| {
        function
            .events
            .iter()
            .map(move |event| (function.logical_id.as_str(), event))
    });
    let mut routes = Vec::new();
    for (function, event) in events {
        let EventSpec::Api {
            api: of,
            method,
            path,
        } = event
        else {
            continue;
        };
        if let (true, Ok(method)) = (of == api, Method::from_bytes(method.as_bytes())) {
            let (resource, function) = (path.clone(), function.to_owned());
            routes.push(Route {
                method,
                resource,
                function,
            });
        }
    }
    routes
}

/// The front door as a service.
pub fn router(gateway: Gateway) -> Router {
    Router::new().fallback(handle).with_state(Arc::new(gateway))
}

async fn handle(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let trace_id = trace_id(&gateway.clock);
    let mut response = match gateway.pass(request, peer, &trace_id).await {
        Ok(response) => response,
        Err(problem) => problem.answer(&trace_id),
    };
    if let Ok(value) = HeaderValue::try_from(format!("Root={trace_id}")) {
        response.headers_mut().insert("x-amzn-trace-id", value);
    }
    // The cloud's clock, which may be moved: what pages reckon from.
    let now = gateway.clock.now().format("%a, %d %b %Y %H:%M:%S GMT");
    if let Ok(value) = HeaderValue::try_from(now.to_string()) {
        response.headers_mut().insert(header::DATE, value);
    }
    response
}

impl Gateway {
    async fn pass(
        &self,
        request: Request,
        peer: SocketAddr,
        trace_id: &str,
    ) -> Result<Response, Problem> {
        let (parts, body) = request.into_parts();
        let source_ip = peer.ip().to_string();
        if let Err(wait) = self.throttle.take(Instant::now()) {
            return Ok(throttled(wait, trace_id));
        }
        let path = parts.uri.path();
        let matched = routes::find(&self.routes, &parts.method, path).ok_or(problem::NOT_FOUND)?;
        let claims = self.authorize(&parts.headers)?;
        let body = read_body(body, body_limit(&parts.headers)).await?;
        let incoming = Incoming {
            matched: &matched,
            path,
            query: parts.uri.query().unwrap_or_default(),
            headers: &parts.headers,
            body: &body,
            source_ip: &source_ip,
            request_id: &crate::lambda::request_id().map_err(|_| problem::BROKEN)?,
            trace_id: &format!("Root={trace_id}"),
            now: self.clock.now(),
            stage: &self.stage,
        };
        let event = match &self.kind {
            Kind::Rest => event::rest(&incoming),
            Kind::Http { .. } => event::http(&incoming, &claims),
        };
        let event = event.ok_or(problem::MALFORMED)?;
        self.call(&matched.route.function, &event).await
    }

    /// The JWT authorizer; the REST front door has none.
    fn authorize(&self, headers: &HeaderMap) -> Result<Map<String, Value>, Problem> {
        let Kind::Http { key, expected } = &self.kind else {
            return Ok(Map::new());
        };
        let token = headers.get(header::AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            scheme
                .eq_ignore_ascii_case("bearer")
                .then_some(token.trim())
        });
        token
            .and_then(|token| key.verify(token, expected, self.clock.now()))
            .ok_or(problem::UNAUTHENTICATED)
    }

    async fn call(&self, function: &str, event: &Value) -> Result<Response, Problem> {
        let payload = Bytes::from(event.to_string());
        let invocation = self.invoker.invoke(function, payload);
        match tokio::time::timeout(INTEGRATION_LIMIT, invocation).await {
            Ok(Ok(Outcome::Ok(json))) => answer::from_function(&json).ok_or_else(|| {
                tracing::error!(%function, "the function's answer is not an HTTP answer");
                self.broken()
            }),
            Ok(Ok(Outcome::FunctionError(_))) => Err(self.broken()),
            Ok(Err(error)) => {
                tracing::error!(%function, error = format!("{error:#}"), "cannot invoke");
                Err(self.broken())
            }
            Err(_) => Err(problem::TIMED_OUT),
        }
    }

    /// A REST API answers 502 for a broken integration, an HTTP API 500.
    fn broken(&self) -> Problem {
        match self.kind {
            Kind::Rest => problem::BROKEN,
            Kind::Http { .. } => Problem {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                ..problem::BROKEN
            },
        }
    }
}

fn throttled(wait: Duration, trace_id: &str) -> Response {
    let mut response = problem::THROTTLED.answer(trace_id);
    let seconds = HeaderValue::from(wait.as_secs().saturating_add(1));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

fn body_limit(headers: &HeaderMap) -> usize {
    let kind = headers.get(header::CONTENT_TYPE);
    let is_csv = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/csv"));
    if is_csv {
        CSV_LIMIT_BYTES
    } else {
        BODY_LIMIT_BYTES
    }
}

/// Reads the body. What is over the limit is not kept, but read on for a while: a client that is
/// still sending would otherwise see a reset connection instead of the answer.
async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut kept = BytesMut::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| problem::MALFORMED)?.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= limit {
            kept.extend_from_slice(&data);
        } else if size > DRAIN_LIMIT_BYTES {
            break;
        }
    }
    if size <= limit {
        Ok(kept.freeze())
    } else {
        Err(problem::BODY_TOO_LARGE)
    }
}

/// The shape of an X-Ray trace id.
fn trace_id(clock: &Clock) -> String {
    let seconds = clock.now().timestamp();
    format!(
        "1-{seconds:08x}-{}",
        hex(&random::<12>().unwrap_or_default())
    )
}
