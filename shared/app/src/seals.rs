//! 全程可溯 (Art. 9; R-DP-5): every hour the heads of the tickets' chains are sealed under one Merkle
//! root, in an object that nobody can change. Whoever writes to the tickets and reckons their chains
//! anew still cannot make them fit what was sealed.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use domain::audit::ChainHead;
use domain::audit::merkle::{Hash, Leaf, path, root};
use domain::audit::verify::{Sealed, Verdict, verify};
use domain::ids::hex;
use domain::ticket::{Ticket, TicketNumber};
use serde::{Deserialize, Serialize};

use crate::archive::ArchiveObjects;
use crate::error::AppError;
use crate::ports::Waiting;

/// Leaves of one seal at most: an object of about a megabyte.
const LEAVES_MOST: usize = 10_000;

/// How long after an event its seal is looked for: an hour's run, and one that failed.
const SEALED_WITHIN: i64 = 3;

/// Hours of one ticket's life that are looked through at most.
const HOURS_MOST: usize = 48;

/// Where seals are kept.
#[async_trait]
pub trait SealObjects: Send + Sync {
    /// Names that begin so.
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError>;
    /// A document.
    async fn get(&self, name: &str) -> Result<Vec<u8>, AppError>;
}

/// Where a ticket stood, as it is sent and sealed: number, version, head in hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LeafLine(String, u32, String);

impl LeafLine {
    fn of(leaf: &Leaf) -> Self {
        let head = hex(&leaf.head.0);
        Self(leaf.number.to_string(), leaf.version, head)
    }

    fn leaf(&self) -> Option<Leaf> {
        Some(Leaf {
            number: TicketNumber::parse(&self.0).ok()?,
            version: self.1,
            head: ChainHead(unhex(&self.2)?),
        })
    }
}

fn unhex(text: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    for (at, byte) in bytes.iter_mut().enumerate().filter(|_| is_hex) {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    is_hex.then_some(bytes)
}

/// The message that says where a ticket stands.
pub fn head_message(ticket: &Ticket) -> Result<String, AppError> {
    let leaf = Leaf {
        number: ticket.number.clone(),
        version: ticket.version(),
        head: ticket.chain,
    };
    serde_json::to_string(&LeafLine::of(&leaf)).map_err(|error| AppError::Broken(error.to_string()))
}

/// A seal, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seal {
    /// Version of this form.
    form: u8,
    /// When.
    sealed_at: DateTime<Utc>,
    /// Root of the Merkle tree over the leaves (RFC 6962 §2.1), in hex.
    root: String,
    /// The leaves, in order.
    leaves: Vec<LeafLine>,
}

impl Seal {
    /// Over these leaves, at `now`.
    pub fn over(leaves: BTreeSet<LeafLine>, now: DateTime<Utc>) -> Result<Self, AppError> {
        let leaves: Vec<_> = leaves.into_iter().collect();
        let hashes = hashes(&leaves).ok_or_else(|| broken("a leaf that is none"))?;
        Ok(Self {
            form: 1,
            sealed_at: now,
            root: hex(&root(&hashes)),
            leaves,
        })
    }

    /// Reads a seal. One whose root is not that of its leaves is none.
    pub fn open(bytes: &[u8]) -> Result<Self, AppError> {
        let seal: Self = serde_json::from_slice(bytes).map_err(broken)?;
        let hashes = hashes(&seal.leaves).ok_or_else(|| broken("a leaf that is none"))?;
        if seal.form == 1 && hex(&root(&hashes)) == seal.root {
            Ok(seal)
        } else {
            Err(broken("the root is not that of the leaves"))
        }
    }

    /// `seals/<yyyy>/<mm>/<dd>/<hh>/<minute>-<root>.json`, by the hour in UTC.
    pub fn name(&self) -> String {
        let root = self.root.get(..16).unwrap_or_default();
        let minute = self.sealed_at.format("%M%S");
        format!("{}{minute}-{root}.json", hour_prefix(self.sealed_at))
    }

    /// When it was made.
    pub const fn sealed_at(&self) -> DateTime<Utc> {
        self.sealed_at
    }

    /// Its root, in hex.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Its leaves.
    pub fn leaves(&self) -> impl Iterator<Item = Leaf> {
        self.leaves.iter().filter_map(LeafLine::leaf)
    }
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Broken(format!("seal: {error}"))
}

fn hashes(leaves: &[LeafLine]) -> Option<Vec<Hash>> {
    let hashes = leaves.iter().map(|line| Some(line.leaf()?.hash()));
    hashes.collect()
}

