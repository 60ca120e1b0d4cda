//! The ticket store in DynamoDB: reads, and one conditional write per transition.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};

use app::AppError;
use app::ports::{
    Attachment, Committed, Created, Delivery, Dossier, Fingerprint, Reference, Store, TimerList,
    WorklistPage, WorklistQuery,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, PutRequest, ReturnValuesOnConditionCheckFailure, WriteRequest,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::appeal::Appellant;
use domain::audit::{Actor, Event};
use domain::clocks::Timetable;
use domain::ids::{ChannelCode, TextRef, UploadId};
use domain::signs::Suggestion;
use domain::ticket::{Ticket, TicketKey, TicketNumber};

use crate::attributes::{Item, Reader, bytes, number, text};
use crate::items::ticket::IndexKeys;
use crate::items::{attachment, suggestion, ticket as ticket_item};
use crate::keys;
use crate::reference;
use crate::vault::DynamoVault;

/// How long reference data is trusted before it is read again.
const REFERENCE_LIFE: TimeDelta = TimeDelta::seconds(60);

/// How long a used nonce and counted tries are kept. A nonce outlives its signature's window.
const SHORT_LIFE: TimeDelta = TimeDelta::hours(1);

/// A text that inflates to more than this is not ours.
const TEXT_LIMIT_BYTES: u64 = 1 << 20;

/// Rounds of writing what a batch left unprocessed.
const BATCH_ROUNDS: u32 = 5;

/// The store in `table`, with the vault for functions that may write personal data.
#[derive(Debug)]
pub struct DynamoStore {
    client: Client,
    table: String,
    vault: Option<DynamoVault>,
    cache: Mutex<Option<(DateTime<Utc>, Arc<Reference>)>>,
}

/// A call that failed: trying again may help.
pub(crate) fn unavailable<E: std::error::Error>(error: E) -> AppError {
    AppError::Unavailable(DisplayErrorContext(error).to_string())
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(error.to_string())
}

impl DynamoStore {
    /// The store in `table`.
    pub const fn new(client: Client, table: String) -> Self {
        Self {
            client,
            table,
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

    /// Opens the connection and fills the cache of reference data: called while a function starts.
    pub async fn prewarm(&self, now: DateTime<Utc>) -> Result<(), AppError> {
        self.reference(now).await.map(|_| ())
    }

    /// Loads a section of the reference data (administration).
    pub async fn put_reference(&self, section: &str, json: &str) -> Result<(), AppError> {
        reference::read(&[(section.to_owned(), json.to_owned())])?;
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::REFERENCE)),
            (keys::SK.to_owned(), text(section)),
            ("j".to_owned(), text(json)),
        ]);
        self.put(item).await
    }

    async fn put(&self, item: Item) -> Result<(), AppError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item));
        request.send().await.map(|_| ()).map_err(unavailable)
    }

    async fn get(&self, pk: String, sk: &str) -> Result<Option<Item>, AppError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true);
        let request = request.key(keys::PK, text(pk)).key(keys::SK, text(sk));
        request
            .send()
            .await
            .map(|found| found.item)
            .map_err(unavailable)
    }

    async fn partition(&self, pk: &str) -> Result<Vec<Item>, AppError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let request = self.client.query().table_name(&self.table);
            let request = request.key_condition_expression("pk = :pk");
            let request = request.expression_attribute_values(":pk", text(pk));
            let page = request
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    fn cached(&self, now: DateTime<Utc>) -> Option<Arc<Reference>> {
        let cache = self.cache.lock().ok()?;
        let (read_at, reference) = cache.as_ref()?;
        ((now - *read_at).abs() < REFERENCE_LIFE).then(|| Arc::clone(reference))
    }

    async fn write_batch(
        &self,
        mut left: std::collections::HashMap<String, Vec<WriteRequest>>,
    ) -> Result<(), AppError> {
        for _ in 0..BATCH_ROUNDS {
            let request = self.client.batch_write_item().set_request_items(Some(left));
            let answer = request.send().await.map_err(unavailable)?;
            left = answer.unprocessed_items.unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(AppError::Unavailable(
            "a batch stayed unprocessed".to_owned(),
        ))
    }

    fn text_item(key: &TicketKey, name: &TextRef, content: &[u8]) -> Result<Item, AppError> {
        Ok(Item::from([
            (keys::PK.to_owned(), text(keys::ticket(key))),
            (keys::SK.to_owned(), text(keys::text(name))),
            ("z".to_owned(), bytes(deflate(content)?)),
        ]))
    }

    fn commit_request(
        &self,
        ticket: &Ticket,
        read_version: u32,
        timetable: &Timetable,
    ) -> Result<UpdateItemFluentBuilder, AppError> {
        let from = usize::try_from(read_version).map_err(broken)?;
        let events = ticket
            .events
            .get(from..)
            .ok_or_else(|| broken("events went missing"))?;
        let index = ticket_item::index_keys(ticket, timetable);
        let mut update = Update::default();
        if !events.is_empty() {
            update.set("ev", "list_append(ev, :ev)", ticket_item::events(events));
            update.set("s", ":s", text(ticket.state.code()));
            update.set("ve", ":ve", number(ticket.version()));
            update.set("h", ":h", bytes(ticket.chain.0));
        }
        update.worklist(&index);
        if moves_timer(ticket, from, events, &index, timetable) {
            update.timer(&index, ticket);
        }
        let request = self.client.update_item().table_name(&self.table);
        let request = request
            .key(keys::PK, text(keys::ticket(&ticket.number.key())))
            .key(keys::SK, text(keys::TICKET))
            .condition_expression("ve = :read")
            .expression_attribute_values(":read", number(read_version));
        Ok(update.into_request(request))
    }
}

