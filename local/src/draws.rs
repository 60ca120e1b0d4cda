//! 随机抽取可核验 (Art. 14; R-CB-2): reckons the draw of a day again, from the seals and the tickets, and
//! holds it against the record.

use anyhow::{Context as _, Result, ensure};
use app::callbacks::{DrawRecord, reckon};
use app::seals::SealObjects as _;
use chrono::NaiveDate;
use cloud::objects::Bucket;
use store::DynamoStore;

use crate::account::Account;
use crate::console;

/// Where tickets, seals and records are.
#[derive(Debug)]
pub struct Draws {
    store: DynamoStore,
    bucket: Bucket,
}

impl Draws {
    /// Finds table and bucket.
    pub async fn open(account: &Account) -> Result<Self> {
        let table = account.table("TicketsTable", "TICKETS_TABLE").await?;
        let bucket = account.objects("ArchiveBucket", "ARCHIVE_BUCKET").await?;
        Ok(Self {
            store: DynamoStore::new(account.dynamodb.clone(), table),
            bucket,
        })
    }

    /// The bucket of seals and records.
    pub const fn kept(&self) -> &Bucket {
        &self.bucket
    }

    /// Reckons the draw of `day` again; it is an error if it is not the one on record. Gives what was
    /// drawn.
    pub async fn check(&self, day: NaiveDate) -> Result<String> {
        let name = DrawRecord::name(day);
        let bytes = self.bucket.get(&name).await;
        let bytes = bytes.with_context(|| format!("no draw of {day} is on record ({name})"))?;
        let kept = DrawRecord::open(&bytes)?;
        let again = reckon(&self.store, &self.bucket, day).await?;
        let differing = kept.differs_from(&again);
        ensure!(
            differing.is_empty(),
            "the draw of {day} on record is not the one that its seals give: {} differ",
            differing.join(", ")
        );
        let (population, sampled, added) = kept.counts();
        Ok(format!(
            "{day}: equal; {sampled} of {population} closings drawn, and {added} dissatisfied besides"
        ))
    }

    /// Shows what [`Draws::check`] gives.
    pub async fn show(&self, day: NaiveDate) -> Result<()> {
        console::line(&self.check(day).await?);
        Ok(())
    }
}
