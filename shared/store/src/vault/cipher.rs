//! Sealing: the vault key wraps each appellant's key, and that seals all the vault keeps of them. What
//! is sealed is bound to its name, so that no record passes for another.

use app::AppError;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::ids::{AppellantId, VaultName};

const NONCE_BYTES: usize = 24;

/// The key that wraps the appellants' keys. 32 bytes.
#[derive(Clone)]
pub struct VaultKey([u8; 32]);

impl std::fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VaultKey([secret])")
    }
}

impl VaultKey {
    /// Takes 32 bytes.
    pub fn new(key: &[u8]) -> Option<Self> {
        key.try_into().ok().map(Self)
    }

    /// A new key for an appellant, wrapped.
    pub(super) fn new_appellant_key(&self, appellant: &AppellantId) -> Result<Vec<u8>, AppError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(broken)?;
        encrypt(&self.0, appellant.as_str(), &key)
    }

    /// Unwraps the key of an appellant.
    pub(super) fn appellant_key(
        &self,
        appellant: &AppellantId,
        wrapped: &[u8],
    ) -> Result<AppellantKey, AppError> {
        let key = decrypt(&self.0, appellant.as_str(), wrapped)?;
        let key = key.try_into().map_err(|_| broken("a key of odd length"))?;
        Ok(AppellantKey(key))
    }
}

/// The key of all that the vault keeps of one appellant.
pub(super) struct AppellantKey([u8; 32]);

impl AppellantKey {
    pub(super) fn seal(&self, name: &VaultName, plain: &[u8]) -> Result<Vec<u8>, AppError> {
        encrypt(&self.0, &name.to_string(), plain)
    }

    pub(super) fn open(&self, name: &VaultName, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        decrypt(&self.0, &name.to_string(), sealed)
    }
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("vault: {error}"))
}

fn encrypt(key: &[u8; 32], name: &str, plain: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(broken)?;
    let payload = Payload {
        msg: plain,
        aad: name.as_bytes(),
    };
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(broken)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn decrypt(key: &[u8; 32], name: &str, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
    let (nonce, sealed) = sealed
        .split_at_checked(NONCE_BYTES)
        .ok_or_else(|| broken("too short"))?;
    let payload = Payload {
        msg: sealed,
        aad: name.as_bytes(),
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), payload)
        .map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_dp_4_a_sealed_record_opens_with_its_appellants_key_and_its_name_only() {
        let vault = VaultKey::new(&[7; 32]).unwrap();
        let one = VaultName::of(AppellantId::of(&[1; 32]), &[b"one"]);
        let wrapped = vault.new_appellant_key(&one.appellant).unwrap();
        let key = vault.appellant_key(&one.appellant, &wrapped).unwrap();
        let plain = "张三".as_bytes();
        let sealed = key.seal(&one, plain).unwrap();
        assert_eq!(key.open(&one, &sealed).unwrap(), plain);
        assert!(!sealed.windows(plain.len()).any(|window| window == plain));

        let another = VaultName::of(one.appellant.clone(), &[b"two"]);
        assert!(key.open(&another, &sealed).is_err());
        let stranger = AppellantId::of(&[2; 32]);
        assert!(vault.appellant_key(&stranger, &wrapped).is_err());
        let wrong = VaultKey::new(&[8; 32]).unwrap();
        assert!(wrong.appellant_key(&one.appellant, &wrapped).is_err());
        // With another key of the same appellant, nothing opens: the first one is what was destroyed.
        let later = vault.new_appellant_key(&one.appellant).unwrap();
        let later = vault.appellant_key(&one.appellant, &later).unwrap();
        assert!(later.open(&one, &sealed).is_err());
    }
}