/// Whether the timer key is written. It may lie earlier than the next threshold: when a person's
/// action only makes the next threshold later (signing), the key stays and the sweep moves it if
/// the ticket is still open by then. That saves the two write units of an index move.
fn moves_timer(
    ticket: &Ticket,
    from: usize,
    events: &[Event],
    index: &IndexKeys,
    timetable: &Timetable,
) -> bool {
    let by_system = events.is_empty() || events.iter().any(|event| event.by == Actor::System);
    let before = ticket.events.get(..from).map(<[Event]>::to_vec);
    let before = before.and_then(|events| Ticket::fold(ticket.number.clone(), events).ok());
    let before = before.map(|before| ticket_item::index_keys(&before, timetable).timer);
    match (before.flatten(), index.timer) {
        (Some((list, was)), Some((new_list, next))) => by_system || list != new_list || next < was,
        (before, next) => by_system || before != next,
    }
}

/// An update expression under construction.
#[derive(Debug, Default)]
struct Update {
    sets: Vec<String>,
    removes: Vec<&'static str>,
    values: Vec<(String, AttributeValue)>,
}

impl Update {
    fn set(&mut self, name: &'static str, expression: &str, value: AttributeValue) {
        self.sets.push(format!("#{name} = {expression}"));
        self.values.push((format!(":{name}"), value));
    }

    fn worklist(&mut self, index: &IndexKeys) {
        match &index.worklist {
            Some((unit, due)) => {
                self.set("wp", ":wp", text(unit));
                self.set("ws", ":ws", number(due));
            }
            None => self.removes.extend(["wp", "ws"]),
        }
    }

    fn timer(&mut self, index: &IndexKeys, ticket: &Ticket) {
        match index.timer {
            Some((list, next)) => {
                let shard = keys::shard(&ticket.number.key());
                self.set("tp", ":tp", text(keys::timer(list, shard)));
                self.set("ts", ":ts", number(next));
            }
            None => self.removes.extend(["tp", "ts"]),
        }
    }

    fn into_request(self, mut request: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        let mut expression = format!("SET {}", self.sets.join(", "));
        // `ev` is read by name within its own expression.
        expression = expression.replace("list_append(ev,", "list_append(#ev,");
        if self.sets.is_empty() {
            expression.clear();
        }
        if !self.removes.is_empty() {
            let names: Vec<_> = self.removes.iter().map(|name| format!("#{name}")).collect();
            expression = format!("{expression} REMOVE {}", names.join(", "));
        }
        for name in self.removes {
            request = request.expression_attribute_names(format!("#{name}"), name);
        }
        for (placeholder, value) in self.values {
            let name = placeholder.trim_start_matches(':').to_owned();
            request = request
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(placeholder, value);
        }
        request.update_expression(expression.trim_start())
    }
}

fn deflate(content: &[u8]) -> Result<Vec<u8>, AppError> {
    let level = flate2::Compression::best();
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
    encoder.write_all(content).map_err(broken)?;
    encoder.finish().map_err(broken)
}

fn inflate(content: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut plain = Vec::new();
    let decoder = flate2::read::DeflateDecoder::new(content);
    decoder
        .take(TEXT_LIMIT_BYTES)
        .read_to_end(&mut plain)
        .map_err(broken)?;
    Ok(plain)
}

fn put_request(item: Item) -> Result<WriteRequest, AppError> {
    let put = PutRequest::builder()
        .set_item(Some(item))
        .build()
        .map_err(broken)?;
    Ok(WriteRequest::builder().put_request(put).build())
}

