//! Search in what is shown of the knowledge base (Art. 6(4), 10(1); R-KB-2). What people type is in the
//! body and nowhere else: no address, log or index holds it. The function reaches its index and no
//! table.

mod answer;

use std::sync::{Arc, Mutex};

use api::requests::{KnowledgeSearchBody, parse};
use app::AppError;
use app::seals::SealObjects as _;
use authz::{Intent, Principal, authorize};
use chrono::{DateTime, TimeDelta, Utc};
use cloud::objects::Bucket;
use domain::calendar::shanghai_date;
use domain::ids::hex;
use runtime::http::{Reply, Request};
use search::{Query, SearchIndex};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use answer::SearchAnswer;

/// The object that names the index.
const POINTER: &str = "current.json";

/// How long an index is searched before it is looked for a newer one.
const LIFE: TimeDelta = TimeDelta::seconds(30);

/// What names the index.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pointer {
    name: String,
    built_at: DateTime<Utc>,
}

/// The index that is open.
#[derive(Debug, Clone)]
struct Open {
    pointer: Pointer,
    index: Arc<SearchIndex>,
    /// When it was last the current one.
    seen_at: DateTime<Utc>,
}

/// Holds the index open between requests.
#[derive(Debug)]
pub struct Searcher {
    bucket: Bucket,
    open: Mutex<Option<Open>>,
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("search index: {error}"))
}

impl Searcher {
    /// Searches the index in `bucket`.
    pub const fn new(bucket: Bucket) -> Self {
        Self {
            bucket,
            open: Mutex::new(None),
        }
    }

    /// Opens the index while the function starts, which has more CPU than an invocation. The first
    /// request looks whether it is still the current one.
    pub async fn prewarm(&self) -> Result<(), AppError> {
        self.current(DateTime::UNIX_EPOCH).await.map(|_| ())
    }

    /// The current index, at most [`LIFE`] old.
    async fn current(&self, now: DateTime<Utc>) -> Result<Open, AppError> {
        let held = self.open.lock().ok().and_then(|open| open.clone());
        if let Some(open) = &held
            && (now - open.seen_at).abs() < LIFE
        {
            return Ok(open.clone());
        }
        let pointer = self.bucket.get(POINTER).await?;
        let pointer: Pointer = serde_json::from_slice(&pointer).map_err(broken)?;
        let index = match held.filter(|open| open.pointer.name == pointer.name) {
            Some(open) => open.index,
            None => Arc::new(self.fetch(&pointer.name).await?),
        };
        let open = Open {
            pointer,
            index,
            seen_at: now,
        };
        if let Ok(mut held) = self.open.lock() {
            *held = Some(open.clone());
        }
        Ok(open)
    }

    async fn fetch(&self, name: &str) -> Result<SearchIndex, AppError> {
        let block = self.bucket.get(name).await?;
        if name != format!("indexes/{}", hex(&Sha256::digest(&block))) {
            return Err(broken("it is not what its name says"));
        }
        SearchIndex::open(&block).map_err(broken)
    }
}

/// `POST /knowledge-searches`.
pub async fn handle(searcher: &Searcher, request: Request) -> Result<Reply, AppError> {
    let permit = authorize(Principal::Anybody, Intent::SearchKnowledge)?;
    let (text, area, limit) = parse::<KnowledgeSearchBody>(&request.body)?.check()?;
    let open = searcher.current(request.at).await?;
    let query = Query {
        text: &text,
        area: area.as_deref(),
        on: shanghai_date(request.at),
        limit,
    };
    let found = open.index.search(&query).map_err(broken)?;
    let answer = SearchAnswer::new(&text, &found, open.pointer.built_at);
    Reply::json(&permit, 200, &answer)
}
