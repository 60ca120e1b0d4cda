//! The ticket store in DynamoDB: reads, and one conditional write per transition.

use std::sync::{Arc, Mutex};

use app::AppError;
use app::originals::Original;
use app::ports::{
    Attachment, Committed, Created, Delivery, Dossier, Fingerprint, Reference, Store, TaskCount,
    TimerList, VaultRecords, WorklistPage, WorklistQuery,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use chrono::{DateTime, TimeDelta, Utc};
use domain::clocks::Timetable;
use domain::ids::{ChannelCode, TextRef, UnitId, UploadId};
use domain::signs::Suggestion;
use domain::ticket::{Listing, Ticket, TicketKey};

use crate::attributes::{Item, Reader, bytes, number, text};
use crate::commit::commit_request;
use crate::cursor;
use crate::items::ticket as ticket_item;
use crate::items::{attachment, delivery, listing as listing_item, suggestion};
use crate::keys;
use crate::reference;
use crate::table::{Table, broken, holds, put_request, unavailable};
use crate::texts::{deflate, inflate};
use crate::vault::DynamoVault;

pub use walk::{Page, PageStart};

mod tries;
mod walk;
mod worklist;

/// How long reference data is trusted before it is read again.
const REFERENCE_LIFE: TimeDelta = TimeDelta::seconds(60);

/// How long a used nonce and counted tries are kept. A nonce outlives its signature's window.
const SHORT_LIFE: TimeDelta = TimeDelta::hours(1);

/// The store in `table`, with the vault for functions that may write personal data.
#[derive(Debug)]
pub struct DynamoStore {
    table: Table,
    vault: Option<DynamoVault>,
    cache: Mutex<Option<(DateTime<Utc>, Arc<Reference>)>>,
}

impl DynamoStore {
    /// The store in `table`.
    pub const fn new(client: Client, table: String) -> Self {
        Self {
            table: Table::new(client, table),
            vault: None,
            cache: Mutex::new(None),
        }
    }

    /// With the vault, for submitting.
    #[must_use]
    pub fn with_vault(mut self, vault: DynamoVault) -> Self {
        self.vault = Some(vault);
        self
    }

    /// The vault, in the functions that may use it.
    pub fn vault(&self) -> Result<&DynamoVault, AppError> {
        let vault = self.vault.as_ref();
        vault.ok_or_else(|| broken("this function has no vault"))
    }

    /// Opens the connection and fills the cache of reference data: called while a function starts.
    pub async fn prewarm(&self, now: DateTime<Utc>) -> Result<(), AppError> {
        self.reference(now).await.map(|_| ())
    }

    /// The table, for the other parts of the store.
    pub(crate) const fn table(&self) -> &Table {
        &self.table
    }

    /// Loads a section of the reference data (administration).
    pub async fn put_reference(&self, section: &str, json: &str) -> Result<(), AppError> {
        reference::read(&[(section.to_owned(), json.to_owned())])?;
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::REFERENCE)),
            (keys::SK.to_owned(), text(section)),
            ("j".to_owned(), text(json)),
        ]);
        self.table.put(item).await
    }

    fn cached(&self, now: DateTime<Utc>) -> Option<Arc<Reference>> {
        let cache = self.cache.lock().ok()?;
        let (read_at, reference) = cache.as_ref()?;
        ((now - *read_at).abs() < REFERENCE_LIFE).then(|| Arc::clone(reference))
    }

    fn text_item(key: &TicketKey, name: &TextRef, content: &[u8]) -> Result<Item, AppError> {
        Ok(Item::from([
            (keys::PK.to_owned(), text(keys::ticket(key))),
            (keys::SK.to_owned(), text(keys::text(name))),
            ("z".to_owned(), bytes(deflate(content)?)),
        ]))
    }
}

