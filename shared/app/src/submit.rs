//! 提交诉求: one entrance, nothing lost, nothing doubled (Art. 3; R-IN-1 to R-IN-7).

use chrono::{DateTime, Utc};
use domain::appeal::{Appellant, Kind, ReplyWay, Subject, Submission};
use domain::audit::Actor;
use domain::calendar::shanghai_date;
use domain::ids::{AppellantId, ChannelCode, TextRef, UploadId, VaultName};
use domain::ticket::{Ticket, TicketKey, TicketNumber};
use domain::workflow::command::Command;
use domain::workflow::decide::{Facts, decide};
use sha2::{Digest as _, Sha256};
use text::masking::Known;

use crate::documents::Document;
use crate::error::{AppError, FieldError, Unknown};
use crate::originals::Original;
use crate::ports::{Created, Fingerprint, Reference, Store, VaultRecords};

/// Keys tried before a collision of 40-bit keys is given up: four in a row do not happen.
const ATTEMPTS: u8 = 4;

/// A submission as parsed from the request.
#[derive(Debug, Clone)]
pub struct SubmitRequest {
    /// The signed channel.
    pub channel: ChannelCode,
    /// Keyed digest of channel and `Idempotency-Key`, 32 bytes.
    pub key_digest: [u8; 32],
    /// SHA-256 of the body.
    pub body_digest: [u8; 32],
    /// Digest of the signed request's nonce.
    pub nonce: [u8; 12],
    /// What is wanted.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// Title and text.
    pub document: Document,
    /// Who brought it.
    pub appellant: Appellant,
    /// Who that is, as a keyed digest.
    pub appellant_id: AppellantId,
    /// How to answer.
    pub reply_way: ReplyWay,
    /// Area code.
    pub area: Option<String>,
    /// Service item code.
    pub service_item: Option<String>,
    /// Uploads that belong to it.
    pub attachments: Vec<UploadId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a submission.
#[derive(Debug)]
pub struct Submitted {
    /// The ticket.
    pub ticket: Ticket,
    /// Whether this request made it, or an earlier one with the same key.
    pub is_new: bool,
}

/// Submits an appeal.
pub async fn submit(store: &dyn Store, request: &SubmitRequest) -> Result<Submitted, AppError> {
    let reference = store.reference(request.at).await?;
    check_attachments(store, &reference, request).await?;
    let fingerprint = fingerprint(request);
    let name = request.appellant.name.reveal();
    let document = request
        .document
        .masked(&Known::default().names([name.as_str()]))?;
    let (text, bytes) = document.seal()?;
    for attempt in 0..ATTEMPTS {
        let key = ticket_key(&request.key_digest, attempt);
        match store.load_made(&key).await? {
            // A repeat writes nothing: what was erased meanwhile stays so.
            Some((earlier, its)) if its.key == fingerprint.key => {
                refuse_replay(store, request, its).await?;
                return same_again(earlier, its, fingerprint);
            }
            // Another submission has this key by chance: the next one.
            Some(_) => continue,
            None => {}
        }
        let vault = vault_name(request, &key);
        let ticket = open_ticket(&reference, request, &key, (text.clone(), vault.clone()))?;
        let original = (document != request.document)
            .then(|| Original::of(&vault, &text, &request.document))
            .transpose()?;
        let records = VaultRecords {
            name: &vault,
            appellant: &request.appellant,
            original: original.as_ref(),
        };
        store.put_appeal(&key, (&text, &bytes), &records).await?;
        match store
            .create(&ticket, fingerprint, &reference.timetable)
            .await?
        {
            Created::New => {
                return Ok(Submitted {
                    ticket,
                    is_new: true,
                });
            }
            // Somebody was faster by a moment, with the same key or by chance.
            Created::Exists(_, its) if its.key != fingerprint.key => {}
            // Our own write, its answer lost and the store asked again: a replay comes at another
            // instant.
            Created::Exists(earlier, its)
                if its == fingerprint && earlier.events.starts_with(&ticket.events) =>
            {
                return Ok(Submitted {
                    ticket,
                    is_new: true,
                });
            }
            Created::Exists(earlier, its) => {
                refuse_replay(store, request, its).await?;
                return same_again(*earlier, its, fingerprint);
            }
        }
    }
    Err(AppError::Unavailable("no free ticket key".to_owned()))
}

/// The ticket that the request with this digest of channel and `Idempotency-Key` made.
pub async fn find(store: &dyn Store, key_digest: &[u8; 32]) -> Result<Option<Ticket>, AppError> {
    for attempt in 0..ATTEMPTS {
        match store.load_made(&ticket_key(key_digest, attempt)).await? {
            None => return Ok(None),
            Some((ticket, its)) if its.key == first_twelve(key_digest) => return Ok(Some(ticket)),
            Some(_) => {}
        }
    }
    Ok(None)
}

/// The ticket remembers the nonce that made it; only a repeat costs a record of its own. The
/// signature covers the `Idempotency-Key`, so a replay always comes to the ticket it made.
async fn refuse_replay(
    store: &dyn Store,
    request: &SubmitRequest,
    its: Fingerprint,
) -> Result<(), AppError> {
    let is_fresh = its.nonce != request.nonce
        && store
            .use_nonce(&request.channel, &request.nonce, request.at)
            .await?;
    if is_fresh {
        Ok(())
    } else {
        Err(AppError::Unauthenticated(Unknown::ReplayedNonce))
    }
}

fn same_again(
    ticket: Ticket,
    its: Fingerprint,
    fingerprint: Fingerprint,
) -> Result<Submitted, AppError> {
    if its.body == fingerprint.body {
        let is_new = false;
        Ok(Submitted { ticket, is_new })
    } else {
        Err(AppError::KeyReused)
    }
}

/// The key follows from channel and `Idempotency-Key`, and from nothing else: a repeat finds it.
fn ticket_key(digest: &[u8; 32], attempt: u8) -> TicketKey {
    let mut hash = Sha256::new();
    hash.update(digest);
    hash.update([attempt]);
    TicketKey::from_digest(&hash.finalize())
}

/// A request with another body never touches the record of the first.
fn vault_name(request: &SubmitRequest, key: &TicketKey) -> VaultName {
    let parts = [key.as_str().as_bytes(), &request.body_digest];
    VaultName::of(request.appellant_id.clone(), &parts)
}

fn first_twelve(digest: &[u8; 32]) -> [u8; 12] {
    let mut bytes = [0; 12];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = *from;
    }
    bytes
}

