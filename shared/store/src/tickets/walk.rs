//! Every ticket, page by page: for commands that make derived things again, never for a request.

use app::AppError;
use app::seals::Record;
use domain::clocks::Timetable;
use domain::ticket::{Ticket, TicketKey};

use super::{DynamoStore, unavailable};
use crate::attributes::{Item, Reader, text};
use crate::items::ticket as ticket_item;
use crate::keys;
use crate::reference;

/// A page of the walk.
#[derive(Debug)]
pub struct Page<T> {
    /// Its tickets, or their records; one that cannot be read hides no other.
    pub tickets: Vec<Result<T, AppError>>,
    /// Items of any kind that were passed.
    pub passed: usize,
    /// Where the next page starts, if there is one.
    pub next: Option<PageStart>,
}

/// Where a page starts.
#[derive(Debug, Clone)]
pub struct PageStart(Item);

impl PageStart {
    /// As text, for a walk that is taken up again.
    pub fn write(&self) -> Result<String, AppError> {
        let reader = Reader::new(&self.0, "a page's start");
        Ok(format!(
            "{}\n{}",
            reader.text(keys::PK)?,
            reader.text(keys::SK)?
        ))
    }

    /// Reads what [`Self::write`] wrote.
    pub fn read(written: &str) -> Option<Self> {
        let (pk, sk) = written.split_once('\n')?;
        Some(Self(Item::from([
            (keys::PK.to_owned(), text(pk)),
            (keys::SK.to_owned(), text(sk)),
        ])))
    }
}

impl DynamoStore {
    /// The page at `start`, or the first. Consistent: what was written before the walk is seen.
    pub async fn tickets_page(&self, start: Option<PageStart>) -> Result<Page<Ticket>, AppError> {
        let read = |item: &Item| ticket_item::read(item).map(|(ticket, _)| ticket);
        self.page(start, read).await
    }

    /// As [`Self::tickets_page`], the records as they lie there.
    pub async fn records_page(&self, start: Option<PageStart>) -> Result<Page<Record>, AppError> {
        self.page(start, ticket_item::read_record).await
    }

    /// One record as it lies there.
    pub async fn record(&self, key: &TicketKey) -> Result<Option<Record>, AppError> {
        let item = self.table.get(keys::ticket(key), keys::TICKET).await?;
        item.as_ref().map(ticket_item::read_record).transpose()
    }

    async fn page<T>(
        &self,
        start: Option<PageStart>,
        read: impl Fn(&Item) -> Result<T, AppError>,
    ) -> Result<Page<T>, AppError> {
        let request = self.table.scan().consistent_read(true);
        let page = request
            .filter_expression("sk = :ticket")
            .expression_attribute_values(":ticket", text(keys::TICKET))
            .set_exclusive_start_key(start.map(|start| start.0))
            .send()
            .await
            .map_err(unavailable)?;
        let items = page.items.unwrap_or_default();
        Ok(Page {
            tickets: items.iter().map(read).collect(),
            passed: usize::try_from(page.scanned_count).unwrap_or_default(),
            next: page.last_evaluated_key.map(PageStart),
        })
    }

    /// The sections of the reference data as loaded, `(name, JSON)`.
    pub async fn sections(&self) -> Result<Vec<(String, String)>, AppError> {
        let items = self.table.partition(keys::REFERENCE).await?;
        items.iter().map(section).collect()
    }

    /// Rulebook and calendar as they stand now, not as they were a minute ago.
    pub async fn timetable_now(&self) -> Result<Timetable, AppError> {
        let items = self.table.partition_now(keys::REFERENCE).await?;
        let sections = items.iter().map(section).collect::<Result<Vec<_>, _>>()?;
        Ok(reference::read(&sections)?.timetable)
    }

    /// About how many items the table holds; DynamoDB counts them every few hours.
    pub async fn about_items(&self) -> Result<usize, AppError> {
        self.table.about_items().await
    }
}

/// A section of the reference data.
pub(super) fn section(item: &Item) -> Result<(String, String), AppError> {
    let reader = Reader::new(item, keys::REFERENCE);
    let name = reader.text(keys::SK)?.to_owned();
    Ok((name, reader.text("j")?.to_owned()))
}