#[async_trait]
impl Store for DynamoStore {
    async fn reference(&self, now: DateTime<Utc>) -> Result<Arc<Reference>, AppError> {
        if let Some(reference) = self.cached(now) {
            return Ok(reference);
        }
        let sections = self.sections().await?;
        let reference = Arc::new(reference::read(&sections)?);
        if let Ok(mut cache) = self.cache.lock() {
            *cache = Some((now, Arc::clone(&reference)));
        }
        Ok(reference)
    }

    async fn load(&self, key: &TicketKey) -> Result<Option<Ticket>, AppError> {
        let made = self.load_made(key).await?;
        Ok(made.map(|(ticket, _)| ticket))
    }

    async fn load_made(&self, key: &TicketKey) -> Result<Option<(Ticket, Fingerprint)>, AppError> {
        let item = self.table.get(keys::ticket(key), keys::TICKET).await?;
        item.map(|item| ticket_item::read(&item)).transpose()
    }

    async fn put_appeal(
        &self,
        key: &TicketKey,
        (name, content): (&TextRef, &[u8]),
        records: &VaultRecords<'_>,
    ) -> Result<(), AppError> {
        let vault = self.vault()?;
        let text = put_request(Self::text_item(key, name, content)?)?;
        let records = vault
            .items(key, records)
            .await?
            .into_iter()
            .map(put_request);
        let tables = [
            (self.table.name.clone(), vec![text]),
            (vault.table().to_owned(), records.collect::<Result<_, _>>()?),
        ];
        self.table.write_batch(tables.into_iter().collect()).await
    }

    async fn put_original(&self, original: &Original) -> Result<(), AppError> {
        self.vault()?.put_original(original).await
    }

