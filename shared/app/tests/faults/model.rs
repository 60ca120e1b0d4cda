//! The ports in memory, with one call that fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use app::AppError;
use app::archive::ArchiveObjects;
use app::originals::Original;
use app::ports::{
    AppellantKeys, Attachment, Committed, Created, Delivery, Dossier, Files, Fingerprint,
    Reference, Store, TIMER_SHARDS, TaskCount, TimerList, VaultRecords, WorklistPage,
    WorklistQuery,
};
use app::seals::SealObjects;
use app::supervision::Cases;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::appeal::Appellant;
use domain::audit::Happening;
use domain::clocks::Timetable;
use domain::ids::{AppellantId, ChannelCode, TextRef, UnitId, UploadId};
use domain::signs::Suggestion;
use domain::supervision::{LetterNumber, Proved, SupervisionCase, SupervisionId};
use domain::ticket::{Listing, Ticket, TicketKey};
use domain::workflow::words::End;

use crate::groups::KeptGroups;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It never happened.
    NotDone,
    /// It happened; the answer was lost.
    AnswerLost,
    /// It happened, the answer was lost, and the adapter asked once more by itself, as an SDK does.
    AskedTwice,
}

/// Everything the ports keep.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Kept {
    pub(crate) tickets: BTreeMap<TicketKey, (Ticket, Fingerprint)>,
    texts: BTreeMap<(TicketKey, String), Vec<u8>>,
    vault: BTreeMap<String, Appellant>,
    originals: BTreeMap<String, Original>,
    pub(crate) attachments: BTreeMap<UploadId, Attachment>,
    pub(crate) objects: BTreeMap<String, Vec<u8>>,
    nonces: BTreeSet<[u8; 12]>,
    erased: BTreeMap<AppellantId, DateTime<Utc>>,
    deleted: BTreeSet<String>,
    pub(crate) cases: BTreeMap<String, (SupervisionCase, Option<DateTime<Utc>>)>,
    letters: BTreeMap<i32, u32>,
    proved: BTreeSet<(String, Proved)>,
    pub(crate) groups: KeptGroups,
}

impl Kept {
    /// Without the nonces: an honest repeat is signed with a new one.
    pub(crate) fn without_nonces(mut self) -> Self {
        self.nonces.clear();
        for (_, fingerprint) in self.tickets.values_mut() {
            fingerprint.nonce = [0; 12];
        }
        self
    }
}

impl Kept {
    /// Appellant, texts and, once archived, the document of a ticket.
    pub(crate) fn holds_all_of(&self, case: &str, ticket: &Ticket) {
        let key = ticket.number.key();
        let record = &ticket.submission.vault.to_string();
        let is_kept = self.vault.contains_key(record);
        // Broken off, the key is gone before the ticket says so.
        let is_erased = self.erased.contains_key(&ticket.submission.vault.appellant);
        assert_ne!(is_kept, is_erased, "{case}: appellant");
        for event in &ticket.events {
            if let Happening::Archived { digest } = &event.happening {
                let mut archived = self.objects.values();
                let is_there = archived.any(|document| TextRef::of(document) == digest.0);
                assert!(is_there, "{case}: no archived document");
            } else if let Some(name) = event.happening.text() {
                let name = (key.clone(), name.as_str().to_owned());
                assert!(self.texts.contains_key(&name), "{case}: {event:?}");
            }
        }
    }
}

/// The ports.
pub(crate) struct Model {
    reference: Arc<Reference>,
    fault: Option<(u32, Fault)>,
    inner: Mutex<(Kept, u32)>,
}

impl Model {
    /// With what is kept already, and the call (from 1) that fails.
    pub(crate) fn new(reference: &Arc<Reference>, kept: Kept, fault: Option<(u32, Fault)>) -> Self {
        Self {
            reference: Arc::clone(reference),
            fault,
            inner: Mutex::new((kept, 0)),
        }
    }

    /// What is kept now.
    pub(crate) fn kept(&self) -> Kept {
        self.inner.lock().unwrap().0.clone()
    }

    /// Calls made so far.
    pub(crate) fn calls(&self) -> u32 {
        self.inner.lock().unwrap().1
    }

    /// Every call of every port goes through here.
    pub(crate) fn call<T>(&self, call: impl Fn(&mut Kept) -> T) -> Result<T, AppError> {
        let mut inner = self.inner.lock().unwrap();
        let (kept, calls) = &mut *inner;
        *calls += 1;
        let lost = || Err(AppError::Unavailable("no answer".to_owned()));
        match self.fault.filter(|(at, _)| at == calls) {
            None => Ok(call(kept)),
            Some((_, Fault::NotDone)) => lost(),
            Some((_, Fault::AnswerLost)) => {
                call(kept);
                lost()
            }
            Some((_, Fault::AskedTwice)) => {
                call(kept);
                Ok(call(kept))
            }
        }
    }
}

fn nobody_asks<T>() -> T {
    panic!("no use case under test asks for this")
}

