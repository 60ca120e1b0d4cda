//! The knowledge base (R-KB-1 to R-KB-4): one item an entry, written only by who read the version that
//! stands; one item a version that was shown, which is written with its entry or not at all.

use app::AppError;
use app::ports::Committed;
use aws_sdk_dynamodb::types::Select;
use chrono::{DateTime, Utc};
use domain::ids::{TextRef, UnitId};
use domain::knowledge::{KnowledgeEntry, KnowledgeId, Version};
use domain::ticket::TicketKey;

use crate::attributes::{Item, Reader, number, text};
use crate::cursor;
use crate::items::knowledge as item;
use crate::keys;
use crate::table::{Condition, unavailable};
use crate::texts::inflate;
use crate::tickets::DynamoStore;

pub use crate::items::knowledge::KnowledgeRow;

/// Which list of entries.
#[derive(Debug, Clone, Copy)]
pub enum KnowledgeList<'a> {
    /// A unit's own, those with a notice first. What waits for review is not on it.
    Of(&'a UnitId),
    /// What waits for the reviewers at a desk: of which managing units, says `review_desk`.
    InReview(&'a UnitId),
}

/// A page of a list, and where the next one starts.
pub type KnowledgePage = (Vec<KnowledgeRow>, Option<String>);

impl DynamoStore {
    /// Keeps a new entry; the same one begun again changes nothing.
    pub async fn put_new_knowledge(&self, new: &KnowledgeEntry) -> Result<(), AppError> {
        self.table().put_new(item::item(new)?).await.map(|_| ())
    }

    /// Keeps an entry as it was changed, if it was still written `read` times, and with it the version
    /// that it shows now, where that is new.
    pub async fn put_knowledge(
        &self,
        changed: &KnowledgeEntry,
        read: usize,
        new: Option<&Version>,
    ) -> Result<Committed, AppError> {
        let entry = item::item(changed)?;
        let is_written = match new {
            None => self.table().put_at(entry, read).await?,
            Some(version) => {
                let unchanged = Condition {
                    expression: Some("ve = :ve".to_owned()),
                    values: Some(Item::from([(":ve".to_owned(), number(read))])),
                };
                let version = item::version_item(&changed.id, version)?;
                let items = vec![(entry, unchanged), (version, Condition::default())];
                self.table().put_all(items).await?
            }
        };
        Ok(if is_written {
            Committed::Yes
        } else {
            Committed::LostRace
        })
    }

    /// An entry as it stands.
    pub async fn knowledge(&self, id: &KnowledgeId) -> Result<Option<KnowledgeEntry>, AppError> {
        let found = self.table().get(keys::KNOWLEDGE.to_owned(), id.as_str());
        found.await?.as_ref().map(item::read).transpose()
    }

    /// Every entry, a moment old perhaps: for who makes the search index, and makes it again a while
    /// after the last change.
    pub async fn all_knowledge(&self) -> Result<Vec<KnowledgeEntry>, AppError> {
        let items = self.table().partition(keys::KNOWLEDGE).await?;
        items.iter().map(item::read).collect()
    }

    /// A version that is or was shown.
    pub async fn knowledge_version(
        &self,
        id: &KnowledgeId,
        number: u32,
    ) -> Result<Option<Version>, AppError> {
        let sk = keys::knowledge_version(number);
        let found = self.table().get(keys::knowledge_entry(id), &sk).await?;
        found.as_ref().map(item::read_version).transpose()
    }

    /// Every version that is or was shown, the oldest first.
    pub async fn knowledge_versions(&self, id: &KnowledgeId) -> Result<Vec<Version>, AppError> {
        let items = self
            .table()
            .partition_now(&keys::knowledge_entry(id))
            .await?;
        let versions = items.iter().filter(|item| {
            let sk = Reader::new(item, "versions").optional(keys::SK);
            sk.is_some_and(keys::is_knowledge_version)
        });
        versions.map(item::read_version).collect()
    }

    /// A page of a list.
    pub async fn knowledge_page(
        &self,
        list: KnowledgeList<'_>,
        start: Option<&str>,
        limit: i32,
    ) -> Result<KnowledgePage, AppError> {
        let list = match list {
            KnowledgeList::Of(unit) => keys::knowledge_list(unit),
            KnowledgeList::InReview(desk) => keys::knowledge_review(desk),
        };
        let request = self.table().query().index_name(keys::WORKLIST);
        let page = request
            .key_condition_expression("wp = :wp")
            .expression_attribute_values(":wp", text(list.as_str()))
            .set_exclusive_start_key(start.and_then(|start| at(start, &list)))
            .limit(limit)
            .send()
            .await
            .map_err(unavailable)?;
        let rows = page.items.unwrap_or_default();
        let rows = rows.iter().map(item::read_row).collect::<Result<_, _>>()?;
        let next = page.last_evaluated_key.as_ref().and_then(cursor::write);
        Ok((rows, next))
    }

    /// Puts on record that an appeal was answered with a version of an entry. Again, it is the same.
    pub async fn knowledge_settles(
        &self,
        id: &KnowledgeId,
        version: u32,
        ticket: &TicketKey,
    ) -> Result<(), AppError> {
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::knowledge_entry(id))),
            (keys::SK.to_owned(), text(keys::knowledge_use(ticket))),
            ("n".to_owned(), number(version)),
        ]);
        self.table().put(item).await
    }

    /// How many appeals were answered with an entry.
    pub async fn knowledge_settled(&self, id: &KnowledgeId) -> Result<usize, AppError> {
        let (mut settled, mut start) = (0, None);
        loop {
            let request = self.table().query().select(Select::Count);
            let page = request
                .key_condition_expression("pk = :pk AND begins_with(sk, :uses)")
                .expression_attribute_values(":pk", text(keys::knowledge_entry(id)))
                .expression_attribute_values(":uses", text(keys::KNOWLEDGE_USES))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            settled += usize::try_from(page.count).unwrap_or_default();
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(settled);
            }
        }
    }

    /// One text of a ticket, written a while ago: a moment after it was, it may not be there.
    pub async fn text_of(
        &self,
        ticket: &TicketKey,
        name: &TextRef,
    ) -> Result<Option<Vec<u8>>, AppError> {
        let request = self.table().query();
        let found = request
            .key_condition_expression("pk = :pk AND sk = :sk")
            .expression_attribute_values(":pk", text(keys::ticket(ticket)))
            .expression_attribute_values(":sk", text(keys::text(name)))
            .send()
            .await
            .map_err(unavailable)?;
        let item = found.items.unwrap_or_default().into_iter().next();
        let read = |item: Item| inflate(Reader::new(&item, ticket.as_str()).bytes("z")?);
        item.map(read).transpose()
    }

    /// Says that what is shown is about to change: before it does, so that no change goes unseen.
    pub async fn knowledge_changes(&self, at: DateTime<Utc>) -> Result<(), AppError> {
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::KNOWLEDGE_CHANGE)),
            (keys::SK.to_owned(), text(keys::ALONE)),
            ("t".to_owned(), number(at.timestamp_millis())),
        ]);
        self.table().put(item).await
    }

    /// When what is shown last changed, or was about to; a moment old perhaps.
    pub async fn knowledge_changed_at(&self) -> Result<Option<DateTime<Utc>>, AppError> {
        let items = self.table().partition(keys::KNOWLEDGE_CHANGE).await?;
        let Some(item) = items.first() else {
            return Ok(None);
        };
        let reader = Reader::new(item, keys::KNOWLEDGE_CHANGE);
        let at = DateTime::from_timestamp_millis(reader.number("t")?);
        at.map(Some).ok_or_else(|| reader.corrupt("t"))
    }

    /// Entries of which a notice is due at `now` and not marked yet: as many reads as are due.
    pub async fn due_knowledge(&self, now: DateTime<Utc>) -> Result<Vec<KnowledgeId>, AppError> {
        let (mut due, mut start) = (Vec::new(), None);
        loop {
            let request = self.table().query().index_name(keys::TIMER);
            let page = request
                .key_condition_expression("tp = :tp AND ts <= :now")
                .expression_attribute_values(":tp", text(keys::KNOWLEDGE))
                .expression_attribute_values(":now", number(now.timestamp()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            for item in page.items.unwrap_or_default() {
                due.push(item::id(Reader::new(&item, keys::TIMER))?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(due);
            }
        }
    }
}

/// A cursor of this list; one of another list is none.
fn at(cursor: &str, list: &str) -> Option<Item> {
    let list = text(list);
    cursor::read(cursor).filter(|key| key.get("wp") == Some(&list))
}
