//! The ports: what use cases need from outside. `store` and `cloud` implement them.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::appeal::Appellant;
use domain::clocks::Timetable;
use domain::ids::{AppellantId, ChannelCode, TextRef, UnitId, UploadId, VaultName};
use domain::personal::Personal;
use domain::registry::Registry;
use domain::signs::Suggestion;
use domain::ticket::{Listing, Task, Ticket, TicketKey, TicketNumber};
use domain::workflow::words::State;

use crate::error::AppError;
use crate::originals::Original;

/// Registry, calendar and rulebooks, as loaded.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Units, channels, duty list.
    pub registry: Registry,
    /// Calendar and rulebooks.
    pub timetable: Timetable,
}

/// What makes a submission repeatable and a replay tellable: digests of channel and key, of the
/// body, and of the nonce of the request that made the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// Keyed digest of channel and `Idempotency-Key`.
    pub key: [u8; 12],
    /// Digest of the request's body.
    pub body: [u8; 12],
    /// Digest of the request's nonce.
    pub nonce: [u8; 12],
}

/// Outcome of creating a ticket.
#[derive(Debug)]
pub enum Created {
    /// It was not there before.
    New,
    /// One with this key is there already.
    Exists(Box<Ticket>, Fingerprint),
}

/// Outcome of a conditional write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// Written.
    Yes,
    /// Somebody else was faster.
    LostRace,
}

impl Committed {
    /// Of whether the condition of the write held.
    pub const fn of(is_written: bool) -> Self {
        if is_written {
            Self::Yes
        } else {
            Self::LostRace
        }
    }
}

/// A row of a work list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorklistRow {
    /// Number of the ticket.
    pub number: TicketNumber,
    /// Its state.
    pub state: State,
    /// What the unit has to do about it.
    pub task: Task,
    /// Code of its kind.
    pub kind: String,
    /// Code of its subject.
    pub subject: String,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Its version.
    pub version: u32,
}

/// A page of a work list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorklistPage {
    /// Rows, the earliest due first.
    pub rows: Vec<WorklistRow>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// What is asked of a work list.
#[derive(Debug, Clone)]
pub struct WorklistQuery {
    /// Whose.
    pub unit: UnitId,
    /// Only this state.
    pub state: Option<State>,
    /// Only this task.
    pub task: Option<Task>,
    /// Only what was due by then.
    pub due_by: Option<DateTime<Utc>>,
    /// Where to start.
    pub cursor: Option<String>,
    /// Rows at most.
    pub limit: i32,
}

/// How much of one task stands on a work list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskCount {
    /// The task.
    pub task: Task,
    /// Entries.
    pub count: u32,
    /// Of them, past their limit.
    pub overdue: u32,
}

/// Which timer list: deadlines of open tickets, or archiving of closed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerList {
    /// Warnings and overdue marks.
    Deadlines,
    /// Archiving.
    Archive,
}

/// State of an attachment (R-IN-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentState {
    /// Granted; nothing inspected yet.
    Granted,
    /// Inspected and released.
    Clean,
    /// Not what was declared, or not allowed: shown, never served.
    Quarantined {
        /// Why, in Chinese.
        reason: String,
    },
}

/// An attachment on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its upload.
    pub id: UploadId,
    /// The channel that it was granted to.
    pub channel: ChannelCode,
    /// Declared content type.
    pub content_type: String,
    /// Declared size.
    pub size_bytes: u64,
    /// Declared SHA-256, base64.
    pub sha256: String,
    /// Where it stands.
    pub state: AttachmentState,
    /// Type told from the bytes, once inspected.
    pub detected_type: Option<String>,
    /// What was removed from what officers see.
    pub removed: Vec<String>,
}

/// Delivery of one notification (R-HD-12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, as the receiver sees it.
    pub id: String,
    /// Whether it arrived.
    pub arrived: bool,
    /// Attempts made.
    pub attempts: u32,
    /// When it was last tried.
    pub at: DateTime<Utc>,
    /// What the receiver said.
    pub outcome: String,
}

/// Everything under a ticket's key, read at once for the ticket page.
#[derive(Debug, Clone, Default)]
pub struct Dossier {
    /// Texts by name.
    pub texts: Vec<(TextRef, Vec<u8>)>,
    /// The suggestion, if computed.
    pub suggestion: Option<Suggestion>,
    /// Deliveries of notifications.
    pub deliveries: Vec<Delivery>,
}

/// Messages that wait until a schedule asks for them.
#[async_trait]
pub trait Waiting: Send + Sync {
    /// Some that wait, each with what takes it off; none when nothing waits.
    async fn some(&self) -> Result<Vec<(String, String)>, AppError>;
    /// Takes those off that are dealt with.
    async fn done(&self, receipts: Vec<String>) -> Result<(), AppError>;
}

