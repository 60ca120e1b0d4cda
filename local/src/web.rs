//! The web port: the pages with both front doors, and what exists on the laptop only: an index, the API
//! description, the development issuer, the outbox and the controls.

pub mod authorize;
pub mod control;
pub mod html;
pub mod issuer;
pub mod outbox;
pub mod site;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode, header};
use substrate::Clock;

use crate::city::City;
use crate::jwt::{Expected, SigningKey};
use crate::lambda::Lambda;
use crate::state::Ports;
use authorize::Codes;
use outbox::Outbox;
use site::Site;

/// What the pages show and the controls move.
#[derive(Debug)]
pub struct Web {
    /// Where everything listens.
    pub ports: Ports,
    /// The description of the API.
    pub openapi: PathBuf,
    /// Units and officers.
    pub city: City,
    /// The issuer's key.
    pub key: Arc<SigningKey>,
    /// Its name and audience.
    pub expected: Expected,
    /// What was sent.
    pub outbox: Outbox,
    /// The cloud's clock.
    pub clock: Clock,
    /// The functions' processes.
    pub lambda: Arc<Lambda>,
    /// Sign-ins that are not finished.
    pub codes: Codes,
}

/// All of the web port: the pages, both front doors beside them as CloudFront has them, and the
/// laptop's own tools.
pub fn router(web: Web, pages: Site, (public, console): (Router, Router)) -> Router {
    Router::new()
        .merge(site::router(pages))
        .route("/laptop", get(index))
        .route("/openapi.yaml", get(openapi))
        .route(
            "/issuer/.well-known/openid-configuration",
            get(issuer::configuration),
        )
        .route("/issuer/jwks", get(issuer::jwks))
        .route("/issuer/token", post(issuer::token))
        .route(
            "/issuer/authorize",
            get(authorize::page).post(authorize::choose),
        )
        .route("/issuer/officers", get(issuer::officers))
        .route("/outbox", get(outbox::page).post(outbox::receive))
        .route("/outbox.json", get(outbox::list))
        .route("/control/health", get(control::health))
        .route(
            "/control/clock",
            get(control::clock).post(control::move_clock),
        )
        .route("/control/functions", get(control::functions))
        .route("/control/kill", post(control::kill))
        .route("/control/outbox", post(control::fail_outbox))
        .with_state(Arc::new(web))
        .nest("/api-public", public)
        .nest("/api-console", console)
        .layer(from_fn(only_this_machine))
}

/// The controls need no sign-in, so no page from elsewhere may reach them: neither under a name of
/// its own that leads here (rebinding) nor by a request of its own (cross-origin).
async fn only_this_machine(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host_is_local = local(headers, &header::HOST).unwrap_or(true);
    let origin_is_local = local(headers, &header::ORIGIN).unwrap_or(true);
    if host_is_local && origin_is_local {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn local(headers: &HeaderMap, name: &header::HeaderName) -> Option<bool> {
    let text = headers.get(name)?.to_str().unwrap_or_default();
    let host = text.strip_prefix("http://").unwrap_or(text);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    Some(matches!(host, "127.0.0.1" | "localhost"))
}

async fn index(State(web): State<Arc<Web>>) -> Html<String> {
    let ports = web.ports;
    let links = [
        ("/".to_owned(), "诉求人页面"),
        ("/officers/".to_owned(), "工作人员工作台"),
        ("/openapi.yaml".to_owned(), "接口说明（OpenAPI）"),
        ("/outbox".to_owned(), "发件箱：已发出的通知"),
        ("/issuer/officers".to_owned(), "演示登录：人员与角色"),
        (Ports::url(ports.public), "诉求人与渠道接口（PublicApi）"),
        (Ports::url(ports.console), "工作人员接口（ConsoleApi）"),
    ];
    let mut list = String::new();
    for (address, text) in links {
        let _ = write!(
            list,
            "<li><a href=\"{address}\">{text}</a> <code>{address}</code></li>"
        );
    }
    let now = html::local_time(web.clock.now());
    let body = format!("<p>本机云当前时间：{now}</p><ul>{list}</ul>");
    Html(html::page("泰安市统一诉求平台 · 本机演示", &body))
}

async fn openapi(State(web): State<Arc<Web>>) -> Response {
    match tokio::fs::read(&web.openapi).await {
        Ok(text) => (
            [(header::CONTENT_TYPE, "application/yaml; charset=utf-8")],
            text,
        )
            .into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
