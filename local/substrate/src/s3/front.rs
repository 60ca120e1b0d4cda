//! S3 over HTTP for pages of other origins, and the refusals of form uploads as AWS words them.

use std::collections::BTreeMap;

use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
        ACCESS_CONTROL_REQUEST_METHOD, CONTENT_LENGTH, ORIGIN, VARY,
    },
};
use s3s::{Body, HttpRequest, HttpResponse};

use super::S3;
use crate::CorsRule;

/// No error document is larger.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Which pages may talk to which bucket.
#[derive(Debug)]
pub(super) struct Pages(BTreeMap<String, Vec<CorsRule>>);

impl Pages {
    pub(super) fn new(rules: BTreeMap<String, Vec<CorsRule>>) -> Self {
        Self(rules)
    }

    fn rule<'a>(
        &'a self,
        path: &str,
        method: &str,
        headers: &'a HeaderMap,
    ) -> Option<(&'a CorsRule, &'a str)> {
        let origin = headers.get(ORIGIN)?.to_str().ok()?;
        let bucket = path.trim_start_matches('/').split('/').next()?;
        let rule = self.0.get(bucket)?.iter().find(|rule| {
            rule.origins.iter().any(|pattern| matches(pattern, origin))
                && rule.methods.iter().any(|allowed| allowed == method)
        })?;
        Some((rule, origin))
    }
}

impl S3 {
    pub(super) async fn answer(&self, request: HttpRequest) -> anyhow::Result<HttpResponse> {
        let path = request.uri().path().to_owned();
        let method = request.method().clone();
        let headers = request.headers().clone();
        if method == Method::OPTIONS {
            return Ok(self.preflight(&path, &headers));
        }
        let mut response = match self.service.call(request).await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(?error, "S3 failed");
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        };
        if method == Method::POST && response.status() == StatusCode::BAD_REQUEST {
            response = as_access_denied(response).await;
        }
        if let Some((rule, origin)) = self.pages.rule(&path, method.as_str(), &headers) {
            let answer = response.headers_mut();
            set(answer, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            set(
                answer,
                ACCESS_CONTROL_EXPOSE_HEADERS,
                &rule.expose.join(", "),
            );
            answer.append(VARY, HeaderValue::from_static("Origin"));
        }
        Ok(response)
    }

    fn preflight(&self, path: &str, headers: &HeaderMap) -> HttpResponse {
        let mut response = Response::new(Body::empty());
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let method = text(ACCESS_CONTROL_REQUEST_METHOD).unwrap_or_default();
        let wanted = text(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
        let allowed = self.pages.rule(path, method, headers).filter(|(rule, _)| {
            wanted
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .all(|name| {
                    let name = name.to_ascii_lowercase();
                    rule.headers
                        .iter()
                        .any(|pattern| matches(&pattern.to_ascii_lowercase(), &name))
                })
        });
        let Some((rule, origin)) = allowed else {
            *response.status_mut() = StatusCode::FORBIDDEN;
            return response;
        };
        let answer = response.headers_mut();
        set(answer, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        set(
            answer,
            ACCESS_CONTROL_ALLOW_METHODS,
            &rule.methods.join(", "),
        );
        set(answer, ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        answer.append(VARY, HeaderValue::from_static("Origin"));
        response
    }
}

/// s3s answers a form that breaks its policy with 400 `InvalidPolicyDocument`; S3 with 403
/// `AccessDenied`. A form with a policy that is no policy stays 400 in both.
async fn as_access_denied(response: HttpResponse) -> HttpResponse {
    let (mut parts, mut body) = response.into_parts();
    let Ok(bytes) = body.store_all_limited(MAX_ERROR_BYTES).await else {
        return Response::from_parts(parts, body);
    };
    let text = String::from_utf8_lossy(&bytes);
    if !text.contains("<Code>InvalidPolicyDocument</Code>") || text.contains("failed to parse") {
        return Response::from_parts(parts, bytes.into());
    }
    parts.status = StatusCode::FORBIDDEN;
    let text = text
        .replace(
            "<Code>InvalidPolicyDocument</Code>",
            "<Code>AccessDenied</Code>",
        )
        .replace("<Message>", "<Message>Invalid according to Policy: ");
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, text.into())
}

/// `*` in the pattern stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

fn set(headers: &mut HeaderMap, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value)
        && !value.is_empty()
    {
        headers.insert(name, value);
    }
}
