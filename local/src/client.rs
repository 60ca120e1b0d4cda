//! A small HTTP client for loopback: the demonstration, the commands and the tests speak through it.

use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// An answer that takes longer is none.
const LIMIT: Duration = Duration::from_mins(1);

/// Keeps connections open between requests.
#[derive(Debug, Clone)]
pub struct Client {
    inner: legacy::Client<HttpConnector, Full<Bytes>>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Default for Client {
    fn default() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            inner: legacy::Client::builder(TokioExecutor::new()).build(connector),
        }
    }
}

impl Client {
    /// Sends one request. An answer of any status is an answer.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = self.inner.request(request.body(Full::new(body))?);
        let response = tokio::time::timeout(LIMIT, sent)
            .await
            .context("no answer in time")??;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }

    /// `GET`.
    pub async fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        self.send(Method::GET, url, headers, Bytes::new()).await
    }

    /// `POST` of JSON.
    pub async fn post_json(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Answer> {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(Method::POST, url, &all, Bytes::from(body.to_string()))
            .await
    }

    /// `POST` of a form whose values need no escaping.
    pub async fn post_form(&self, url: &str, form: &str) -> Result<Answer> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(
            Method::POST,
            url,
            &headers,
            Bytes::copy_from_slice(form.as_bytes()),
        )
        .await
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("no JSON: {}", self.text()))
    }

    /// The body as text, for messages.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The answer itself when its status is 2xx, else an error that shows it.
    pub fn success(self) -> Result<Self> {
        anyhow::ensure!(self.status.is_success(), "{}: {}", self.status, self.text());
        Ok(self)
    }
}