#[async_trait]
impl Store for DynamoStore {
    async fn reference(&self, now: DateTime<Utc>) -> Result<Arc<Reference>, AppError> {
        if let Some(reference) = self.cached(now) {
            return Ok(reference);
        }
        let items = self.partition(keys::REFERENCE).await?;
        let section = |item: &Item| -> Result<(String, String), AppError> {
            let reader = Reader::new(item, keys::REFERENCE);
            Ok((
                reader.text(keys::SK)?.to_owned(),
                reader.text("j")?.to_owned(),
            ))
        };
        let sections = items.iter().map(section).collect::<Result<Vec<_>, _>>()?;
        let reference = Arc::new(reference::read(&sections)?);
        if let Ok(mut cache) = self.cache.lock() {
            *cache = Some((now, Arc::clone(&reference)));
        }
        Ok(reference)
    }

    async fn load(&self, key: &TicketKey) -> Result<Option<Ticket>, AppError> {
        let item = self.get(keys::ticket(key), keys::TICKET).await?;
        item.map(|item| ticket_item::read(&item).map(|(ticket, _)| ticket))
            .transpose()
    }

    async fn put_appeal(
        &self,
        key: &TicketKey,
        (name, content): (&TextRef, &[u8]),
        (vault_name, appellant): (&TextRef, &Appellant),
    ) -> Result<(), AppError> {
        let vault = self
            .vault
            .as_ref()
            .ok_or_else(|| broken("this function has no vault"))?;
        let text = put_request(Self::text_item(key, name, content)?)?;
        let record = put_request(vault.key().seal(vault_name, appellant)?)?;
        let tables = [
            (self.table.clone(), vec![text]),
            (vault.table().to_owned(), vec![record]),
        ];
        self.write_batch(tables.into_iter().collect()).await
    }

    async fn create(
        &self,
        ticket: &Ticket,
        fingerprint: Fingerprint,
        timetable: &Timetable,
    ) -> Result<Created, AppError> {
        let item = ticket_item::new_item(ticket, fingerprint, timetable);
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item));
        let request = request.condition_expression("attribute_not_exists(pk)");
        let sent = request
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
        match self
            .commit_request(ticket, read_version, timetable)?
            .send()
            .await
        {
            Ok(_) => Ok(Committed::Yes),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => {
                    Ok(Committed::LostRace)
                }
                _ => Err(unavailable(error)),
            },
        }
    }

    async fn put_text(
        &self,
        key: &TicketKey,
        name: &TextRef,
        content: &[u8],
    ) -> Result<(), AppError> {
        self.put(Self::text_item(key, name, content)?).await
    }

    async fn dossier(&self, key: &TicketKey) -> Result<Dossier, AppError> {
        let mut dossier = Dossier::default();
        for item in self.partition(&keys::ticket(key)).await? {
            let reader = Reader::new(&item, key.as_str());
            let sk = reader.text(keys::SK)?;
            if let Some(name) = sk.strip_prefix("B#") {
                let name = TextRef::parse(name).map_err(|_| reader.corrupt(keys::SK))?;
                dossier.texts.push((name, inflate(reader.bytes("z")?)?));
            } else if sk == keys::SUGGESTION {
                dossier.suggestion = suggestion::from_json(reader.text("j")?);
            } else if let Some(id) = sk.strip_prefix("D#") {
                dossier.deliveries.push(read_delivery(id, reader)?);
            }
        }
        Ok(dossier)
    }

    async fn worklist(&self, query: &WorklistQuery) -> Result<WorklistPage, AppError> {
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::WORKLIST);
        let mut request = request
            .key_condition_expression("wp = :wp")
            .expression_attribute_values(":wp", text(keys::worklist(&query.unit)))
            .limit(query.limit)
            .set_exclusive_start_key(query.cursor.as_deref().and_then(read_cursor));
        if let Some(state) = query.state {
            request = request
                .filter_expression("#s = :s")
                .expression_attribute_names("#s", "s")
                .expression_attribute_values(":s", text(state.code()));
        }
        let page = request.send().await.map_err(unavailable)?;
        let rows = page.items.unwrap_or_default();
        Ok(WorklistPage {
            rows: rows
                .iter()
                .map(ticket_item::read_row)
                .collect::<Result<_, _>>()?,
            next: page.last_evaluated_key.as_ref().and_then(write_cursor),
        })
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
            let request = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(keys::TIMER);
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
        self.put(Item::from([
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
    ) -> Result<(), AppError> {
        self.put(attachment::item(granted, Some(expires_at.timestamp())))
            .await
    }

    async fn attachment(&self, id: &UploadId) -> Result<Option<Attachment>, AppError> {
        let item = self.get(keys::attachment(id), keys::ALONE).await?;
        item.map(|item| attachment::read(&item)).transpose()
    }

    async fn put_verdict(&self, inspected: &Attachment) -> Result<(), AppError> {
        self.put(attachment::item(inspected, None)).await
    }

    async fn put_delivery(&self, key: &TicketKey, delivery: &Delivery) -> Result<(), AppError> {
        self.put(Item::from([
            (keys::PK.to_owned(), text(keys::ticket(key))),
            (keys::SK.to_owned(), text(keys::delivery(&delivery.id))),
            ("ok".to_owned(), number(u8::from(delivery.arrived))),
            ("c".to_owned(), number(delivery.attempts)),
            ("t".to_owned(), number(delivery.at.timestamp_millis())),
            ("o".to_owned(), text(&delivery.outcome)),
        ]))
        .await
    }

    async fn use_nonce(
        &self,
        channel: &ChannelCode,
        nonce: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::nonce(channel, nonce))),
            (keys::SK.to_owned(), text(keys::ALONE)),
            ("ttl".to_owned(), number((now + SHORT_LIFE).timestamp())),
        ]);
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item));
        let sent = request
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(unavailable(error)),
            },
        }
    }

    async fn tries(&self, number: &TicketNumber, now: DateTime<Utc>) -> Result<u32, AppError> {
        let Some(item) = self.get(keys::tries(number), keys::ALONE).await? else {
            return Ok(0);
        };
        let reader = Reader::new(&item, number.as_str());
        let ends: i64 = reader.number("ttl")?;
        if ends <= now.timestamp() {
            Ok(0)
        } else {
            reader.number("c")
        }
    }

    async fn count_try(&self, tried: &TicketNumber, now: DateTime<Utc>) -> Result<(), AppError> {
        let counted = self.tries(tried, now).await?;
        let request = self.client.update_item().table_name(&self.table);
        let request = request
            .key(keys::PK, text(keys::tries(tried)))
            .key(keys::SK, text(keys::ALONE))
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":ends", number((now + SHORT_LIFE).timestamp()));
        // The first try of an hour starts the count anew; later ones are counted atomically.
        let expression = if counted == 0 {
            "SET c = :one, #ttl = :ends"
        } else {
            "SET #ttl = :ends ADD c :one"
        };
        request
            .update_expression(expression)
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }
}

