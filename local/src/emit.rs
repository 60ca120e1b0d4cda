//! Sends the messages of tickets again, made from the tickets themselves, and opens the cases of
//! supervision that they are a cause for: what the relay would have done, for when it could not.

use anyhow::{Context as _, Result, ensure};
use app::act::find;
use app::messages::{Messages, case_messages, group_messages, knowledge_messages, messages};
use app::ports::Store as _;
use app::problem_groups::{Desk, follow_citations, supervise_group};
use app::supervision::{letter, supervise, supervise_knowledge};
use chrono::{DateTime, SecondsFormat, Utc};
use cloud::queues::Queue;
use domain::supervision::SupervisionCase;
use domain::ticket::{Ticket, TicketNumber};
use store::DynamoStore;

use crate::account::Account;
use crate::console::{self, Progress};

/// Names what the table is called in the cloud.
const TABLE_SETTING: &str = "TICKETS_TABLE";

/// Where messages come from and go to.
#[derive(Debug)]
pub struct Emitter {
    store: DynamoStore,
    suggest: Queue,
    notify: Queue,
    seal: Queue,
    lake: Queue,
    letters: Queue,
    now: DateTime<Utc>,
}

/// What was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Tickets with such events.
    pub tickets: usize,
    /// Messages to suggest.
    pub suggest: usize,
    /// Messages to notify.
    pub notify: usize,
    /// Heads to seal.
    pub seal: usize,
    /// Tickets with events for the lake.
    pub lake: usize,
    /// Letters to set.
    pub letters: usize,
}

impl Emitter {
    /// Finds table and queues. `table` is what is known of the table's name already; the
    /// environment knows better.
    pub async fn open(account: &Account, table: Option<String>) -> Result<Self> {
        let table = match (account.setting(TABLE_SETTING), table) {
            (None, Some(table)) => table,
            _ => account.table("TicketsTable", TABLE_SETTING).await?,
        };
        let suggest = account.queue("SuggestQueue", "SUGGEST_QUEUE_URL").await?;
        let notify = account.queue("NotifyQueue", "NOTIFY_QUEUE_URL").await?;
        let seal = account.queue("SealQueue", "SEAL_QUEUE_URL").await?;
        let lake = account.queue("LakeQueue", "LAKE_QUEUE_URL").await?;
        let letters = account.queue("LetterQueue", "LETTER_QUEUE_URL").await?;
        Ok(Self {
            store: DynamoStore::new(account.dynamodb.clone(), table),
            suggest: Queue::new(account.sqs.clone(), suggest),
            notify: Queue::new(account.sqs.clone(), notify),
            seal: Queue::new(account.sqs.clone(), seal),
            lake: Queue::new(account.sqs.clone(), lake),
            letters: Queue::new(account.sqs.clone(), letters),
            now: account.now(),
        })
    }