fn fingerprint(request: &SubmitRequest) -> Fingerprint {
    Fingerprint {
        key: first_twelve(&request.key_digest),
        body: first_twelve(&request.body_digest),
        nonce: request.nonce,
    }
}

fn open_ticket(
    reference: &Reference,
    request: &SubmitRequest,
    key: &TicketKey,
    (text, vault): (TextRef, VaultName),
) -> Result<Ticket, AppError> {
    let channel = reference.registry.channel(&request.channel);
    let channel = channel.ok_or(AppError::Unauthenticated(Unknown::Signature))?;
    let submission = Submission {
        channel: request.channel.clone(),
        kind: request.kind,
        subject: request.subject,
        appellant_kind: request.appellant.kind,
        reply_way: request.reply_way,
        area: request.area.clone(),
        service_item: request.service_item.clone(),
        managing_unit: channel.managing_unit_for(request.subject).clone(),
        text,
        vault,
        attachments: request.attachments.clone(),
    };
    let rulebook = reference
        .timetable
        .rulebooks
        .in_force(shanghai_date(request.at));
    let timetable = &reference.timetable;
    let facts = Facts {
        at: request.at,
        rulebook: &rulebook,
        timetable,
        registry: &reference.registry,
        earlier: None,
    };
    let actor = Actor::Channel(request.channel.clone());
    let events =
        decide(None, &actor, Command::Submit(Box::new(submission)), &facts).map_err(|refusal| {
            AppError::Refused {
                refusal,
                present: None,
            }
        })?;
    let number = TicketNumber::new(key, request.at);
    Ticket::fold(number, events).map_err(|error| AppError::Broken(error.to_string()))
}

async fn check_attachments(
    store: &dyn Store,
    reference: &Reference,
    request: &SubmitRequest,
) -> Result<(), AppError> {
    let rulebook = reference
        .timetable
        .rulebooks
        .in_force(shanghai_date(request.at));
    let mut wrong = Vec::new();
    if request.attachments.len() > rulebook.attachments {
        let detail = format!("附件最多{}个", rulebook.attachments);
        wrong.push(FieldError::new("/attachments", detail));
    }
    for (index, id) in request
        .attachments
        .iter()
        .enumerate()
        .take(rulebook.attachments)
    {
        let granted = store.attachment(id).await?;
        if granted.is_none_or(|granted| granted.channel != request.channel) {
            let detail = "没有这个上传编号，请重新上传后再提交";
            wrong.push(FieldError::new(format!("/attachments/{index}"), detail));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(AppError::Invalid(wrong))
    }
}
