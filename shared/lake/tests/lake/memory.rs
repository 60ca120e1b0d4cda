//! Objects in memory, which can fail at any call; and what is read back from them.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use app::AppError;
use app::lake::LakeObjects;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::clocks::Timetable;
use domain::ids::hex;
use futures_util::FutureExt as _;
use lake::Said;
use lake::compact::{CompactRun, Compacting};
use lake::file::Rows;
use lake::gather::write_events;
use lake::names::Part;
use lake::nightly::make;
use lake::rows::{AssignmentRow, ClockRow, EventRow, KnowledgeUseRow, RatingRow, TicketRow};
use lake::schema::Row;
use lake::state::states;
use lake::whole::Whole;
use sha2::{Digest as _, Sha256};
use year::{Made, Year, timetable};

/// Read once.
static TIMETABLE: LazyLock<Timetable> = LazyLock::new(timetable);

/// Objects by name; the call that is to fail, counted down.
#[derive(Default)]
pub(crate) struct Memory {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    fails_in: Mutex<Option<usize>>,
}

impl Memory {
    /// The call after so many fails, and everything after it.
    pub(crate) fn fail_in(&self, calls: Option<usize>) {
        *self.fails_in.lock().unwrap() = calls;
    }

    fn call(&self) -> Result<(), AppError> {
        let mut left = self.fails_in.lock().unwrap();
        match left.as_mut() {
            Some(0) => Err(AppError::Unavailable("the store is away".to_owned())),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Names of all objects.
    pub(crate) fn all(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }
}

#[async_trait]
impl LakeObjects for Memory {
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
        self.call()?;
        let mut names = self.all();
        names.retain(|name| name.starts_with(prefix));
        Ok(names)
    }

    async fn versions(&self, prefix: &str) -> Result<Vec<(String, Option<String>)>, AppError> {
        let names = self.names(prefix).await?.into_iter();
        Ok(names.map(|name| (name, None)).collect())
    }

    async fn get(&self, name: &str, _: Option<&str>) -> Result<Vec<u8>, AppError> {
        self.call()?;
        let found = self.objects.lock().unwrap().get(name).cloned();
        found.ok_or_else(|| AppError::Broken(format!("there is no {name}")))
    }

    async fn range(&self, name: &str, _: u64, _: u64) -> Result<Vec<u8>, AppError> {
        self.get(name, None).await
    }

    async fn current(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, AppError> {
        self.call()?;
        let found = self.objects.lock().unwrap().get(name).cloned();
        Ok(found.map(|body| {
            let tag = tag(&body);
            (body, tag)
        }))
    }

    async fn replace(
        &self,
        name: &str,
        body: Vec<u8>,
        wanted: Option<&str>,
    ) -> Result<Option<String>, AppError> {
        self.call()?;
        let mut objects = self.objects.lock().unwrap();
        let there = objects.get(name).map(|body| tag(body));
        if there.as_deref() != wanted {
            return Ok(None);
        }
        let now = tag(&body);
        objects.insert(name.to_owned(), body);
        Ok(Some(now))
    }

    async fn put(&self, name: &str, body: Vec<u8>) -> Result<(), AppError> {
        self.call()?;
        self.objects.lock().unwrap().insert(name.to_owned(), body);
        Ok(())
    }

    async fn remove(&self, names: &[String]) -> Result<(), AppError> {
        self.call()?;
        self.objects
            .lock()
            .unwrap()
            .retain(|name, _| !names.contains(name));
        Ok(())
    }
}

/// What is there, and nothing else, is known by it.
fn tag(body: &[u8]) -> String {
    hex(Sha256::digest(body).iter())
}

/// What a future of ours is at once: nothing here waits.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing waits")
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// So many appeals of two months of 2026.
pub(crate) fn made(seed: u64, appeals: usize) -> Vec<Made> {
    let first = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    Year::new(seed, first, 40, appeals).unwrap().collect()
}

/// What the lake keeps of its texts.
pub(crate) fn said(made: &Made) -> Said {
    Said {
        title: Some(made.title.clone()),
        text: Some(made.text.clone()),
        knowledge: made.knowledge.clone(),
    }
}

/// Every event of a ticket.
pub(crate) fn rows(made: &Made) -> Vec<EventRow> {
    EventRow::all(&made.ticket, 0, u32::MAX, &said(made))
}

/// A lake, and the instant at which something is written next.
pub(crate) struct Lake {
    pub(crate) objects: Memory,
    pub(crate) at: DateTime<Utc>,
}

impl Lake {
    pub(crate) fn new() -> Self {
        Self {
            objects: Memory::default(),
            at: instant("2026-03-01T00:00:00Z"),
        }
    }

    pub(crate) fn write(&mut self, rows: Vec<EventRow>) -> Result<usize, AppError> {
        // Nothing is written before it happened.
        let latest = rows.iter().map(|row| row.at).max();
        self.at = latest.map_or(self.at, |latest| self.at.max(latest)) + TimeDelta::minutes(30);
        now(write_events(&self.objects, rows, self.at))
    }

    pub(crate) fn compact(&mut self, as_of: DateTime<Utc>) -> Result<CompactRun, AppError> {
        // Nothing is made before it is time.
        self.at = self.at.max(as_of) + TimeDelta::minutes(30);
        let compacting = Compacting {
            objects: &self.objects,
            location: "s3://lake",
            timetable: &TIMETABLE,
            as_of,
            now: self.at,
        };
        now(make(&compacting, &Whole::default()))
    }

    /// The rows of a table, by the states: month after month.
    pub(crate) fn table<R: Row>(&self, name: &str) -> Vec<R> {
        let mut rows = Vec::new();
        for (part, state) in now(states(&self.objects)).unwrap() {
            if part == Part::Whole {
                continue;
            }
            for name in state.tables[name].names() {
                let file = now(self.objects.get(name, None)).unwrap();
                let read = Rows::open(Bytes::from(file)).unwrap();
                rows.extend(read.map(|row: Result<R, _>| row.unwrap()));
            }
        }
        rows
    }

    /// Everything that counts.
    pub(crate) fn whole(&self) -> Everything {
        Everything {
            history: self.table("history"),
            tickets: self.table("tickets"),
            clocks: self.table("clocks"),
            assignments: self.table("assignments"),
            ratings: self.table("ratings"),
            uses: self.table("knowledge_uses"),
        }
    }
}

/// All that the lake says.
#[derive(Debug, PartialEq)]
pub(crate) struct Everything {
    pub(crate) history: Vec<EventRow>,
    pub(crate) tickets: Vec<TicketRow>,
    pub(crate) clocks: Vec<ClockRow>,
    pub(crate) assignments: Vec<AssignmentRow>,
    pub(crate) ratings: Vec<RatingRow>,
    pub(crate) uses: Vec<KnowledgeUseRow>,
}
