//! S3, SQS, Secrets Manager and plain HTTP: SDK and TLS set-up in one place. One HTTP client for
//! everything, ring for TLS, region and credentials straight from the environment.

pub mod http;
pub mod objects;
#[cfg(feature = "sqs")]
pub mod queues;
pub mod sdk;
#[cfg(feature = "secrets")]
pub mod secrets;
