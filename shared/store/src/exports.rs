//! Exports (R-DP-3): one item each, written only by who read the version that stands.

use app::AppError;
use app::ports::Committed;
use domain::export::{Export, ExportId};

use crate::items::export;
use crate::keys;
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
        Ok(Committed::of(is_written))
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
        let before = before.map(ExportId::as_str);
        let page = self.table().page_before(keys::EXPORTS, before, limit);
        let (items, is_more) = page.await?;
        let found: Vec<_> = items.iter().map(export::read).collect::<Result<_, _>>()?;
        let next = found.last().filter(|_| is_more).map(|last| last.id.clone());
        Ok((found, next))
    }
}
