//! A function's start: settings, logging, the SDK, the store with its connection opened.

use app::AppError;
use cloud::sdk::{Sdk, variable};
use store::DynamoStore;

/// What a function starts with.
#[derive(Debug)]
pub struct Setup {
    /// The function's name, as in logs and metrics.
    pub function: &'static str,
    /// `production`, `test`, `laptop`, …
    pub stage: String,
    /// The SDK.
    pub sdk: Sdk,
}

impl Setup {
    /// Reads the environment and starts logging. A stage named production refuses a moved clock.
    pub fn from_env(function: &'static str) -> Result<Self, AppError> {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .with_target(false)
            .with_ansi(false)
            .with_max_level(tracing::Level::INFO)
            .finish();
        // A second subscriber in one process (tests) is not an error.
        let _ = tracing::subscriber::set_global_default(subscriber);
        let stage = variable("STAGE")?;
        if stage == "production" && std::env::var("CLOCK_FILE").is_ok() {
            return Err(AppError::Broken("a moved clock in production".to_owned()));
        }
        Ok(Self {
            function,
            stage,
            sdk: Sdk::from_env()?,
        })
    }

    /// The ticket store, not yet connected.
    pub fn store(&self) -> Result<DynamoStore, AppError> {
        Ok(DynamoStore::new(
            self.sdk.dynamodb(),
            variable("TICKETS_TABLE")?,
        ))
    }

    /// The ticket store, its connection opened and reference data read: start-up has more CPU
    /// than an invocation. A failure is left to the first invocation, which will say so.
    pub async fn warm_store(&self) -> Result<DynamoStore, AppError> {
        let store = self.store()?;
        self.prewarm(&store).await;
        Ok(store)
    }

    /// Opens the store's connection.
    pub async fn prewarm(&self, store: &DynamoStore) {
        if let Err(error) = store.prewarm(crate::clock::now()).await {
            tracing::warn!(function = self.function, error = %error, "prewarming failed");
        }
    }

    /// A setting that must be there.
    pub fn setting(&self, name: &str) -> Result<String, AppError> {
        variable(name)
    }
}
