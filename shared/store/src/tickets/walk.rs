//! Every ticket, page by page: for commands that make derived things again, never for a request.

use app::AppError;
use domain::ticket::Ticket;

use super::{DynamoStore, unavailable};
use crate::attributes::{Item, Reader, text};
use crate::items::ticket as ticket_item;
use crate::keys;

/// A page of the walk.
#[derive(Debug, Default)]
pub struct TicketPage {
    /// Its tickets; one that cannot be read hides no other.
    pub tickets: Vec<Result<Ticket, AppError>>,
    /// Items of any kind that were passed.
    pub passed: usize,
    /// Where the next page starts, if there is one.
    pub next: Option<PageStart>,
}

/// Where a page starts.
#[derive(Debug, Clone)]
pub struct PageStart(Item);

impl DynamoStore {
    /// The page at `start`, or the first. Consistent: what was written before the walk is seen.
    pub async fn tickets_page(&self, start: Option<PageStart>) -> Result<TicketPage, AppError> {
        let request = self.table.scan().consistent_read(true);
        let page = request
            .filter_expression("sk = :ticket")
            .expression_attribute_values(":ticket", text(keys::TICKET))
            .set_exclusive_start_key(start.map(|start| start.0))
            .send()
            .await
            .map_err(unavailable)?;
        let items = page.items.unwrap_or_default();
        let tickets = items.iter().map(ticket_item::read);
        Ok(TicketPage {
            tickets: tickets.map(|read| read.map(|(ticket, _)| ticket)).collect(),
            passed: usize::try_from(page.scanned_count).unwrap_or_default(),
            next: page.last_evaluated_key.map(PageStart),
        })
    }

    /// The sections of the reference data as loaded, `(name, JSON)`.
    pub async fn sections(&self) -> Result<Vec<(String, String)>, AppError> {
        let items = self.table.partition(keys::REFERENCE).await?;
        items.iter().map(section).collect()
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
