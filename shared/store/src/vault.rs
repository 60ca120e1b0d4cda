//! The vault of personal data (Art. 16; R-DP-4): a table of its own, each record sealed with a
//! data key of its own, which is wrapped by the vault key. Destroying a record destroys its key.

use app::AppError;
use app::originals::Original;
use app::ports::{Vault, VaultRecords};
use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::appeal::{Appellant, AppellantKind};
use domain::ids::TextRef;
use domain::personal::Personal;
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, bytes, text};
use crate::keys;
use crate::table::unavailable;
use crate::texts::{deflate, inflate};

const NONCE_BYTES: usize = 24;

/// The key that wraps the data keys of the vault. 32 bytes.
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

    /// Seals an appellant's record under its name.
    fn seal_appellant(&self, name: &TextRef, appellant: &Appellant) -> Result<Item, AppError> {
        let record = serde_json::to_vec(&Record::from(appellant)).map_err(broken)?;
        self.seal(name, &record)
    }

    fn open_appellant(&self, name: &TextRef, item: &Item) -> Result<Appellant, AppError> {
        let record: Option<Record> = serde_json::from_slice(&self.open(name, item)?).ok();
        let appellant = record.and_then(Record::into_appellant);
        appellant.ok_or_else(|| Reader::new(item, name.as_str()).corrupt("c"))
    }

    fn seal(&self, name: &TextRef, plain: &[u8]) -> Result<Item, AppError> {
        let mut data_key = [0; 32];
        getrandom::fill(&mut data_key).map_err(broken)?;
        Ok(Item::from([
            (keys::PK.to_owned(), text(keys::vault(name))),
            ("k".to_owned(), bytes(encrypt(&self.0, name, &data_key)?)),
            ("c".to_owned(), bytes(encrypt(&data_key, name, plain)?)),
        ]))
    }

    fn open(&self, name: &TextRef, item: &Item) -> Result<Vec<u8>, AppError> {
        let reader = Reader::new(item, name.as_str());
        let data_key = decrypt(&self.0, name, reader.bytes("k")?)?;
        let data_key: [u8; 32] = data_key.try_into().map_err(|_| reader.corrupt("k"))?;
        decrypt(&data_key, name, reader.bytes("c")?)
    }
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("vault: {error}"))
}

fn encrypt(key: &[u8; 32], name: &TextRef, plain: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(broken)?;
    let payload = Payload {
        msg: plain,
        aad: name.as_str().as_bytes(),
    };
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(broken)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn decrypt(key: &[u8; 32], name: &TextRef, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
    let (nonce, sealed) = sealed
        .split_at_checked(NONCE_BYTES)
        .ok_or_else(|| broken("too short"))?;
    let payload = Payload {
        msg: sealed,
        aad: name.as_str().as_bytes(),
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), payload)
        .map_err(broken)
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Record {
    kind: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

impl From<&Appellant> for Record {
    fn from(appellant: &Appellant) -> Self {
        let clear = |value: &Option<Personal<String>>| value.as_ref().map(|v| v.reveal().clone());
        Self {
            kind: appellant.kind.code().to_owned(),
            name: appellant.name.reveal().clone(),
            phone: clear(&appellant.phone),
            identity_number: clear(&appellant.identity_number),
            address: clear(&appellant.address),
        }
    }
}

impl Record {
    fn into_appellant(self) -> Option<Appellant> {
        Some(Appellant {
            kind: AppellantKind::from_code(&self.kind)?,
            name: Personal::new(self.name),
            phone: self.phone.map(Personal::new),
            identity_number: self.identity_number.map(Personal::new),
            address: self.address.map(Personal::new),
        })
    }
}

/// The vault in its table.
#[derive(Debug, Clone)]
pub struct DynamoVault {
    client: Client,
    table: String,
    key: VaultKey,
}

impl DynamoVault {
    /// The vault in `table`.
    pub const fn new(client: Client, table: String, key: VaultKey) -> Self {
        Self { client, table, key }
    }

    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// The items of a new subject.
    pub(crate) fn items(&self, records: &VaultRecords<'_>) -> Result<Vec<Item>, AppError> {
        let record = self.key.seal_appellant(records.name, records.appellant)?;
        let original = records.original.map(|it| self.original(it)).transpose()?;
        Ok([record].into_iter().chain(original).collect())
    }

    /// The item of what an appellant wrote.
    pub(crate) fn original(&self, original: &Original) -> Result<Item, AppError> {
        self.key
            .seal(&original.name, &deflate(original.bytes.reveal())?)
    }

    pub(crate) async fn put_original(&self, original: &Original) -> Result<(), AppError> {
        let request = self.client.put_item().table_name(&self.table);
        let request = request.set_item(Some(self.original(original)?));
        request.send().await.map(|_| ()).map_err(unavailable)
    }

    async fn get(&self, name: &TextRef) -> Result<Option<Item>, AppError> {
        let request = self.client.get_item().table_name(&self.table);
        let request = request.key(keys::PK, text(keys::vault(name)));
        Ok(request.send().await.map_err(unavailable)?.item)
    }
}

#[async_trait]
impl Vault for DynamoVault {
    async fn appellant(&self, name: &TextRef) -> Result<Option<Appellant>, AppError> {
        let found = self.get(name).await?;
        found
            .map(|item| self.key.open_appellant(name, &item))
            .transpose()
    }

    async fn original(&self, name: &TextRef) -> Result<Option<Personal<Vec<u8>>>, AppError> {
        let Some(item) = self.get(name).await? else {
            return Ok(None);
        };
        let plain = inflate(&self.key.open(name, &item)?)?;
        Ok(Some(Personal::new(plain)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_dp_4_a_sealed_record_opens_with_its_key_and_name_only() {
        let key = VaultKey::new(&[7; 32]).unwrap();
        let appellant = Appellant {
            kind: AppellantKind::Person,
            name: Personal::new("张三".into()),
            phone: Some(Personal::new("13800000000".into())),
            identity_number: None,
            address: None,
        };
        let name = TextRef::of(b"one");
        let sealed = key.seal_appellant(&name, &appellant).unwrap();
        assert_eq!(key.open_appellant(&name, &sealed).unwrap(), appellant);
        assert!(key.open(&TextRef::of(b"two"), &sealed).is_err());
        assert!(
            VaultKey::new(&[8; 32])
                .unwrap()
                .open(&name, &sealed)
                .is_err()
        );
        let ciphertext = sealed["c"].as_b().unwrap().as_ref();
        assert!(
            !ciphertext
                .windows(6)
                .any(|window| window == "张三".as_bytes())
        );
    }
}
