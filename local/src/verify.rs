//! 全程可溯 (Art. 9; R-DP-5): holds every ticket's record against every seal, and names the first
//! broken link of each that is not what was sealed.

use anyhow::{Context as _, Result, ensure};
use app::seals::{AllSealed, Record, Seal, SealObjects as _};
use chrono::{DateTime, Utc};
use cloud::objects::Bucket;
use domain::ticket::TicketNumber;
use futures_util::StreamExt as _;
use futures_util::stream;
use store::DynamoStore;

use crate::account::Account;
use crate::console::{self, Progress};

/// Seals that are read at the same time.
const AT_ONCE: usize = 16;

/// Where records and seals are.
#[derive(Debug)]
pub struct Verifier {
    store: DynamoStore,
    seals: Bucket,
}

/// What was looked at, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Seals that were read.
    pub seals: usize,
    /// Records that were held against them.
    pub records: usize,
    /// Their events.
    pub events: usize,
    /// Which ticket or seal, and what is wrong, a line each.
    pub faults: Vec<String>,
}

impl Verifier {
    /// Finds table and bucket.
    pub async fn open(account: &Account) -> Result<Self> {
        let table = account.table("TicketsTable", "TICKETS_TABLE").await?;
        let seals = account.objects("ArchiveBucket", "ARCHIVE_BUCKET").await?;
        Ok(Self {
            store: DynamoStore::new(account.dynamodb.clone(), table),
            seals,
        })
    }

    /// One ticket, or all, as of `now`. The seals are read first: a ticket that is sealed after that
    /// is there.
    pub async fn run(&self, only: Option<&TicketNumber>, now: DateTime<Utc>) -> Result<Verified> {
        let mut found = Verified::default();
        let mut sealed = self.sealed(only, &mut found).await?;
        match only {
            Some(number) => {
                let record = self.store.record(&number.key()).await?;
                if let Some(record) = record.filter(|record| record.number == *number) {
                    found.hold(&mut sealed, &record, now);
                }
            }
            None => self.all(&mut sealed, &mut found, now).await?,
        }
        for (number, fault) in sealed.gone() {
            found.fault(&format!("ticket {number}"), fault);
        }
        ensure!(
            only.is_none() || found.records > 0 || !found.faults.is_empty(),
            "there is no such ticket, and none was sealed"
        );
        Ok(found)
    }

    async fn sealed(&self, only: Option<&TicketNumber>, found: &mut Verified) -> Result<AllSealed> {
        let names = self.seals.names("seals/").await?;
        let (mut sealed, mut progress) = (AllSealed::default(), Progress::new("seals"));
        let read = async |name: &String| (name.clone(), self.seals.get(name).await);
        let mut reads = stream::iter(&names).map(read).buffer_unordered(AT_ONCE);
        while let Some((name, bytes)) = reads.next().await {
            match Seal::open(&bytes.with_context(|| name.clone())?) {
                Ok(seal) => {
                    found.seals = found.seals.saturating_add(1);
                    sealed.add(&seal, only);
                }
                Err(error) => found.fault(&name, error),
            }
            progress.step(found.seals, names.len(), "seals");
        }
        progress.done(&format!("{} seals", found.seals));
        Ok(sealed)
    }

    async fn all(
        &self,
        sealed: &mut AllSealed,
        found: &mut Verified,
        now: DateTime<Utc>,
    ) -> Result<()> {
        // For the progress only: who may not ask goes without.
        let about = self.store.about_items().await.unwrap_or_default();
        let mut progress = Progress::new("verifying");
        let (mut passed, mut start) = (0_usize, None);
        loop {
            let page = self.store.records_page(start).await?;
            for record in page.tickets {
                match record {
                    Ok(record) => found.hold(sealed, &record, now),
                    Err(error) => found.fault("a record cannot be read", error),
                }
            }
            passed = passed.saturating_add(page.passed);
            progress.step(passed, about.max(passed), "items");
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        progress.done(&format!("{} tickets", found.records));
        Ok(())
    }
}

impl Verified {
    fn hold(&mut self, sealed: &mut AllSealed, record: &Record, now: DateTime<Utc>) {
        self.records = self.records.saturating_add(1);
        self.events = self.events.saturating_add(record.events.len());
        if let Some(fault) = sealed.fault(record, now) {
            self.fault(&format!("ticket {}", record.number), fault);
        }
    }

    fn fault(&mut self, place: &str, fault: impl std::fmt::Display) {
        self.faults.push(format!("{place}: {fault}"));
    }

    /// Shows every fault; one is an error.
    pub fn show(&self) -> Result<()> {
        for fault in &self.faults {
            console::line(fault);
        }
        let Self {
            seals,
            records,
            events,
            faults,
        } = self;
        let what = format!("{records} tickets with {events} events against {seals} seals");
        ensure!(faults.is_empty(), "{what}: {} faults", faults.len());
        console::line(&format!("{what}: every record is as it was sealed"));
        Ok(())
    }
}