fn read_delivery(id: &str, reader: Reader<'_>) -> Result<Delivery, AppError> {
    let at = DateTime::from_timestamp_millis(reader.number("t")?);
    Ok(Delivery {
        id: id.to_owned(),
        arrived: reader.number::<u8>("ok")? == 1,
        attempts: reader.number("c")?,
        at: at.ok_or_else(|| reader.corrupt("t"))?,
        outcome: reader.text("o")?.to_owned(),
    })
}

/// A cursor is the last key of the page, opaque to callers; what it can reach is what the caller
/// may list anyway, because the unit is part of the query.
fn write_cursor(key: &Item) -> Option<String> {
    let reader = Reader::new(key, keys::WORKLIST);
    let parts = [reader.text("wp").ok()?, reader.text(keys::PK).ok()?];
    let due: i64 = reader.number("ws").ok()?;
    let cursor = format!("{}|{due}|{}", parts.first()?, parts.last()?);
    Some(data_encoding::BASE64URL_NOPAD.encode(cursor.as_bytes()))
}

fn read_cursor(cursor: &str) -> Option<Item> {
    let bytes = data_encoding::BASE64URL_NOPAD
        .decode(cursor.as_bytes())
        .ok()?;
    let cursor = String::from_utf8(bytes).ok()?;
    let mut parts = cursor.splitn(3, '|');
    let (unit, due, pk) = (
        parts.next()?,
        parts.next()?.parse::<i64>().ok()?,
        parts.next()?,
    );
    Some(Item::from([
        ("wp".to_owned(), text(unit)),
        ("ws".to_owned(), number(due)),
        (keys::PK.to_owned(), text(pk)),
        (keys::SK.to_owned(), text(keys::TICKET)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn texts_survive_compression(content in proptest::collection::vec(proptest::num::u8::ANY, 0..5_000)) {
            proptest::prop_assert_eq!(inflate(&deflate(&content).unwrap()).unwrap(), content);
        }
    }

    #[test]
    fn a_cursor_reads_back() {
        let key = read_cursor(
            &write_cursor(&Item::from([
                ("wp".to_owned(), text("ta-rsj")),
                ("ws".to_owned(), number(17)),
                (keys::PK.to_owned(), text("T#1")),
            ]))
            .unwrap(),
        )
        .unwrap();
        assert_eq!(key["ws"], number(17));
        assert!(read_cursor("nonsense").is_none());
    }
}
