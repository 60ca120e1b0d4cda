//! The outbox's other half: what is new in the table's stream goes on. Events of a ticket become messages
//! on the queues, entries on work lists, proposals for the duty list, uses of the knowledge base and
//! cases of supervision (Art. 17); so do notices on an entry that were not followed in time, and
//! complaints that came together in a problem group; a case's letter is sent to be set, and whoever a
//! case, an entry or a group concerns is told. At least once: whoever is told knows what they were told before.

use app::AppError;
use app::documents::Document;
use app::messages::{case_messages, group_messages, knowledge_messages, messages};
use app::ports::{Reference, Store as _};
use app::problem_groups::{Desk, follow_citations, supervise_group};
use app::supervision::{letter, supervise, supervise_knowledge};
use cloud::queues::Queue;
use domain::audit::Happening;
use domain::knowledge::{KnowledgeEntry, KnowledgeId};
use domain::problem_group::ProblemGroup;
use domain::supervision::SupervisionCase;
use domain::ticket::Ticket;
use runtime::Setup;
use runtime::events::{StreamRecord, case_image, entry_image, group_image, ticket_image};
use store::DynamoStore;

/// The queues.
#[derive(Debug)]
pub struct Relay {
    suggest: Queue,
    notify: Queue,
    seal: Queue,
    lake: Queue,
    letters: Queue,
    store: DynamoStore,
}

impl Relay {
    /// From the environment.
    pub fn new(setup: &Setup) -> Result<Self, AppError> {
        let sqs = setup.sdk.sqs();
        let suggest = Queue::new(sqs.clone(), setup.setting("SUGGEST_QUEUE_URL")?);
        let notify = Queue::new(sqs.clone(), setup.setting("NOTIFY_QUEUE_URL")?);
        let seal = Queue::new(sqs.clone(), setup.setting("SEAL_QUEUE_URL")?);
        let lake = Queue::new(sqs.clone(), setup.setting("LAKE_QUEUE_URL")?);
        let letters = Queue::new(sqs, setup.setting("LETTER_QUEUE_URL")?);
        let store = setup.store()?;
        Ok(Self {
            suggest,
            notify,
            seal,
            lake,
            letters,
            store,
        })
    }
}

/// One record of the stream: everything between the old version and the new one.
pub async fn handle(relay: &Relay, record: StreamRecord) -> Result<(), AppError> {
    let reference = relay.store.reference(runtime::clock::now()).await?;
    let (new, old) = (&record.change.new_image, &record.change.old_image);
    // Boxed: each is a large future, and only one of them runs.
    if let Some(case) = case_image(new)? {
        return Box::pin(of_case(relay, &reference, case_image(old)?, &case)).await;
    }
    if let Some(entry) = entry_image(new)? {
        return Box::pin(of_entry(relay, &reference, entry_image(old)?, &entry)).await;
    }
    if let Some(group) = group_image(new)? {
        return Box::pin(of_group(relay, &reference, group_image(old)?, &group)).await;
    }
    let Some(ticket) = ticket_image(new)? else {
        return Ok(());
    };
    Box::pin(of_ticket(relay, &reference, ticket_image(old)?, &ticket)).await
}

async fn of_ticket(
    relay: &Relay,
    reference: &Reference,
    before: Option<Ticket>,
    ticket: &Ticket,
) -> Result<(), AppError> {
    list(relay, reference, before.as_ref(), ticket).await?;
    let seen = before.map_or(0, |before| before.version());
    let proposals = ticket.duty_proposals().into_iter();
    for proposal in proposals.filter(|proposal| proposal.version > seen) {
        relay.store.put_proposal(ticket, &proposal).await?;
    }
    supervise(&relay.store, reference, ticket, |version, _| version > seen).await?;
    let desk = Desk {
        store: &relay.store,
        groups: &relay.store,
    };
    follow_citations(desk, ticket, |version, _| version > seen).await?;
    cite(relay, seen, ticket).await?;
    let messages = messages(ticket, |version, _| version > seen)?;
    relay.suggest.send_all(&messages.suggest).await?;
    relay.notify.send_all(&messages.notify).await?;
    relay.seal.send_all(&messages.seal).await?;
    relay.lake.send_all(&messages.lake).await
}

