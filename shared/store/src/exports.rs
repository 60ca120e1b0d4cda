//! Exports (R-DP-3): one item each, written only by who read the version that stands.

use app::AppError;
use app::ports::Committed;
use domain::export::{Export, ExportId};

use crate::attributes::{Item, text};
use crate::items::export;
use crate::keys;
use crate::table::unavailable;
use crate::tickets::DynamoStore;

impl DynamoStore {
    /// Keeps a new export; the same one asked for again changes nothing.
    pub async fn put_new_export(&self, new: &Export) -> Result<(), AppError> {
        self.table().put_new(export::item(new)?).await.map(|_| ())
    }

    /// Keeps an export as it was changed, if it still stood at version `read`.
    pub async fn put_export(&self, changed: &Export, read: usize) -> Result<Committed, AppError> {
        let item = export::item(changed)?;
        let is_written = self.table().put_at(item, read).await?;
        Ok(if is_written {
            Committed::Yes
        } else {
            Committed::LostRace
        })
    }

    /// An export as it stands.
    pub async fn export(&self, id: &ExportId) -> Result<Option<Export>, AppError> {
        let found = self.table().get(keys::EXPORTS.to_owned(), id.as_str());
        found.await?.as_ref().map(export::read).transpose()
    }

    /// A page of exports, the newest day first, and where the next page starts.
    pub async fn exports(
        &self,
        before: Option<&ExportId>,
        limit: i32,
    ) -> Result<(Vec<Export>, Option<ExportId>), AppError> {
        let start = before.map(|id| {
            Item::from([
                (keys::PK.to_owned(), text(keys::EXPORTS)),
                (keys::SK.to_owned(), text(id.as_str())),
            ])
        });
        let request = self.table().query().key_condition_expression("pk = :pk");
        let page = request
            .expression_attribute_values(":pk", text(keys::EXPORTS))
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(limit)
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(unavailable)?;
        let items = page.items.unwrap_or_default();
        let found: Vec<_> = items.iter().map(export::read).collect::<Result<_, _>>()?;
        let last = page.last_evaluated_key.and(found.last());
        let next = last.map(|last| last.id.clone());
        Ok((found, next))
    }
}