#[async_trait]
impl ArchiveObjects for Model {
    async fn put(&self, name: &str, document: Vec<u8>) -> Result<(), AppError> {
        self.call(|kept| {
            kept.objects.insert(name.to_owned(), document.clone());
        })
    }
}

#[async_trait]
impl SealObjects for Model {
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
        self.call(|kept| {
            let all = kept.objects.keys();
            all.filter(|name| name.starts_with(prefix))
                .cloned()
                .collect()
        })
    }

    async fn get(&self, name: &str) -> Result<Vec<u8>, AppError> {
        self.call(|kept| kept.objects[name].clone())
    }
}

#[async_trait]
impl Cases for Model {
    async fn put_new_case(
        &self,
        case: &SupervisionCase,
        due: Option<DateTime<Utc>>,
    ) -> Result<(), AppError> {
        self.call(|kept| {
            let place = kept.cases.entry(case.id.to_string());
            place.or_insert((case.clone(), due));
        })
    }

    async fn case(&self, id: &SupervisionId) -> Result<Option<SupervisionCase>, AppError> {
        self.call(|kept| kept.cases.get(id.as_str()).map(|(case, _)| case.clone()))
    }

    async fn put_case(
        &self,
        case: &SupervisionCase,
        due: Option<DateTime<Utc>>,
        read: usize,
        letter: Option<LetterNumber>,
    ) -> Result<Committed, AppError> {
        self.call(|kept| {
            let stands = kept.cases[case.id.as_str()].0.version();
            let last = |year| kept.letters.get(&year).copied().unwrap_or_default();
            let is_next = letter.is_none_or(|it| last(it.year) + 1 == it.number);
            if stands != read || !is_next {
                return Committed::LostRace;
            }
            kept.letters
                .extend(letter.map(|letter| (letter.year, letter.number)));
            kept.cases.insert(case.id.to_string(), (case.clone(), due));
            Committed::Yes
        })
    }

    async fn last_letter(&self, year: i32) -> Result<u32, AppError> {
        self.call(|kept| kept.letters.get(&year).copied().unwrap_or_default())
    }

    async fn due_cases(&self, now: DateTime<Utc>) -> Result<Vec<SupervisionId>, AppError> {
        self.call(|kept| {
            let all = kept.cases.values();
            let due = all.filter(|(_, due)| due.is_some_and(|due| due <= now));
            due.map(|(case, _)| case.id.clone()).collect()
        })
    }

    async fn open_cases(&self) -> Result<Vec<SupervisionCase>, AppError> {
        self.call(|kept| kept.cases.values().map(|(case, _)| case.clone()).collect())
    }

    async fn note_proved(
        &self,
        unit: &UnitId,
        item: Option<&str>,
        proved: &Proved,
    ) -> Result<Vec<Proved>, AppError> {
        let place = format!("{unit}#{}", item.unwrap_or("-"));
        self.call(|kept| {
            kept.proved.insert((place.clone(), proved.clone()));
            let all = kept.proved.iter();
            let here = all.filter(|(at, _)| *at == place);
            here.map(|(_, proved)| proved.clone()).collect()
        })
    }
}

#[async_trait]
impl AppellantKeys for Model {
    async fn tickets(&self, appellant: &AppellantId) -> Result<Vec<TicketKey>, AppError> {
        self.call(|kept| {
            let all = kept.tickets.iter();
            let theirs = all.filter(|(_, (it, _))| it.submission.vault.appellant == *appellant);
            theirs.map(|(key, _)| key.clone()).collect()
        })
    }

    async fn destroy(&self, appellant: &AppellantId, at: DateTime<Utc>) -> Result<(), AppError> {
        self.call(|kept| {
            kept.erased.insert(appellant.clone(), at);
            let is_theirs = |name: &String| name.starts_with(appellant.as_str());
            kept.vault.retain(|name, _| !is_theirs(name));
            kept.originals.retain(|name, _| !is_theirs(name));
        })
    }
}

#[async_trait]
impl Files for Model {
    async fn delete(&self, name: &str) -> Result<(), AppError> {
        self.call(|kept| {
            kept.deleted.insert(name.to_owned());
        })
    }
}

#[async_trait]
impl Store for Model {
    async fn reference(&self, _: DateTime<Utc>) -> Result<Arc<Reference>, AppError> {
        self.call(|_| Arc::clone(&self.reference))
    }

    async fn load(&self, key: &TicketKey) -> Result<Option<Ticket>, AppError> {
        self.call(|kept| kept.tickets.get(key).map(|(ticket, _)| ticket.clone()))
    }

    async fn load_made(&self, key: &TicketKey) -> Result<Option<(Ticket, Fingerprint)>, AppError> {
        self.call(|kept| kept.tickets.get(key).cloned())
    }

