//! The lake by hand (R-AN-1, R-OPS-3): make it now, check it, make it again from the tickets and hold
//! that against the one that grew, and views over it for DuckDB.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use app::AppError;
use app::lake::LakeObjects;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use cloud::objects::Bucket;
use cloud::queues::Queue;
use domain::ticket::Ticket;
use lake::compact::{CompactRun, MONTHLY};
use lake::gather::{gather, said, write_events};
use lake::month::Month;
use lake::names::{CURATED, EVENTS, Part, STATES};
use lake::nightly::made;
use lake::rows::EventRow;
use lake::state::{State, states};
use store::DynamoStore;

use crate::account::Account;
use crate::console::{self, Progress};

/// Events that are held until they are written.
const HELD: usize = 50_000;

/// Where the lake is made again.
const AGAIN: &str = "again/";

/// What is done with the lake by hand.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make it as of now, with what waits for the next hour.
    Make,
    /// Count the tickets by month, and hold them against the lake as it was made last.
    Check,
    /// Make it again from the tickets, as of when it was made, and say where the one that grew is another.
    Rebuild {
        /// Put the new one in the place of the other. Meanwhile there is none.
        #[arg(long)]
        replace: bool,
    },
    /// Print views over its files, as a script for DuckDB.
    Views {
        /// Where the objects are; when not given, the state folder, or in the cloud their bucket.
        #[arg(long, value_name = "WHERE")]
        location: Option<String>,
    },
}

/// Does it.
pub async fn run(state: &Path, command: Command) -> Result<()> {
    let account = Account::open(state)?;
    let keeper = Keeper::open(&account).await?;
    match command {
        Command::Make => keeper.make().await.map(|_| ()),
        Command::Check => keeper.check().await.map(|_| ()),
        Command::Rebuild { replace } => keeper.rebuild(replace).await.map(|_| ()),
        Command::Views { location } => {
            let folder = state.join("s3").join(&keeper.bucket);
            let folder = folder.canonicalize().ok();
            let folder = folder.filter(|_| account.is_laptop());
            let location = location.or_else(|| Some(folder?.display().to_string()));
            console::line(&keeper.views(location.as_deref()).await?);
            Ok(())
        }
    }
}

/// Tickets, and the lake of them.
pub struct Keeper {
    store: DynamoStore,
    waiting: Queue,
    objects: Bucket,
    bucket: String,
    now: DateTime<Utc>,
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the keeper of {}", self.bucket)
    }
}

impl Keeper {
    /// Finds table and bucket.
    pub async fn open(account: &Account) -> Result<Self> {
        let table = account.table("TicketsTable", "TICKETS_TABLE").await?;
        let queue = account.queue("LakeQueue", "LAKE_QUEUE_URL").await?;
        let bucket = account.bucket("LakeBucket", "LAKE_BUCKET").await?;
        Ok(Self {
            store: DynamoStore::new(account.dynamodb.clone(), table),
            waiting: Queue::new(account.sqs.clone(), queue),
            objects: Bucket::new(account.s3.clone(), bucket.clone()),
            bucket,
            now: account.now(),
        })
    }

    /// Where its objects are, for engines that read by a catalogue.
    fn location(&self) -> String {
        format!("s3://{}", self.bucket)
    }

    /// The lake's objects.
    pub const fn objects(&self) -> &Bucket {
        &self.objects
    }

    /// Makes the lake as of now: what waits for the next hour is taken first.
    pub async fn make(&self) -> Result<CompactRun> {
        let clock = || self.now;
        let gathering = gather(&self.waiting, &self.store, &self.objects, &clock);
        Box::pin(gathering).await?;
        let at = (self.now, self.now);
        let run = lake_compact::make(&self.store, &self.objects, &self.location(), at).await?;
        console::line(&format!(
            "{} months, {} tickets, {} events, as of {}",
            run.months, run.tickets, run.events, self.now
        ));
        Ok(run)
    }

