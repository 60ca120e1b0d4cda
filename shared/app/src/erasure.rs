//! 删除个人信息 (Art. 16; R-DP-4): an appellant's key is destroyed, and with it all that the vault
//! keeps of them; their files go; every ticket of theirs says so, and stays whole.
//!
//! Broken off anywhere, it is taken up again by asking again: the tombstone comes first and the event
//! of the ticket that was asked about last, so that what is half done is never called done.

use std::borrow::Borrow;

use chrono::{DateTime, Utc};
use domain::audit::Actor;
use domain::calendar::to_shanghai;
use domain::ids::AppellantId;
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::command::Command;
use domain::workflow::words::ErasureGround;
use serde::Serialize;

use crate::act::{Who, Wish, act_on, decided, present};
use crate::archive::ArchiveObjects;
use crate::documents::Document;
use crate::error::AppError;
use crate::ports::{AppellantKeys, Files, Store};

/// What erasing needs.
#[derive(Clone, Copy)]
pub struct Erasing<'a> {
    /// The tickets.
    pub store: &'a dyn Store,
    /// The appellants' keys.
    pub keys: &'a dyn AppellantKeys,
    /// Their files.
    pub files: &'a dyn Files,
    /// Where the reports are kept.
    pub reports: &'a dyn ArchiveObjects,
}

impl std::fmt::Debug for Erasing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Erasing")
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ErasureWish {
    /// Why.
    pub ground: ErasureGround,
    /// In words.
    pub documents: Vec<Document>,
    /// The version that the caller saw (`If-Match`).
    pub seen_version: Option<u32>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What an erasure did, which its report says. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Erased {
    /// The tickets whose appellant's personal data is gone.
    pub numbers: Vec<String>,
    /// How many files were deleted.
    pub files: usize,
    /// Code of the ground.
    pub ground: &'static str,
    /// When.
    pub erased_at: DateTime<Utc>,
}

/// Every ticket of an appellant, as far as one was made.
pub async fn tickets_of(
    erasing: Erasing<'_>,
    appellant: &AppellantId,
) -> Result<Vec<Ticket>, AppError> {
    let mut tickets = Vec::new();
    for key in erasing.keys.tickets(appellant).await? {
        tickets.extend(erasing.store.load(&key).await?);
    }
    Ok(tickets)
}

/// Erases all personal data of the appellant of `ticket`; `who` says by whom.
pub async fn erase<P: Borrow<Actor> + Send>(
    erasing: Erasing<'_>,
    ticket: Ticket,
    asked: &ErasureWish,
    who: Who<'_, P>,
) -> Result<(Erased, P), AppError> {
    let appellant = ticket.submission.vault.appellant.clone();
    let mut others = tickets_of(erasing, &appellant).await?;
    others.retain(|other| other.number != ticket.number);
    let open = others.iter().filter(|other| other.state.is_open());
    let open: Vec<_> = open.map(|other| other.number.clone()).collect();
    let erased = erased(&ticket, &others, asked);
    others.retain(|other| other.erased_at.is_none());

    let by = who(&ticket)?;
    if asked
        .seen_version
        .is_some_and(|seen| seen != ticket.version())
    {
        return Err(AppError::ChangedMeanwhile(present(&ticket)));
    }
    let wish = wish(&ticket, asked, open)?;
    let follow = follow(asked, &others);
    let reference = erasing.store.reference(asked.at).await?;
    decided(&ticket, &wish, by.borrow(), (reference.as_ref(), None))?;
    for (other, wish) in others.iter().zip(&follow) {
        decided(other, wish, &Actor::System, (reference.as_ref(), None))?;
    }

    keep(erasing, &appellant, &erased).await?;
    erasing.keys.destroy(&appellant, asked.at).await?;
    for upload in others.iter().chain([&ticket]).flat_map(Ticket::attachments) {
        // As it came, and as officers see it.
        for folder in ["quarantine", "clean"] {
            erasing.files.delete(&format!("{folder}/{upload}")).await?;
        }
    }
    for (other, wish) in others.into_iter().zip(&follow) {
        act_on(erasing.store, other, wish, &|_| Ok(Actor::System)).await?;
    }
    let (_, by) = act_on(erasing.store, ticket, &wish, who).await?;
    Ok((erased, by))
}

/// All of the appellant, also what an earlier asking was broken off at.
fn erased(ticket: &Ticket, others: &[Ticket], asked: &ErasureWish) -> Erased {
    let all = || others.iter().chain([ticket]);
    Erased {
        numbers: all().map(|it| it.number.to_string()).collect(),
        files: all().map(|it| it.attachments().count()).sum(),
        ground: asked.ground.code(),
        erased_at: asked.at,
    }
}

fn wish(ticket: &Ticket, asked: &ErasureWish, open: Vec<TicketNumber>) -> Result<Wish, AppError> {
    let text = asked.documents.first().map(Document::seal).transpose()?;
    Ok(Wish {
        number: ticket.number.clone(),
        command: Command::Erase {
            ground: asked.ground,
            text: text.map(|(name, _)| name),
            open,
        },
        documents: asked.documents.clone(),
        originals: Vec::new(),
        seen_version: None,
        at: asked.at,
    })
}

/// The other tickets follow: whoever manages them, their appellant is the same.
fn follow(asked: &ErasureWish, others: &[Ticket]) -> Vec<Wish> {
    let wish = |other: &Ticket| Wish {
        number: other.number.clone(),
        command: Command::Erase {
            ground: asked.ground,
            text: None,
            open: Vec::new(),
        },
        documents: Vec::new(),
        originals: Vec::new(),
        seen_version: None,
        at: asked.at,
    };
    others.iter().map(wish).collect()
}

/// What was done lies where nobody can change it.
async fn keep(
    erasing: Erasing<'_>,
    appellant: &AppellantId,
    erased: &Erased,
) -> Result<(), AppError> {
    let day = to_shanghai(erased.erased_at).format("%Y/%m/%d");
    let at = erased.erased_at.timestamp_millis();
    let name = format!("erasures/{day}/{}-{at}.json", appellant.as_str());
    let bytes = serde_json::to_vec(erased);
    let bytes = bytes.map_err(|error| AppError::Broken(error.to_string()))?;
    erasing.reports.put(&name, bytes).await
}