/// Where the seals of an hour stand.
pub(crate) fn hour_prefix(at: DateTime<Utc>) -> String {
    at.format("seals/%Y/%m/%d/%H/").to_string()
}

/// What a run sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SealRun {
    /// Heads sealed.
    pub heads: usize,
    /// Seals written.
    pub seals: usize,
    /// Messages that are none: they come back, and go aside after a few times.
    pub unread: usize,
}

/// Seals every head that waits. What was sealed and not taken off is sealed again: harmless.
///
/// `clock` is asked when the heads are there: a seal is looked for in the hours from its heads' events
/// on, and some of them came after the run began.
pub async fn seal_waiting(
    heads: &dyn Waiting,
    objects: &dyn ArchiveObjects,
    clock: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<SealRun, AppError> {
    let mut run = SealRun::default();
    loop {
        let (mut leaves, mut receipts, mut is_last) = (BTreeSet::new(), Vec::new(), false);
        while leaves.len() < LEAVES_MOST && !is_last {
            let waiting = heads.some().await?;
            is_last = waiting.is_empty();
            for (body, receipt) in waiting {
                let line = serde_json::from_str::<LeafLine>(&body).ok();
                match line.filter(|line| line.leaf().is_some()) {
                    Some(line) => {
                        leaves.insert(line);
                        receipts.push(receipt);
                    }
                    None => run.unread += 1,
                }
            }
        }
        if !leaves.is_empty() {
            run.heads += leaves.len();
            run.seals += 1;
            let seal = Seal::over(leaves, clock())?;
            let bytes = serde_json::to_vec(&seal).map_err(broken)?;
            objects.put(&seal.name(), bytes).await?;
            heads.done(receipts).await?;
        }
        if is_last {
            return Ok(run);
        }
    }
}

/// A ticket's history held against its seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What holds.
    pub verdict: Verdict,
    /// How the newest version that holds was sealed.
    pub proof: Option<Proof>,
}

/// That a version was sealed, so that others can reckon it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The version.
    pub version: u32,
    /// When it was sealed.
    pub sealed_at: DateTime<Utc>,
    /// The root that was sealed, in hex.
    pub root: String,
    /// Where the leaf stands, from 0.
    pub index: usize,
    /// How many leaves there are.
    pub count: usize,
    /// What is hashed with it, from the leaf to the root, in hex.
    pub path: Vec<String>,
}

/// Looks the ticket's seals up and holds its history against them.
pub async fn check(objects: &dyn SealObjects, ticket: &Ticket) -> Result<Checked, AppError> {
    let (mut sealed, mut proof): (Vec<Sealed>, Option<Proof>) = (Vec::new(), None);
    for hour in hours(ticket) {
        for name in objects.names(&hour).await? {
            let seal = Seal::open(&objects.get(&name).await?)?;
            for (index, leaf) in seal.leaves().enumerate() {
                if leaf.number != ticket.number {
                    continue;
                }
                sealed.push((leaf.version, leaf.head));
                if proof.as_ref().is_none_or(|it| it.version < leaf.version) {
                    proof = proof_in(&seal, index, leaf.version);
                }
            }
        }
    }
    let verdict = verify(&ticket.events, ticket.chain, &sealed);
    Ok(Checked {
        proof: proof.filter(|it| it.version <= verdict.sealed),
        verdict,
    })
}

fn proof_in(seal: &Seal, index: usize, version: u32) -> Option<Proof> {
    let path = path(&hashes(&seal.leaves)?, index)?;
    Some(Proof {
        version,
        sealed_at: seal.sealed_at,
        root: seal.root.clone(),
        index,
        count: seal.leaves.len(),
        path: path.iter().map(hex).collect(),
    })
}

/// Where the seals of a ticket's events are looked for, the earliest first.
fn hours(ticket: &Ticket) -> Vec<String> {
    let hours = ticket
        .events
        .iter()
        .flat_map(|event| (0..SEALED_WITHIN).map(|later| event.at + TimeDelta::hours(later)));
    let begin = |at: DateTime<Utc>| at.with_minute(0)?.with_second(0)?.with_nanosecond(0);
    let hours: BTreeSet<_> = hours.filter_map(begin).collect();
    let all = hours.into_iter().map(hour_prefix);
    all.take(HOURS_MOST).collect()
}

mod whole;

pub use whole::{AllSealed, Fault, Record};

#[cfg(test)]
mod tests;
