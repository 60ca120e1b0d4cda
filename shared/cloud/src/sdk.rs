//! The SDK's configuration: no provider chain, no profile files. Lambda injects region and
//! credentials and replaces the environment before they expire.

use app::AppError;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use aws_types::region::Region;

/// Reads a variable that must be there.
pub fn variable(name: &str) -> Result<String, AppError> {
    std::env::var(name)
        .map_err(|_| AppError::Broken(format!("environment variable `{name}` is not set")))
}

/// The one HTTP client.
pub fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

/// Credentials from the environment.
pub fn credentials() -> Result<Credentials, AppError> {
    let token = std::env::var("AWS_SESSION_TOKEN")
        .ok()
        .filter(|token| !token.is_empty());
    let (id, secret) = (
        variable("AWS_ACCESS_KEY_ID")?,
        variable("AWS_SECRET_ACCESS_KEY")?,
    );
    Ok(Credentials::new(id, secret, token, None, "environment"))
}

/// The shared configuration.
#[derive(Debug, Clone)]
pub struct Sdk {
    base: SdkConfig,
}

impl Sdk {
    /// From the environment.
    pub fn from_env() -> Result<Self, AppError> {
        let base = SdkConfig::builder()
            .region(Region::new(variable("AWS_REGION")?))
            .credentials_provider(SharedCredentialsProvider::new(credentials()?))
            .http_client(http_client())
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(aws_smithy_async::time::SystemTimeSource::new())
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .build();
        Ok(Self { base })
    }

    /// The region's name.
    pub fn region(&self) -> &str {
        self.base.region().map_or("", Region::as_ref)
    }

    fn endpoint(service: &str) -> Option<String> {
        std::env::var(format!("AWS_ENDPOINT_URL_{service}")).ok()
    }

    /// DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let mut config = aws_sdk_dynamodb::config::Builder::from(&self.base);
        config.set_endpoint_url(Self::endpoint("DYNAMODB"));
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// S3.
    #[cfg(feature = "s3")]
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let endpoint = Self::endpoint("S3");
        let config = aws_sdk_s3::config::Builder::from(&self.base);
        let mut config = config.force_path_style(endpoint.is_some());
        config.set_endpoint_url(endpoint);
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// SQS.
    #[cfg(feature = "sqs")]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        let mut config = aws_sdk_sqs::config::Builder::from(&self.base);
        config.set_endpoint_url(Self::endpoint("SQS"));
        aws_sdk_sqs::Client::from_conf(config.build())
    }

    /// Secrets Manager.
    #[cfg(feature = "secrets")]
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        let mut config = aws_sdk_secretsmanager::config::Builder::from(&self.base);
        config.set_endpoint_url(Self::endpoint("SECRETS_MANAGER"));
        aws_sdk_secretsmanager::Client::from_conf(config.build())
    }

    /// The address of a bucket, as a browser reaches it: path style on an endpoint of our own,
    /// the partition's host otherwise.
    pub fn bucket_url(&self, bucket: &str) -> String {
        let region = self.region();
        let suffix = if region.starts_with("cn-") {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        };
        match Self::endpoint("S3") {
            Some(endpoint) => format!("{}/{bucket}", endpoint.trim_end_matches('/')),
            None => format!("https://{bucket}.s3.{region}.{suffix}"),
        }
    }
}