/// The ticket store.
#[async_trait]
pub trait Store: Send + Sync {
    /// Registry, calendar, rulebooks; cached for a minute of the caller's time.
    async fn reference(&self, now: DateTime<Utc>) -> Result<Arc<Reference>, AppError>;
    /// One consistent read of a ticket.
    async fn load(&self, key: &TicketKey) -> Result<Option<Ticket>, AppError>;
    /// One consistent read of a ticket, and of what is remembered of the request that made it.
    async fn load_made(&self, key: &TicketKey) -> Result<Option<(Ticket, Fingerprint)>, AppError>;
    /// Writes text and vault records of a new appeal: immutable, named by content, before the commit.
    async fn put_appeal(
        &self,
        key: &TicketKey,
        text: (&TextRef, &[u8]),
        records: &VaultRecords<'_>,
    ) -> Result<(), AppError>;
    /// Writes into the vault what an appellant wrote, before the commit. Whose key was destroyed, of
    /// them nothing is kept.
    async fn put_original(&self, original: &Original) -> Result<(), AppError>;
    /// Writes a new ticket unless its key is taken.
    async fn create(
        &self,
        ticket: &Ticket,
        fingerprint: Fingerprint,
        timetable: &Timetable,
    ) -> Result<Created, AppError>;
    /// Writes the events after `read_version`, unless the ticket changed since.
    async fn commit(
        &self,
        ticket: &Ticket,
        read_version: u32,
        timetable: &Timetable,
    ) -> Result<Committed, AppError>;
    /// Writes a text before the commit.
    async fn put_text(&self, key: &TicketKey, name: &TextRef, text: &[u8]) -> Result<(), AppError>;
    /// Everything under the ticket's key.
    async fn dossier(&self, key: &TicketKey) -> Result<Dossier, AppError>;
    /// A page of a work list.
    async fn worklist(&self, query: &WorklistQuery) -> Result<WorklistPage, AppError>;
    /// How much stands on a unit's work list at `now`, by task: what [`Store::worklist`] would list.
    async fn count_worklist(
        &self,
        unit: &UnitId,
        now: DateTime<Utc>,
    ) -> Result<Vec<TaskCount>, AppError>;
    /// Puts a ticket on the work lists of `listings`, and takes it off those of `before` that are
    /// not among them. Written by an older version of the ticket, it changes nothing.
    async fn put_listings(
        &self,
        ticket: &Ticket,
        before: &[Listing],
        listings: &[Listing],
    ) -> Result<(), AppError>;
    /// Keys of tickets whose next instant is not after `now`, from one shard.
    async fn due(
        &self,
        list: TimerList,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Vec<TicketKey>, AppError>;
    /// Keeps a suggestion; repeated writes are the same write.
    async fn put_suggestion(
        &self,
        key: &TicketKey,
        suggestion: &Suggestion,
    ) -> Result<(), AppError>;
    /// Records a grant; false when there is one with this id already.
    async fn put_grant(
        &self,
        attachment: &Attachment,
        expires_at: DateTime<Utc>,
    ) -> Result<bool, AppError>;
    /// An attachment on record.
    async fn attachment(&self, id: &UploadId) -> Result<Option<Attachment>, AppError>;
    /// Records the verdict on an attachment.
    async fn put_verdict(&self, attachment: &Attachment) -> Result<(), AppError>;
    /// Records a delivery.
    async fn put_delivery(&self, key: &TicketKey, delivery: &Delivery) -> Result<(), AppError>;
    /// Uses up a nonce that made nothing new; false when it was used before.
    async fn use_nonce(
        &self,
        channel: &ChannelCode,
        nonce: &[u8; 12],
        now: DateTime<Utc>,
    ) -> Result<bool, AppError>;
    /// Wrong query codes tried for a ticket's key in the last hour, whether there is such a ticket or
    /// not.
    async fn ticket_tries(&self, key: &TicketKey, now: DateTime<Utc>) -> Result<u32, AppError>;
    /// Wrong query codes that came from a source in the last hour, as a digest of it.
    async fn source_tries(&self, source: &[u8; 12], now: DateTime<Utc>) -> Result<u32, AppError>;
    /// Counts one more wrong query code, of the ticket's key and of the source.
    async fn count_try(
        &self,
        key: &TicketKey,
        source: &[u8; 12],
        now: DateTime<Utc>,
    ) -> Result<(), AppError>;
}

/// How many timer shards there are: bounds the write rate of one index partition.
pub const TIMER_SHARDS: u8 = 8;

/// What the vault keeps of a new appeal.
#[derive(Debug, Clone, Copy)]
pub struct VaultRecords<'a> {
    /// Name of the appellant's record.
    pub name: &'a VaultName,
    /// Who brought it.
    pub appellant: &'a Appellant,
    /// The appeal as it was written, where personal data stood in it.
    pub original: Option<&'a Original>,
}

/// The vault of personal data (Art. 16): all of one appellant is sealed with the appellant's key, and gone
/// with it.
#[async_trait]
pub trait Vault: Send + Sync {
    /// The appellant of a ticket; nobody once their personal data was erased.
    async fn appellant(&self, ticket: &Ticket) -> Result<Option<Appellant>, AppError>;
    /// A text of a ticket as its appellant wrote it, where personal data stood in it, until it was
    /// erased.
    async fn original(
        &self,
        ticket: &Ticket,
        name: &VaultName,
    ) -> Result<Option<Personal<Vec<u8>>>, AppError>;
}

/// The appellants' keys, for those who destroy them and open nothing (Art. 16).
#[async_trait]
pub trait AppellantKeys: Send + Sync {
    /// Every ticket of an appellant that the vault keeps something of.
    async fn tickets(&self, appellant: &AppellantId) -> Result<Vec<TicketKey>, AppError>;
    /// Puts on record that all up to `at` is erased, and destroys the key. Again, it is the same.
    async fn destroy(&self, appellant: &AppellantId, at: DateTime<Utc>) -> Result<(), AppError>;
}

/// The files of appeals, for those who delete them.
#[async_trait]
pub trait Files: Send + Sync {
    /// Deletes a file; one that is not there is no error.
    async fn delete(&self, name: &str) -> Result<(), AppError>;
}