async fn of_case(
    relay: &Relay,
    reference: &Reference,
    before: Option<SupervisionCase>,
    case: &SupervisionCase,
) -> Result<(), AppError> {
    let seen = before.as_ref().map_or(0, |before| before.entries.len());
    let told = case_messages(case, |at, _| is_new(at, seen))?;
    relay.notify.send_all(&told).await?;
    write_to(relay, reference, before.as_ref(), case).await
}

async fn of_entry(
    relay: &Relay,
    reference: &Reference,
    before: Option<KnowledgeEntry>,
    entry: &KnowledgeEntry,
) -> Result<(), AppError> {
    let seen = before.as_ref().map_or(0, |before| before.notices.len());
    let told = knowledge_messages(entry, |at, _| is_new(at, seen))?;
    relay.notify.send_all(&told).await?;
    supervise_knowledge(&relay.store, reference, entry, before.as_ref()).await
}

async fn of_group(
    relay: &Relay,
    reference: &Reference,
    before: Option<ProblemGroup>,
    group: &ProblemGroup,
) -> Result<(), AppError> {
    // That it was confirmed is told before its entries.
    let seen = before.as_ref().map_or(0, |before| 1 + before.entries.len());
    let told = group_messages(group, |at, _| is_new(at, seen))?;
    relay.notify.send_all(&told).await?;
    supervise_group(&relay.store, reference, group, before.as_ref()).await
}

/// Whether the entry at this place, counted from 1, comes after so many.
fn is_new(at: u32, seen: usize) -> bool {
    usize::try_from(at).is_ok_and(|at| at > seen)
}

/// A letter that was not there before is to be set. Told again, it is the same letter.
async fn write_to(
    relay: &Relay,
    reference: &Reference,
    before: Option<&SupervisionCase>,
    case: &SupervisionCase,
) -> Result<(), AppError> {
    if before.and_then(SupervisionCase::letter) == case.letter() {
        return Ok(());
    }
    match letter(case, reference) {
        Some(letter) => relay.letters.send_all(&[letter.message()?]).await,
        None => Ok(()),
    }
}

/// Puts on record which entries of the knowledge base settled the appeal (R-KB-4). An appeal that is
/// answered again with the same entry counts once.
async fn cite(relay: &Relay, seen: u32, ticket: &Ticket) -> Result<(), AppError> {
    let key = ticket.number.key();
    let new = ticket
        .events
        .iter()
        .skip(usize::try_from(seen).unwrap_or_default());
    for event in new {
        let (Happening::Closed { text, .. } | Happening::AnsweredDirectly { text }) =
            &event.happening
        else {
            continue;
        };
        // It was written before the ticket; until it is seen, the record comes again.
        let missing = || AppError::Unavailable("the answer is not there yet".to_owned());
        let answer = relay.store.text_of(&key, text).await?.ok_or_else(missing)?;
        let Document::Answer { knowledge, .. } = Document::open(&answer)? else {
            continue;
        };
        for cited in knowledge {
            if let Some(id) = KnowledgeId::parse(&cited.entry) {
                relay
                    .store
                    .knowledge_settles(&id, cited.version, &key)
                    .await?;
            }
        }
    }
    Ok(())
}

/// Keeps the work lists of others than the responsible unit, whose row is the ticket itself.
async fn list(
    relay: &Relay,
    reference: &Reference,
    before: Option<&Ticket>,
    ticket: &Ticket,
) -> Result<(), AppError> {
    let timetable = &reference.timetable;
    let before = before.map(|before| before.listings(timetable));
    let (before, listings) = (before.unwrap_or_default(), ticket.listings(timetable));
    relay.store.put_listings(ticket, &before, &listings).await
}
