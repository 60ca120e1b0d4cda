//! Tickets and their texts for the lake (R-AN-1).

use app::AppError;
use app::lake::LakeTickets;
use async_trait::async_trait;
use domain::ids::TextRef;
use domain::ticket::{Ticket, TicketKey};

use crate::attributes::text;
use crate::items::ticket as item;
use crate::keys;
use crate::table::unavailable;
use crate::tickets::DynamoStore;

#[async_trait]
impl LakeTickets for DynamoStore {
    /// Not consistent, which costs half: an hour after an event it is there, and whoever asks knows
    /// which version to expect.
    async fn ticket(&self, key: &TicketKey) -> Result<Option<Ticket>, AppError> {
        let request = self.table().query();
        let found = request
            .key_condition_expression("pk = :pk AND sk = :sk")
            .expression_attribute_values(":pk", text(keys::ticket(key)))
            .expression_attribute_values(":sk", text(keys::TICKET))
            .send()
            .await
            .map_err(unavailable)?;
        let items = found.items.unwrap_or_default();
        let ticket = items.first().map(item::read).transpose()?;
        Ok(ticket.map(|(ticket, _)| ticket))
    }

    async fn text(&self, key: &TicketKey, name: &TextRef) -> Result<Option<Vec<u8>>, AppError> {
        self.text_of(key, name).await
    }
}
