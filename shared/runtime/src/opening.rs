//! The vault for those who open records, and for those who erase (Art. 16).

use access::secrets::KeySet;
use app::AppError;
use store::{OpenVault, VaultErasures};

use crate::Setup;
use crate::vault::{tables, vault};

/// The vault to open, from the environment and the keys.
pub fn open_vault(setup: &Setup, keys: &KeySet) -> Result<OpenVault, AppError> {
    let erasures = setup.setting("ERASURES_TABLE")?;
    Ok(OpenVault::new(vault(setup, keys)?, erasures))
}

/// What erases and opens nothing, from the environment.
pub fn erasures(setup: &Setup) -> Result<VaultErasures, AppError> {
    let (tables, erasures) = (tables(setup)?, setup.setting("ERASURES_TABLE")?);
    Ok(VaultErasures::new(setup.sdk.dynamodb(), tables, erasures))
}