    async fn put_appeal(
        &self,
        key: &TicketKey,
        (name, text): (&TextRef, &[u8]),
        records: &VaultRecords<'_>,
    ) -> Result<(), AppError> {
        self.call(|kept| {
            let name = (key.clone(), name.as_str().to_owned());
            kept.texts.insert(name, text.to_vec());
            let record = records.name.to_string();
            kept.vault.insert(record, records.appellant.clone());
            let originals = records.original.into_iter().cloned();
            kept.originals
                .extend(originals.map(|it| (it.name.to_string(), it)));
        })
    }

    async fn put_original(&self, original: &Original) -> Result<(), AppError> {
        self.call(|kept| {
            let name = original.name.to_string();
            kept.originals.insert(name, original.clone());
        })
    }

    async fn create(
        &self,
        ticket: &Ticket,
        fingerprint: Fingerprint,
        _: &Timetable,
    ) -> Result<Created, AppError> {
        self.call(|kept| {
            let key = ticket.number.key();
            if let Some((earlier, its)) = kept.tickets.get(&key) {
                return Created::Exists(Box::new(earlier.clone()), *its);
            }
            kept.tickets.insert(key, (ticket.clone(), fingerprint));
            Created::New
        })
    }

    async fn commit(
        &self,
        ticket: &Ticket,
        read_version: u32,
        _: &Timetable,
    ) -> Result<Committed, AppError> {
        self.call(|kept| {
            let (present, _) = kept.tickets.get_mut(&ticket.number.key()).unwrap();
            if present.version() != read_version {
                return Committed::LostRace;
            }
            // The store appends: what was there is never written again.
            let mut events = present.events.clone();
            let from = usize::try_from(read_version).unwrap();
            events.extend_from_slice(&ticket.events[from..]);
            *present = Ticket::fold(ticket.number.clone(), events).unwrap();
            Committed::Yes
        })
    }

    async fn put_text(&self, key: &TicketKey, name: &TextRef, text: &[u8]) -> Result<(), AppError> {
        self.call(|kept| {
            let name = (key.clone(), name.as_str().to_owned());
            kept.texts.insert(name, text.to_vec());
        })
    }

    async fn dossier(&self, key: &TicketKey) -> Result<Dossier, AppError> {
        self.call(|kept| {
            let texts = kept.texts.iter().filter(|((of, _), _)| of == key);
            let texts = texts.map(|((_, name), text)| {
                let name = TextRef::parse(name).unwrap();
                (name, text.clone())
            });
            Dossier {
                texts: texts.collect(),
                ..Dossier::default()
            }
        })
    }

    async fn due(
        &self,
        list: TimerList,
        shard: u8,
        now: DateTime<Utc>,
    ) -> Result<Vec<TicketKey>, AppError> {
        let timetable = &self.reference.timetable;
        let is_due = |key: &TicketKey, ticket: &Ticket| {
            let next = ticket.thresholds(timetable);
            let is_of_list = |end| (end == End::Archive) == (list == TimerList::Archive);
            key.shard(TIMER_SHARDS) == shard
                && next.first().is_some_and(|threshold| {
                    threshold.at <= now && is_of_list(threshold.id.clock.end())
                })
        };
        self.call(|kept| {
            let all = kept.tickets.iter();
            let due = all.filter(|(key, (ticket, _))| is_due(key, ticket));
            due.map(|(key, _)| key.clone()).collect()
        })
    }

    async fn attachment(&self, id: &UploadId) -> Result<Option<Attachment>, AppError> {
        self.call(|kept| kept.attachments.get(id).cloned())
    }

    async fn use_nonce(
        &self,
        _: &ChannelCode,
        nonce: &[u8; 12],
        _: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        self.call(|kept| kept.nonces.insert(*nonce))
    }

    async fn worklist(&self, _: &WorklistQuery) -> Result<WorklistPage, AppError> {
        nobody_asks()
    }

    async fn count_worklist(
        &self,
        _: &UnitId,
        _: DateTime<Utc>,
    ) -> Result<Vec<TaskCount>, AppError> {
        nobody_asks()
    }

    async fn put_listings(&self, _: &Ticket, _: &[Listing], _: &[Listing]) -> Result<(), AppError> {
        nobody_asks()
    }

    async fn put_suggestion(&self, _: &TicketKey, _: &Suggestion) -> Result<(), AppError> {
        nobody_asks()
    }

    async fn put_grant(&self, _: &Attachment, _: DateTime<Utc>) -> Result<bool, AppError> {
        nobody_asks()
    }

    async fn put_verdict(&self, _: &Attachment) -> Result<(), AppError> {
        nobody_asks()
    }

    async fn put_delivery(&self, _: &TicketKey, _: &Delivery) -> Result<(), AppError> {
        nobody_asks()
    }

    async fn ticket_tries(&self, _: &TicketKey, _: DateTime<Utc>) -> Result<u32, AppError> {
        nobody_asks()
    }

    async fn source_tries(&self, _: &[u8; 12], _: DateTime<Utc>) -> Result<u32, AppError> {
        nobody_asks()
    }

    async fn count_try(
        &self,
        _: &TicketKey,
        _: &[u8; 12],
        _: DateTime<Utc>,
    ) -> Result<(), AppError> {
        nobody_asks()
    }
}
