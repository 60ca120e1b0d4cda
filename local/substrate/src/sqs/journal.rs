//! The durability of the laptop's queues: a log of what was sent, received, moved and deleted.
//!
//! One thread writes it. Everything that waits while one write is being synced goes into the
//! next (group commit), so a sync costs little even when many senders wait for theirs.

use std::{
    collections::{BTreeMap, HashSet},
    fs::{File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
};

use anyhow::{Context, anyhow, bail};
use rustack_sqs_model::input::SendMessageInput;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// The journal is compacted when it is at least so large, and twice what it has to hold.
const COMPACT_BYTES: u64 = 64 * 1024 * 1024;

/// At most so many appends share one sync.
const GROUP: usize = 1024;

/// One line of the journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub(super) enum Record {
    /// A message was sent.
    Put(Box<Item>),
    /// A message was handed out for the `count`th time.
    Receive {
        /// The message.
        id: String,
        /// How often it was received by now.
        count: u32,
        /// When it was first received, in milliseconds.
        first_ms: u64,
    },
    /// A message was moved to a dead-letter queue.
    Move {
        /// The message.
        id: String,
        /// The queue it is in now.
        queue: String,
        /// The ARN of the queue it failed in.
        source: String,
    },
    /// A message is gone.
    Delete {
        /// The message.
        id: String,
    },
    /// A queue's attributes were changed by a request, not by the template.
    Attributes {
        /// The queue.
        queue: String,
        /// The changed attributes.
        attributes: BTreeMap<String, String>,
    },
}

/// A message that is in a queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Item {
    /// Its message id, the same for all its life.
    pub(super) id: String,
    /// The queue's name.
    pub(super) queue: String,
    /// When it was sent, in milliseconds of the laptop's clock.
    pub(super) sent_ms: u64,
    /// Before when it must not be delivered, in milliseconds of the real time.
    pub(super) due_ms: u64,
    /// How often it was received.
    #[serde(default)]
    pub(super) count: u32,
    /// When it was first received, in milliseconds.
    #[serde(default)]
    pub(super) first_ms: u64,
    /// The ARN of the queue it failed in, when it stands in a dead-letter queue.
    #[serde(default)]
    pub(super) source: Option<String>,
    /// What was sent.
    pub(super) message: SendMessageInput,
}

/// What the journal adds up to.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The messages that are in some queue.
    pub(super) items: BTreeMap<String, Item>,
    /// Attributes that differ from the template's.
    pub(super) attributes: BTreeMap<String, BTreeMap<String, String>>,
    /// Messages deleted before their sending was seen.
    tombstones: HashSet<String>,
}

impl Contents {
    pub(super) fn apply(&mut self, record: Record) {
        match record {
            Record::Put(item) => {
                if !self.tombstones.remove(&item.id) {
                    self.items.insert(item.id.clone(), *item);
                }
            }
            Record::Receive {
                id,
                count,
                first_ms,
            } => {
                if let Some(item) = self.items.get_mut(&id) {
                    item.count = count;
                    item.first_ms = first_ms;
                }
            }
            Record::Move { id, queue, source } => {
                if let Some(item) = self.items.get_mut(&id) {
                    item.queue = queue;
                    item.source = Some(source);
                    item.count = 0;
                    item.first_ms = 0;
                    item.due_ms = 0;
                }
            }
            Record::Delete { id } => {
                if self.items.remove(&id).is_none() {
                    self.tombstones.insert(id);
                }
            }
            Record::Attributes { queue, attributes } => {
                self.attributes.entry(queue).or_default().extend(attributes);
            }
        }
    }

    fn records(&self) -> impl Iterator<Item = Record> + '_ {
        let attributes = self
            .attributes
            .iter()
            .map(|(queue, attributes)| Record::Attributes {
                queue: queue.clone(),
                attributes: attributes.clone(),
            });
        let tombstones = self
            .tombstones
            .iter()
            .map(|id| Record::Delete { id: id.clone() });
        let items = self
            .items
            .values()
            .map(|item| Record::Put(Box::new(item.clone())));
        attributes.chain(tombstones).chain(items)
    }
}

/// The open journal.
#[derive(Debug)]
pub(super) struct Journal {
    appends: mpsc::Sender<Append>,
    writer: JoinHandle<()>,
}

#[derive(Debug)]
struct Append {
    records: Vec<Record>,
    /// Told when the records are on disk; `None` when nobody waits for that.
    synced: Option<oneshot::Sender<Result<(), String>>>,
}

