//! The vault of personal data (Art. 16; R-DP-4): a table of records, and apart from it a table of
//! keys, one for each appellant, wrapped by the vault key. Destroying a appellant's key erases the
//! appellant, whatever copies of the records there are.

use app::AppError;
use app::originals::Original;
use app::ports::{AppellantKeys, Vault, VaultRecords};
use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::ReturnValue;
use chrono::{DateTime, Utc};
use domain::appeal::{Appellant, AppellantKind};
use domain::ids::{AppellantId, VaultName};
use domain::personal::Personal;
use domain::ticket::{Ticket, TicketKey};
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, bytes, number, text};
use crate::keys;
use crate::table::unavailable;
use crate::texts::{deflate, inflate};

use cipher::AppellantKey;
pub use cipher::VaultKey;

mod cipher;

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("vault: {error}"))
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

/// The tables of the vault.
#[derive(Debug, Clone)]
pub struct VaultTables {
    /// Of the sealed records.
    pub records: String,
    /// Of the appellants' keys.
    pub keys: String,
}

/// The vault for those who write into it. It opens nothing: that takes [`OpenVault`].
#[derive(Debug, Clone)]
pub struct DynamoVault {
    client: Client,
    tables: VaultTables,
    key: VaultKey,
}

impl DynamoVault {
    /// The vault in `tables`.
    pub const fn new(client: Client, tables: VaultTables, key: VaultKey) -> Self {
        Self {
            client,
            tables,
            key,
        }
    }

    pub(crate) fn table(&self) -> &str {
        &self.tables.records
    }

    /// The items of a new appeal. Its appellant gets a key with the first.
    pub(crate) async fn items(
        &self,
        ticket: &TicketKey,
        records: &VaultRecords<'_>,
    ) -> Result<Vec<Item>, AppError> {
        let appellant = &records.name.appellant;
        let key = match self.appellant_key(appellant).await? {
            Some(key) => key,
            None => self.first_key(appellant).await?,
        };
        let record = serde_json::to_vec(&Record::from(records.appellant)).map_err(broken)?;
        let mut record = sealed(&key, records.name, &record)?;
        record.insert("t".to_owned(), text(ticket.as_str()));
        let original = records.original.map(|it| original_item(&key, it));
        let original = original.transpose()?;
        Ok([record].into_iter().chain(original).collect())
    }

    /// What an appellant adds later is kept while their key is.
    pub(crate) async fn put_original(&self, original: &Original) -> Result<(), AppError> {
        let Some(key) = self.appellant_key(&original.name.appellant).await? else {
            return Ok(());
        };
        let request = self.client.put_item().table_name(self.table());
        let request = request.set_item(Some(original_item(&key, original)?));
        request.send().await.map(|_| ()).map_err(unavailable)
    }

    async fn appellant_key(
        &self,
        appellant: &AppellantId,
    ) -> Result<Option<AppellantKey>, AppError> {
        let request = self.client.get_item().table_name(&self.tables.keys);
        let request = request
            .key(keys::PK, text(keys::appellant_key(appellant)))
            .consistent_read(true);
        let found = request.send().await.map_err(unavailable)?.item;
        let Some(item) = found.filter(|item| item.contains_key("k")) else {
            return Ok(None);
        };
        let wrapped = Reader::new(&item, appellant.as_str()).bytes("k")?;
        self.key.appellant_key(appellant, wrapped).map(Some)
    }

    /// Of two first appeals at once, one makes the key and both seal with it.
    async fn first_key(&self, appellant: &AppellantId) -> Result<AppellantKey, AppError> {
        let request = self.client.update_item().table_name(&self.tables.keys);
        let request = request
            .key(keys::PK, text(keys::appellant_key(appellant)))
            .update_expression("SET k = if_not_exists(k, :k)")
            .expression_attribute_values(":k", bytes(self.key.new_appellant_key(appellant)?))
            .return_values(ReturnValue::UpdatedNew);
        let kept = request.send().await.map_err(unavailable)?.attributes;
        let kept = kept.ok_or_else(|| broken("an update gave nothing back"))?;
        let wrapped = Reader::new(&kept, appellant.as_str()).bytes("k")?;
        self.key.appellant_key(appellant, wrapped)
    }
}

fn original_item(key: &AppellantKey, original: &Original) -> Result<Item, AppError> {
    sealed(key, &original.name, &deflate(original.bytes.reveal())?)
}

fn sealed(key: &AppellantKey, name: &VaultName, plain: &[u8]) -> Result<Item, AppError> {
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::vault(&name.appellant))),
        (keys::SK.to_owned(), text(name.record())),
        ("c".to_owned(), bytes(key.seal(name, plain)?)),
    ]))
}