    /// The events of every ticket from `since` on. A ticket that cannot be read keeps no other
    /// from being sent, but is an error in the end.
    pub async fn all(&self, since: DateTime<Utc>) -> Result<Emitted> {
        console::line(&format!(
            "emitting the events since {}",
            since.to_rfc3339_opts(SecondsFormat::Secs, true)
        ));
        // For the progress only: who may not ask goes without.
        let about = self.store.about_items().await.unwrap_or_default();
        let mut progress = Progress::new("emitting");
        let (mut emitted, mut passed, mut unreadable) = (Emitted::default(), 0_usize, 0_usize);
        let mut start = None;
        loop {
            let page = self.store.tickets_page(start).await?;
            let mut batch = Messages::default();
            for read in page.tickets {
                match read {
                    Ok(ticket) => {
                        self.supervises(&ticket, since).await?;
                        emitted.add(&mut batch, of_ticket(&ticket, since)?);
                    }
                    Err(error) => {
                        unreadable = unreadable.saturating_add(1);
                        console::error(&error.to_string());
                    }
                }
            }
            self.send(&batch).await?;
            passed = passed.saturating_add(page.passed);
            progress.step(passed, about.max(passed), "items");
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        emitted.letters = self.writes(since).await?;
        let reference = self.store.reference(self.now).await?;
        for entry in self.store.all_knowledge().await? {
            supervise_knowledge(&self.store, &reference, &entry, None).await?;
            emitted.notify += self
                .tells(&knowledge_messages(&entry, |_, at| at >= since)?)
                .await?;
        }
        for group in self.store.all_groups().await? {
            supervise_group(&self.store, &reference, &group, None).await?;
            emitted.notify += self
                .tells(&group_messages(&group, |_, at| at >= since)?)
                .await?;
        }
        for case in self.store.all_cases().await? {
            emitted.notify += self
                .tells(&case_messages(&case, |_, at| at >= since)?)
                .await?;
        }
        progress.done(&emitted.to_string());
        ensure!(
            unreadable == 0,
            "{unreadable} tickets cannot be read; all others were emitted"
        );
        Ok(emitted)
    }

    /// The events of one ticket, from `since` on.
    pub async fn one(&self, number: &TicketNumber, since: DateTime<Utc>) -> Result<Emitted> {
        let ticket = find(&self.store, number).await;
        let ticket = ticket.with_context(|| format!("ticket {number}"))?;
        self.supervises(&ticket, since).await?;
        let (mut emitted, mut batch) = (Emitted::default(), Messages::default());
        emitted.add(&mut batch, of_ticket(&ticket, since)?);
        self.send(&batch).await?;
        console::line(&emitted.to_string());
        Ok(emitted)
    }

    /// Sends the letters of cases again; one that was set stays as it is.
    async fn writes(&self, since: DateTime<Utc>) -> Result<usize> {
        let reference = self.store.reference(self.now).await?;
        let cases = self.store.all_cases().await?;
        let sent = |case: &&SupervisionCase| case.letter().is_some_and(|(_, at)| at >= since);
        let letters = cases.iter().filter(sent);
        let letters = letters.filter_map(|case| letter(case, &reference));
        let messages: Result<Vec<_>, _> = letters.map(|letter| letter.message()).collect();
        let messages = messages?;
        self.letters.send_all(&messages).await?;
        Ok(messages.len())
    }

    /// Opens the cases that the relay would have opened, and takes repeats into problem groups; what
    /// stands stays as it is.
    async fn supervises(&self, ticket: &Ticket, since: DateTime<Utc>) -> Result<()> {
        let reference = self.store.reference(self.now).await?;
        supervise(&self.store, &reference, ticket, |_, event| {
            event.at >= since
        })
        .await?;
        let desk = Desk {
            store: &self.store,
            groups: &self.store,
        };
        follow_citations(desk, ticket, |_, event| event.at >= since).await?;
        Ok(())
    }

    async fn tells(&self, messages: &[String]) -> Result<usize> {
        self.notify.send_all(messages).await?;
        Ok(messages.len())
    }

    async fn send(&self, batch: &Messages) -> Result<()> {
        self.suggest.send_all(&batch.suggest).await?;
        self.notify.send_all(&batch.notify).await?;
        self.seal.send_all(&batch.seal).await?;
        self.lake.send_all(&batch.lake).await?;
        Ok(())
    }
}

fn of_ticket(ticket: &Ticket, since: DateTime<Utc>) -> Result<Messages> {
    Ok(messages(ticket, |_, event| event.at >= since)?)
}

impl Emitted {
    fn add(&mut self, batch: &mut Messages, of_ticket: Messages) {
        self.tickets += usize::from(of_ticket.count() > 0);
        self.suggest += of_ticket.suggest.len();
        self.notify += of_ticket.notify.len();
        self.seal += of_ticket.seal.len();
        self.lake += of_ticket.lake.len();
        batch.extend(of_ticket);
    }
}

impl std::fmt::Display for Emitted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            tickets,
            suggest,
            notify,
            seal,
            lake,
            letters,
        } = self;
        write!(
            f,
            "{tickets} tickets, {suggest} messages to suggest, {notify} to notify, {seal} heads to seal, {lake} tickets to the lake, {letters} letters to set"
        )
    }
}
