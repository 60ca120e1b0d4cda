//! The built pages (`web/dist`) as CloudFront serves them: compressed, with the headers that keep
//! them to their own host.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use super::{Web, html};
use crate::cloud::{APPELLANTS, AUDIENCE};

/// What is served, and what its pages may load.
#[derive(Debug)]
pub struct Site {
    /// What `npm run build` made.
    pub folder: PathBuf,
    /// `Content-Security-Policy`.
    pub policy: String,
}

/// `Content-Security-Policy` as `infra/pages/headers.json` has it for the cloud: files come from and go
/// to `files`; the issuer is on the pages' own host here.
pub fn policy(root: &Path, files: &str) -> Result<String> {
    let path = root.join("infra/pages/headers.json");
    let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let headers: Value = serde_json::from_slice(&text)?;
    let policy = headers
        .pointer("/SecurityHeadersConfig/ContentSecurityPolicy/ContentSecurityPolicy")
        .and_then(Value::as_str)
        .with_context(|| format!("{} has no policy", path.display()))?;
    Ok(policy.replace("FILES", files).replace(" ISSUERS", ""))
}

/// The pages. What is not among them is not there; links within a page stand behind its `#`.
pub fn router(site: Site) -> Router<Arc<Web>> {
    let policy = HeaderValue::try_from(site.policy).ok();
    let files = ServeDir::new(&site.folder);
    let is_built = site.folder.join("index.html").exists();
    let pages = Router::new().route("/config.json", get(config));
    let pages = if is_built {
        pages.fallback_service(files)
    } else {
        pages.fallback(missing)
    };
    pages
        .layer(from_fn_with_state(policy, guarded))
        .layer(CompressionLayer::new())
        .layer(from_fn(kept))
}

async fn config(State(web): State<Arc<Web>>) -> Json<Value> {
    let issuer = &web.expected.issuer;
    Json(json!({
        "city": "泰安市",
        "publicApi": "/api-public",
        "consoleApi": "/api-console",
        "appellants": { "issuer": issuer, "clientId": APPELLANTS },
        "officers": { "issuer": issuer, "clientId": AUDIENCE },
    }))
}

async fn missing() -> Response {
    let body = "<p>网页尚未构建：本机没有 Node.js（20.19 或更新）与 npm，或构建失败。</p>\
                <p>安装后重新执行 <code>cargo run</code>，或在 <code>web/</code> 下执行 \
                <code>npm ci &amp;&amp; npm run build</code>。接口与其余工具不受影响：\
                <a href=\"/laptop\">本机云工具</a>。</p>";
    let page = Html(html::page("泰安市统一诉求平台", body));
    (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
}

async fn guarded(
    State(policy): State<Option<HeaderValue>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(policy) = policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What is named by its content is kept for ever, the pages that name it are asked for again.
async fn kept(request: Request, next: Next) -> Response {
    let is_named = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let kept = if is_named {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}