    /// Holds the tickets against the lake as it was made last.
    pub async fn check(&self) -> Result<lake_check::Checked> {
        let as_of = made(&self.objects).await?;
        let as_of = as_of.context("the lake was not made yet: `lake make` does it")?;
        let found = lake_check::check(&self.store, &self.objects, as_of, self.now).await?;
        console::line(&format!(
            "as of {as_of} the lake is what {} tickets say",
            found.tickets
        ));
        Ok(found)
    }

    /// A script of views for DuckDB, over the objects in their bucket or wherever else they are.
    pub async fn views(&self, location: Option<&str>) -> Result<String> {
        let states = states(&self.objects).await?;
        ensure!(
            !states.is_empty(),
            "the lake was not made yet: `lake make` does it"
        );
        let own = self.location();
        Ok(lake::views::duckdb(&states, location.unwrap_or(&own)))
    }

    /// Makes the lake again from the tickets, beside the one that grew, and says where they differ; with
    /// `replace` it takes that one's place.
    pub async fn rebuild(&self, replace: bool) -> Result<Rebuilt> {
        let as_of = made(&self.objects).await?.unwrap_or(self.now);
        let again = Within(&self.objects, AGAIN);
        self.clear(&again).await?;
        let (events, erased) = self.write_all(&again, Some(as_of)).await?;
        let at = (as_of, self.now);
        Box::pin(lake_compact::make(
            &self.store,
            &again,
            &self.location(),
            at,
        ))
        .await?;
        let (grown, made) = (states(&self.objects).await?, states(&again).await?);
        let mut rebuilt = Rebuilt {
            events,
            ..Rebuilt::default()
        };
        for part in grown.keys().chain(made.keys()).collect::<BTreeSet<_>>() {
            if let Part::Of(month) = part {
                rebuilt.months += 1;
                rebuilt.tickets += made.get(part).map_or(0, |state| state.tally.tickets);
                let both = (grown.get(part), made.get(part));
                // Who was erased since is not written again, not even to compare.
                let differs = if erased.contains(month) {
                    let tally = |state: Option<&State>| state.map(|state| state.tally);
                    (tally(both.0) != tally(both.1)).then_some("tickets")
                } else {
                    self.differs(&again, both).await?
                };
                if let Some(table) = differs {
                    rebuilt.differences.push(format!("{month}: `{table}`"));
                }
            }
        }
        self.clear(&again).await?;
        if replace {
            let own = Within(&self.objects, "");
            self.clear(&own).await?;
            self.write_all(&own, None).await?;
            Box::pin(lake_compact::make(&self.store, &own, &self.location(), at)).await?;
        }
        console::line(&rebuilt.to_string());
        ensure!(
            replace || rebuilt.differences.is_empty(),
            "the lake is not what the tickets say; `lake rebuild --replace` puts the new one in its place"
        );
        Ok(rebuilt)
    }

    /// Takes away what a lake consists of.
    async fn clear(&self, objects: &Within<'_>) -> Result<()> {
        for folder in [STATES, "catalogue/", CURATED, EVENTS] {
            let names = objects.names(folder).await?;
            objects.remove(&names).await?;
        }
        Ok(())
    }

    /// Every event of every ticket, or those before an instant if one is named: how many there are, and
    /// the months of tickets whose appellant was erased since then.
    async fn write_all(
        &self,
        objects: &Within<'_>,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<(usize, BTreeSet<Month>)> {
        let mut erased = BTreeSet::new();
        let about = self.store.about_items().await.unwrap_or_default();
        let mut progress = Progress::new("reading tickets");
        let (mut held, mut events, mut passed, mut start) = (Vec::new(), 0_usize, 0_usize, None);
        loop {
            let page = self.store.tickets_page(start).await?;
            for ticket in page.tickets {
                let ticket = ticket?;
                let until = as_of.map_or(ticket.version(), |as_of| version_at(&ticket, as_of));
                let is_since = |(erased, as_of)| erased >= as_of;
                if ticket.erased_at.zip(as_of).is_some_and(is_since) {
                    erased.insert(Month::of(&ticket.number));
                }
                let said = said(&self.store, &ticket, (0, until)).await?;
                held.extend(EventRow::all(&ticket, 0, until, &said));
            }
            start = page.next;
            if held.len() >= HELD || start.is_none() {
                events += held.len();
                write_events(objects, std::mem::take(&mut held), self.now).await?;
            }
            passed = passed.saturating_add(page.passed);
            progress.step(passed, about.max(passed), "items");
            if start.is_none() {
                break;
            }
        }
        progress.done(&format!("{events} events"));
        Ok((events, erased))
    }

