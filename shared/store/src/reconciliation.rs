//! What the channels counted for a day, against the tickets (R-IN-5).

use app::AppError;
use app::reconcile::Reconciliation;
use chrono::NaiveDate;

use crate::attributes::{Item, Reader, text};
use crate::keys;
use crate::table::broken;
use crate::tickets::DynamoStore;

impl DynamoStore {
    /// Keeps the newest comparison of a channel's day.
    pub async fn put_reconciliation(&self, all: &Reconciliation) -> Result<(), AppError> {
        let json = serde_json::to_string(all).map_err(broken)?;
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::counts(all.day))),
            (keys::SK.to_owned(), text(all.channel.as_str())),
            ("j".to_owned(), text(json)),
        ]);
        self.table().put(item).await
    }

    /// Every channel's comparison of a day.
    pub async fn reconciliations(&self, day: NaiveDate) -> Result<Vec<Reconciliation>, AppError> {
        let pk = keys::counts(day);
        let items = self.table().partition_now(&pk).await?;
        let read = |item: &Item| {
            let reader = Reader::new(item, &pk);
            serde_json::from_str(reader.text("j")?).map_err(|_| reader.corrupt("j"))
        };
        items.iter().map(read).collect()
    }
}