    async fn create(
        &self,
        ticket: &Ticket,
        fingerprint: Fingerprint,
        timetable: &Timetable,
    ) -> Result<Created, AppError> {
        let item = ticket_item::new_item(ticket, fingerprint, timetable);
        let sent = self
            .table
            .create(item)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(Created::New);
        };
        let Some(PutItemError::ConditionalCheckFailedException(failed)) = error.as_service_error()
        else {
            return Err(unavailable(error));
        };
        let item = failed
            .item
            .clone()
            .ok_or_else(|| broken("a refused put named no item"))?;
        let (ticket, fingerprint) = ticket_item::read(&item)?;
        Ok(Created::Exists(Box::new(ticket), fingerprint))
    }

    async fn commit(
        &self,
        ticket: &Ticket,
        read_version: u32,
        timetable: &Timetable,
    ) -> Result<Committed, AppError> {
        let request = commit_request(&self.table, ticket, read_version, timetable)?;
        Ok(Committed::of(holds(request).await?))
    }

    async fn put_text(
        &self,
        key: &TicketKey,
        name: &TextRef,
        content: &[u8],
    ) -> Result<(), AppError> {
        self.table.put(Self::text_item(key, name, content)?).await
    }

    async fn dossier(&self, key: &TicketKey) -> Result<Dossier, AppError> {
        let mut dossier = Dossier::default();
        for item in self.table.partition(&keys::ticket(key)).await? {
            let reader = Reader::new(&item, key.as_str());
            let sk = reader.text(keys::SK)?;
            if let Some(name) = sk.strip_prefix("B#") {
                let name = TextRef::parse(name).map_err(|_| reader.corrupt(keys::SK))?;
                dossier.texts.push((name, inflate(reader.bytes("z")?)?));
            } else if sk == keys::SUGGESTION {
                dossier.suggestion = suggestion::from_json(reader.text("j")?);
            } else if let Some(id) = sk.strip_prefix("D#") {
                dossier.deliveries.push(delivery::read(id, reader)?);
            }
        }
        Ok(dossier)
    }

    async fn worklist(&self, query: &WorklistQuery) -> Result<WorklistPage, AppError> {
        let request = worklist::request(&self.table, query);
        let page = request.send().await.map_err(unavailable)?;
        let rows = page.items.unwrap_or_default();
        Ok(WorklistPage {
            rows: rows
                .iter()
                .map(ticket_item::read_row)
                .collect::<Result<_, _>>()?,
            next: page.last_evaluated_key.as_ref().and_then(cursor::write),
        })
    }

    async fn count_worklist(
        &self,
        unit: &UnitId,
        now: DateTime<Utc>,
    ) -> Result<Vec<TaskCount>, AppError> {
        worklist::count(&self.table, unit, now).await
    }

    async fn put_listings(
        &self,
        ticket: &Ticket,
        before: &[Listing],
        listings: &[Listing],
    ) -> Result<(), AppError> {
        for listing in listings {
            let item = listing_item::item(ticket, listing);
            self.table.put_newer(item, ticket.version()).await?;
        }
        let gone = before.iter().filter(|gone| {
            let stays = |listing: &&Listing| keys::listing(listing) == keys::listing(gone);
            !listings.iter().any(|each| stays(&each))
        });
        for gone in gone {
            let request = self
                .table
                .update(keys::ticket(&ticket.number.key()), &keys::listing(gone))
                .update_expression("SET ve = :ve REMOVE wp, ws")
                .condition_expression("attribute_not_exists(ve) OR ve <= :ve")
                .expression_attribute_values(":ve", number(ticket.version()));
            holds(request).await?;
        }
        Ok(())
    }

    async fn due(
        &self,
        list: TimerList,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Vec<TicketKey>, AppError> {
        let mut keys = Vec::new();
        let mut start = None;
        loop {
            let request = self.table.query().index_name(keys::TIMER);
            let page = request
                .key_condition_expression("tp = :tp AND ts <= :now")
                .expression_attribute_values(":tp", text(keys::timer(list, shard)))
                .expression_attribute_values(":now", number(now.timestamp()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            for item in page.items.unwrap_or_default() {
                let pk = Reader::new(&item, keys::TIMER).text(keys::PK)?;
                keys.extend(keys::read_ticket(pk));
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(keys);
            }
        }
    }

    async fn put_suggestion(&self, key: &TicketKey, kept: &Suggestion) -> Result<(), AppError> {
        let json = suggestion::to_json(kept).map_err(broken)?;
        self.table
            .put(Item::from([
                (keys::PK.to_owned(), text(keys::ticket(key))),
                (keys::SK.to_owned(), text(keys::SUGGESTION)),
                ("j".to_owned(), text(json)),
            ]))
            .await
    }

    async fn put_grant(
        &self,
        granted: &Attachment,
        expires_at: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        self.table
            .put_new(attachment::item(granted, Some(expires_at.timestamp())))
            .await
    }

    async fn attachment(&self, id: &UploadId) -> Result<Option<Attachment>, AppError> {
        let item = self.table.get(keys::attachment(id), keys::ALONE).await?;
        item.map(|item| attachment::read(&item)).transpose()
    }

    async fn put_verdict(&self, inspected: &Attachment) -> Result<(), AppError> {
        self.table.put(attachment::item(inspected, None)).await
    }

    async fn put_delivery(&self, key: &TicketKey, delivery: &Delivery) -> Result<(), AppError> {
        self.table.put(delivery::item(key, delivery)).await
    }

    async fn use_nonce(
        &self,
        channel: &ChannelCode,
        nonce: &[u8; 12],
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::nonce(channel, nonce))),
            (keys::SK.to_owned(), text(keys::ALONE)),
            ("ttl".to_owned(), number((now + SHORT_LIFE).timestamp())),
        ]);
        self.table.put_new(item).await
    }

    async fn ticket_tries(&self, key: &TicketKey, now: DateTime<Utc>) -> Result<u32, AppError> {
        self.counted(keys::ticket(key), now).await
    }

    async fn source_tries(&self, source: &[u8; 12], now: DateTime<Utc>) -> Result<u32, AppError> {
        self.counted(keys::source(source), now).await
    }

    async fn count_try(
        &self,
        key: &TicketKey,
        source: &[u8; 12],
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        self.count(keys::ticket(key), now).await?;
        self.count(keys::source(source), now).await
    }
}
