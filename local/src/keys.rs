//! The keys file of the laptop: made once, at random, readable by its owner only. It stands in for
//! the secret the functions read in the cloud, with the same JSON.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};

/// The eight channels of the regulation (Art. 2), each with secrets of its own.
pub const CHANNELS: [&str; 8] = [
    "pc",
    "mobile",
    "window",
    "kiosk",
    "tv",
    "review",
    "media_board",
    "leader_mailbox",
];

/// Content of the keys file.
#[derive(Clone, Serialize, Deserialize)]
pub struct Keys {
    /// Encrypts the vault, base64 of 32 bytes.
    pub vault_key: String,
    /// Hashes query codes.
    pub query_code_key: String,
    /// Hashes identities.
    pub identity_key: String,
    /// Signs webhooks (Standard Webhooks, `whsec_…`); the first one signs, all verify.
    pub webhook_secrets: Vec<String>,
    /// Up to two live secrets of each channel.
    pub channel_secrets: BTreeMap<String, Vec<String>>,
}

// Secrets never reach a log through `{:?}`.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

impl Keys {
    /// Reads the keys file, making it first when absent.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            write_private(path, &serde_json::to_vec_pretty(&Self::generate()?)?)?;
        }
        let bytes = std::fs::read(path)?;
        serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
    }

    fn generate() -> Result<Self> {
        let mut channel_secrets = BTreeMap::new();
        for channel in CHANNELS {
            channel_secrets.insert(channel.to_owned(), vec![random_base64()?, random_base64()?]);
        }
        Ok(Self {
            vault_key: random_base64()?,
            query_code_key: random_base64()?,
            identity_key: random_base64()?,
            webhook_secrets: vec![format!("whsec_{}", random_base64()?)],
            channel_secrets,
        })
    }
}

/// `N` random bytes from the system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .ok()
        .context("the system gave no random bytes")?;
    Ok(bytes)
}

/// Lower-case hexadecimal of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes a file only its owner may read, whole or not at all.
pub fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let partial = path.with_extension("partial");
    let _ = std::fs::remove_file(&partial);
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    Ok(())
}

fn random_base64() -> Result<String> {
    Ok(BASE64_STANDARD.encode(random::<32>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn keys_are_made_once_and_private() {
        let path = std::env::temp_dir().join(format!("suqiu-keys-{}.json", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let first = Keys::open(&path).unwrap();
        let second = Keys::open(&path).unwrap();
        assert_eq!(first.vault_key, second.vault_key);
        assert_eq!(first.channel_secrets.len(), 8);
        assert_eq!(BASE64_STANDARD.decode(&first.vault_key).unwrap().len(), 32);
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
