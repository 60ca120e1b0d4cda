//! Plain HTTP with the SDK's own client: no second HTTP or TLS stack in a function.

use std::time::Duration;

use app::AppError;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::http::Request;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt as _, Limited};

/// An answer larger than this is not for us.
const ANSWER_LIMIT_BYTES: usize = 1 << 20;

/// A client for calls that are not AWS's: keys of the issuer, the city's messaging gateway.
#[derive(Debug, Clone)]
pub struct Http {
    connector: SharedHttpConnector,
}

/// Status and body.
pub type Answer = (u16, Vec<u8>);

impl Http {
    /// With time-outs for connecting and reading.
    pub fn new(timeout: Duration) -> Self {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(timeout)
            .read_timeout(timeout)
            .build();
        let connector = Connector::builder()
            .connector_settings(settings)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build();
        Self {
            connector: SharedHttpConnector::new(connector),
        }
    }

    /// `GET url`.
    pub async fn get(&self, url: &str) -> Result<Answer, AppError> {
        self.send("GET", url, &[], Vec::new()).await
    }

    /// `POST url`.
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, AppError> {
        self.send("POST", url, headers, body).await
    }

    async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, AppError> {
        let length = body.len();
        let mut request = Request::new(SdkBody::from(body));
        request.set_method(method).map_err(broken)?;
        request.set_uri(url).map_err(broken)?;
        for (name, value) in headers {
            request
                .headers_mut()
                .try_insert((*name).to_owned(), value.clone())
                .map_err(broken)?;
        }
        if method == "POST" {
            let length = length.to_string();
            request
                .headers_mut()
                .try_insert("content-length", length)
                .map_err(broken)?;
        }
        let response = self.connector.call(request).await;
        let response = response.map_err(|error| AppError::Unavailable(error.to_string()))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_LIMIT_BYTES)
            .collect()
            .await;
        let body = body.map_err(|error| AppError::Unavailable(error.to_string()))?;
        Ok((status, body.to_bytes().to_vec()))
    }
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("http: {error}"))
}
