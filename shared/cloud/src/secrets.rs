//! Where the keys come from: a secret in the cloud, a file on the laptop.

use access::secrets::KeySet;
use app::AppError;
use aws_sdk_secretsmanager::error::DisplayErrorContext;

use crate::sdk::Sdk;

/// Reads the keys from `source`: `secretsmanager:<arn>` or `file:<path>`.
pub async fn keys(sdk: &Sdk, source: &str) -> Result<KeySet, AppError> {
    let json = match source.split_once(':') {
        Some(("file", path)) => std::fs::read_to_string(path)
            .map_err(|error| AppError::Broken(format!("keys file: {error}")))?,
        Some(("secretsmanager", arn)) => from_secrets_manager(sdk, arn).await?,
        _ => {
            return Err(AppError::Broken(
                "KEYS names neither a file nor a secret".to_owned(),
            ));
        }
    };
    KeySet::parse(&json).map_err(|error| AppError::Broken(error.to_string()))
}

async fn from_secrets_manager(sdk: &Sdk, arn: &str) -> Result<String, AppError> {
    let request = sdk.secrets_manager().get_secret_value().secret_id(arn);
    let value = request.send().await;
    let value =
        value.map_err(|error| AppError::Unavailable(DisplayErrorContext(error).to_string()))?;
    value
        .secret_string
        .ok_or_else(|| AppError::Broken("the secret is not text".to_owned()))
}