/// The vault for the few who open records. What a tombstone covers stays closed, even where a restored
/// table has the key again.
#[derive(Debug, Clone)]
pub struct OpenVault {
    vault: DynamoVault,
    erasures: String,
}

impl OpenVault {
    /// The vault, and the table of tombstones.
    pub const fn new(vault: DynamoVault, erasures: String) -> Self {
        Self { vault, erasures }
    }

    /// The ticket's record called `name`, while its appellant's key is there.
    async fn open(&self, ticket: &Ticket, name: &VaultName) -> Result<Option<Vec<u8>>, AppError> {
        let (client, records) = (&self.vault.client, self.vault.table());
        let request = client.get_item().table_name(records);
        let request = request
            .key(keys::PK, text(keys::vault(&name.appellant)))
            .key(keys::SK, text(name.record()));
        let Some(item) = request.send().await.map_err(unavailable)?.item else {
            return Ok(None);
        };
        if self.is_erased(ticket, &name.appellant).await? {
            return Ok(None);
        }
        let Some(key) = self.vault.appellant_key(&name.appellant).await? else {
            return Ok(None);
        };
        let sealed = Reader::new(&item, name.record()).bytes("c")?;
        key.open(name, sealed).map(Some)
    }

    async fn is_erased(&self, ticket: &Ticket, whose: &AppellantId) -> Result<bool, AppError> {
        let request = self.vault.client.get_item().table_name(&self.erasures);
        let request = request
            .key(keys::PK, text(keys::tombstone(whose)))
            .consistent_read(true);
        let Some(item) = request.send().await.map_err(unavailable)?.item else {
            return Ok(false);
        };
        let erased_at: i64 = Reader::new(&item, whose.as_str()).number("x")?;
        Ok(ticket.received_at.timestamp_millis() <= erased_at)
    }
}

#[async_trait]
impl Vault for OpenVault {
    async fn appellant(&self, ticket: &Ticket) -> Result<Option<Appellant>, AppError> {
        let name = &ticket.submission.vault;
        let Some(plain) = self.open(ticket, name).await? else {
            return Ok(None);
        };
        let record: Option<Record> = serde_json::from_slice(&plain).ok();
        let appellant = record.and_then(Record::into_appellant);
        let corrupt = || broken(format!("record `{}` makes no sense", name.record()));
        appellant.ok_or_else(corrupt).map(Some)
    }

    async fn original(
        &self,
        ticket: &Ticket,
        name: &VaultName,
    ) -> Result<Option<Personal<Vec<u8>>>, AppError> {
        let opened = self.open(ticket, name).await?;
        let plain = opened.map(|plain| inflate(&plain)).transpose()?;
        Ok(plain.map(Personal::new))
    }
}

/// The vault for those who erase: they see which tickets it keeps something of, and open nothing.
#[derive(Debug, Clone)]
pub struct VaultErasures {
    client: Client,
    tables: VaultTables,
    erasures: String,
}

impl VaultErasures {
    /// The vault's tables, and the table of tombstones.
    pub const fn new(client: Client, tables: VaultTables, erasures: String) -> Self {
        Self {
            client,
            tables,
            erasures,
        }
    }
}

#[async_trait]
impl AppellantKeys for VaultErasures {
    async fn tickets(&self, appellant: &AppellantId) -> Result<Vec<TicketKey>, AppError> {
        let request = self.client.query().table_name(&self.tables.records);
        let mut pages = request
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(keys::vault(appellant)))
            .projection_expression("t")
            .consistent_read(true)
            .into_paginator()
            .send();
        let mut tickets = Vec::new();
        while let Some(page) = pages.next().await {
            for item in page.map_err(unavailable)?.items.unwrap_or_default() {
                // What was added later bears no ticket of its own.
                let Some(key) = Reader::new(&item, appellant.as_str()).optional("t") else {
                    continue;
                };
                let key = TicketKey::parse(key);
                tickets.push(key.ok_or_else(|| broken("a record names no ticket"))?);
            }
        }
        Ok(tickets)
    }

    async fn destroy(&self, appellant: &AppellantId, at: DateTime<Utc>) -> Result<(), AppError> {
        let at = number(at.timestamp_millis());
        let request = self.client.update_item().table_name(&self.erasures);
        let request = request
            .key(keys::PK, text(keys::tombstone(appellant)))
            .update_expression("SET x = :x")
            .expression_attribute_values(":x", at);
        request.send().await.map_err(unavailable)?;
        let request = self.client.update_item().table_name(&self.tables.keys);
        let request = request
            .key(keys::PK, text(keys::appellant_key(appellant)))
            .update_expression("REMOVE k");
        request.send().await.map(|_| ()).map_err(unavailable)
    }
}
