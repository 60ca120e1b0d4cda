//! The vault, for the few functions that may open it (Art. 16).

use access::secrets::KeySet;
use app::AppError;
use store::{DynamoStore, DynamoVault, VaultKey, VaultTables};

use crate::Setup;

/// The vault, from the environment and the keys.
pub fn vault(setup: &Setup, keys: &KeySet) -> Result<DynamoVault, AppError> {
    let key = VaultKey::new(keys.vault_key.expose())
        .ok_or_else(|| AppError::Broken("the vault key is not 32 bytes".to_owned()))?;
    Ok(DynamoVault::new(setup.sdk.dynamodb(), tables(setup)?, key))
}

/// Where the vault is, from the environment.
pub(crate) fn tables(setup: &Setup) -> Result<VaultTables, AppError> {
    Ok(VaultTables {
        records: setup.setting("VAULT_TABLE")?,
        keys: setup.setting("APPELLANT_KEYS_TABLE")?,
    })
}

/// The ticket store with the vault, its connection opened.
pub async fn warm_store(setup: &Setup, keys: &KeySet) -> Result<DynamoStore, AppError> {
    let store = setup.store()?.with_vault(vault(setup, keys)?);
    setup.prewarm(&store).await;
    Ok(store)
}
