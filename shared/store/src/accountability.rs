//! Records of accountability (R-SV-9): one item each, opened once and decided once.

use app::AppError;
use app::ports::Committed;
use domain::accountability::{AccountabilityId, AccountabilityRecord};

use crate::items::accountability as item;
use crate::keys;
use crate::tickets::DynamoStore;

impl DynamoStore {
    /// Keeps a new record; the same one opened again changes nothing.
    pub async fn put_new_accountability(&self, new: &AccountabilityRecord) -> Result<(), AppError> {
        self.table().put_new(item::item(new)?).await.map(|_| ())
    }

    /// Keeps a record as it was decided, if it still stood at version `read`.
    pub async fn put_accountability(
        &self,
        decided: &AccountabilityRecord,
        read: usize,
    ) -> Result<Committed, AppError> {
        let is_written = self.table().put_at(item::item(decided)?, read).await?;
        Ok(Committed::of(is_written))
    }

    /// A record as it stands.
    pub async fn accountability(
        &self,
        id: &AccountabilityId,
    ) -> Result<Option<AccountabilityRecord>, AppError> {
        let found = self
            .table()
            .get(keys::ACCOUNTABILITY.to_owned(), id.as_str());
        found.await?.as_ref().map(item::read).transpose()
    }

    /// A page of records, the newest day first, and where the next page starts.
    pub async fn accountability_page(
        &self,
        before: Option<&AccountabilityId>,
        limit: i32,
    ) -> Result<(Vec<AccountabilityRecord>, Option<AccountabilityId>), AppError> {
        let before = before.map(AccountabilityId::as_str);
        let page = self.table();
        let page = page.page_before(keys::ACCOUNTABILITY, before, limit);
        let (items, is_more) = page.await?;
        let found: Vec<_> = items.iter().map(item::read).collect::<Result<_, _>>()?;
        let next = found.last().filter(|_| is_more).map(|last| last.id.clone());
        Ok((found, next))
    }
}