impl Journal {
    /// Opens the journal in a folder, replays it, and writes it anew without what is gone.
    pub(super) fn open(folder: &Path) -> anyhow::Result<(Self, Contents)> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create `{}`", folder.display()))?;
        let path = folder.join("journal");
        let mut contents = replay(&path)?;
        // No message sent from now on has an old id, so what tombstones waited for never comes.
        contents.tombstones.clear();
        let mut writer = Writer::compacted(path, contents)?;
        let copy = Contents {
            items: writer.contents.items.clone(),
            attributes: writer.contents.attributes.clone(),
            tombstones: HashSet::new(),
        };
        let (appends, queue) = mpsc::channel();
        let writer = std::thread::Builder::new()
            .name("sqs-journal".to_owned())
            .spawn(move || writer.run(&queue))
            .context("cannot start the journal's thread")?;
        Ok((Self { appends, writer }, copy))
    }

    /// Appends records and waits until they are on disk.
    pub(super) async fn commit(&self, records: Vec<Record>) -> anyhow::Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let (synced, done) = oneshot::channel();
        self.appends
            .send(Append {
                records,
                synced: Some(synced),
            })
            .map_err(|_| anyhow!("the queue journal is closed"))?;
        done.await
            .context("the queue journal is closed")?
            .map_err(|error| anyhow!("cannot write the queue journal: {error}"))
    }

    /// Appends records that may be lost in a crash.
    pub(super) fn note(&self, records: Vec<Record>) {
        if !records.is_empty()
            && self
                .appends
                .send(Append {
                    records,
                    synced: None,
                })
                .is_err()
        {
            tracing::warn!("the queue journal is closed");
        }
    }

    /// Writes what was appended and closes the journal.
    pub(super) fn close(self) {
        drop(self.appends);
        if self.writer.join().is_err() {
            tracing::error!("the queue journal's thread failed");
        }
    }
}

fn replay(path: &Path) -> anyhow::Result<Contents> {
    let mut contents = Contents::default();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(contents),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
        }
    };
    // What follows the last line end was being written when the process died; nobody was told
    // that it was kept.
    let complete = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let lines = bytes.get(..complete).unwrap_or_default();
    for (number, line) in lines.split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(record) => contents.apply(record),
            Err(error) => bail!(
                "`{}` is damaged in line {}: {error}",
                path.display(),
                number + 1
            ),
        }
    }
    Ok(contents)
}

#[derive(Debug)]
struct Writer {
    path: PathBuf,
    file: File,
    bytes: u64,
    compact_at: u64,
    contents: Contents,
    broken: Option<String>,
}

impl Writer {
    /// Writes the contents to a fresh file and puts it in the journal's place.
    fn compacted(path: PathBuf, contents: Contents) -> anyhow::Result<Self> {
        let (file, bytes) = rewrite(&path, &contents)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        let compact_at = COMPACT_BYTES.max(bytes.saturating_mul(2));
        Ok(Self {
            path,
            file,
            bytes,
            compact_at,
            contents,
            broken: None,
        })
    }

    fn run(&mut self, queue: &mpsc::Receiver<Append>) {
        while let Ok(first) = queue.recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = queue.try_recv()
            {
                group.push(next);
            }
            if self.broken.is_none()
                && let Err(error) = self.write(&mut group)
            {
                // After a failed sync nobody knows what is on disk: nothing more is promised.
                tracing::error!(%error, "the queue journal cannot be written");
                self.broken = Some(error.to_string());
            }
            let outcome = self.broken.clone().map_or(Ok(()), Err);
            for synced in group.into_iter().filter_map(|append| append.synced) {
                // A sender that gave up waiting is no concern of the journal.
                drop(synced.send(outcome.clone()));
            }
        }
    }

    fn write(&mut self, group: &mut [Append]) -> anyhow::Result<()> {
        let mut buffer = Vec::new();
        let mut waited_for = false;
        for append in group {
            waited_for |= append.synced.is_some();
            for record in append.records.drain(..) {
                serde_json::to_writer(&mut buffer, &record)?;
                buffer.push(b'\n');
                self.contents.apply(record);
            }
        }
        self.file.write_all(&buffer)?;
        if waited_for {
            self.file.sync_data()?;
        }
        self.bytes = self.bytes.saturating_add(u64::try_from(buffer.len())?);
        if self.bytes >= self.compact_at {
            (self.file, self.bytes) = rewrite(&self.path, &self.contents)?;
            self.compact_at = COMPACT_BYTES.max(self.bytes.saturating_mul(2));
        }
        Ok(())
    }
}

fn rewrite(path: &Path, contents: &Contents) -> anyhow::Result<(File, u64)> {
    let fresh = path.with_extension("new");
    let mut out = std::io::BufWriter::new(
        OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .open(&fresh)?,
    );
    for record in contents.records() {
        serde_json::to_writer(&mut out, &record)?;
        out.write_all(b"\n")?;
    }
    let mut file = out
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    let bytes = file.seek(SeekFrom::End(0))?;
    Ok((file, bytes))
}