    /// The first table in which a month is not the same, byte for byte.
    async fn differs(
        &self,
        again: &Within<'_>,
        (grown, made): (Option<&State>, Option<&State>),
    ) -> Result<Option<&'static str>> {
        for table in MONTHLY {
            let files = |state: Option<&State>| {
                let files = state.and_then(|state| state.tables.get(table.name));
                files.cloned().unwrap_or_default()
            };
            let (own, its) = (files(grown), files(made));
            let mut is_same = own.rows == its.rows && own.files.len() == its.files.len();
            for (one, other) in own.names().zip(its.names()) {
                if !is_same {
                    break;
                }
                let grown = LakeObjects::get(&self.objects, one, None).await?;
                is_same &= grown == again.get(other, None).await?;
            }
            if !is_same {
                return Ok(Some(table.name));
            }
        }
        Ok(None)
    }
}

/// The version in the moment before an instant; 0 where the ticket was not there yet.
fn version_at(ticket: &Ticket, as_of: DateTime<Utc>) -> u32 {
    let events = ticket.events.iter().take_while(|event| event.at < as_of);
    u32::try_from(events.count()).unwrap_or(u32::MAX)
}

/// What came of making the lake again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Months.
    pub months: usize,
    /// Tickets in them.
    pub tickets: usize,
    /// Events of them.
    pub events: usize,
    /// Month and table where the lake that grew is another.
    pub differences: Vec<String>,
}

impl std::fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            months,
            tickets,
            events,
            differences,
        } = self;
        write!(
            f,
            "{months} months, {tickets} tickets, {events} events made again: "
        )?;
        if differences.is_empty() {
            write!(f, "the same as the lake that grew, byte for byte")
        } else {
            write!(
                f,
                "other than the lake that grew in {}",
                differences.join(", ")
            )
        }
    }
}

/// Objects whose names all begin with something more.
struct Within<'a>(&'a Bucket, &'static str);

impl Within<'_> {
    fn named(&self, name: &str) -> String {
        format!("{}{name}", self.1)
    }

    fn own(&self, name: String) -> String {
        name.strip_prefix(self.1).map(str::to_owned).unwrap_or(name)
    }
}

#[async_trait]
impl LakeObjects for Within<'_> {
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
        let names = LakeObjects::names(self.0, &self.named(prefix)).await?;
        Ok(names.into_iter().map(|name| self.own(name)).collect())
    }

    async fn versions(&self, prefix: &str) -> Result<Vec<(String, Option<String>)>, AppError> {
        let found = self.0.versions(&self.named(prefix)).await?.into_iter();
        Ok(found
            .map(|(name, version)| (self.own(name), version))
            .collect())
    }

    async fn get(&self, name: &str, version: Option<&str>) -> Result<Vec<u8>, AppError> {
        LakeObjects::get(self.0, &self.named(name), version).await
    }

    async fn range(&self, name: &str, from: u64, count: u64) -> Result<Vec<u8>, AppError> {
        LakeObjects::range(self.0, &self.named(name), from, count).await
    }

    async fn current(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, AppError> {
        self.0.current(&self.named(name)).await
    }

    async fn replace(
        &self,
        name: &str,
        body: Vec<u8>,
        tag: Option<&str>,
    ) -> Result<Option<String>, AppError> {
        self.0.replace(&self.named(name), body, tag).await
    }

    async fn put(&self, name: &str, body: Vec<u8>) -> Result<(), AppError> {
        LakeObjects::put(self.0, &self.named(name), body).await
    }

    async fn remove(&self, names: &[String]) -> Result<(), AppError> {
        let names: Vec<_> = names.iter().map(|name| self.named(name)).collect();
        self.0.remove(&names).await
    }
}
