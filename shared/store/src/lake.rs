//! Tickets and their texts for the lake (R-AN-1).

use app::AppError;
use app::lake::LakeTickets;
use app::ports::Store as _;
use async_trait::async_trait;
use domain::ids::TextRef;
use domain::ticket::{Ticket, TicketKey};

use crate::tickets::DynamoStore;

#[async_trait]
impl LakeTickets for DynamoStore {
    async fn ticket(&self, key: &TicketKey) -> Result<Option<Ticket>, AppError> {
        self.load(key).await
    }

    async fn text(&self, key: &TicketKey, name: &TextRef) -> Result<Option<Vec<u8>>, AppError> {
        self.text_of(key, name).await
    }
}
