//! From a ticket's events to rows, and back.

use std::collections::BTreeMap;

use domain::audit::{Actor, Event, Happening};
use domain::ids::{ChannelCode, OfficerId, hex};
use domain::ticket::Ticket;
use domain::workflow::words::Role;
use sha2::{Digest as _, Sha256};

use crate::rows::EventRow;

/// Facts that stay behind: names of texts, of vault records and of files.
const LEFT_OUT: [&str; 3] = ["x", "z", "f"];

/// An area code is no finer than a county's in the lake (GB/T 2260).
const COUNTY_DIGITS: usize = 6;

/// Stands for a text that the lake has no name of.
const NO_TEXT: &str = "00000000000000000000000000000000";

/// Stands for a vault record that the lake has no name of.
const NO_RECORD: &str = "000000000000000000000000.0000000000000000";

/// What the texts of a ticket's events say that the lake keeps, masked as they are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The appeal's title.
    pub title: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// By version: the entries of the knowledge base that the answer rests on, and which version of them.
    pub knowledge: BTreeMap<u32, Vec<(String, u32)>>,
}

impl EventRow {
    /// The row of the event that made `version` of the ticket; none where there is none. Of an
    /// appellant who was erased no row says whose it was or what they wrote.
    pub fn of(ticket: &Ticket, version: u32, said: &Said) -> Option<Self> {
        let index = usize::try_from(version).ok()?.checked_sub(1)?;
        let event = ticket.events.get(index)?;
        let is_kept = version == 1 && ticket.erased_at.is_none();
        let keep = |text: &Option<String>| text.clone().filter(|_| is_kept);
        let mut facts = event.happening.facts();
        facts.retain(|(name, _)| !LEFT_OUT.contains(name));
        if let Happening::Submitted { .. } = event.happening {
            coarsen(&mut facts);
        }
        let facts: BTreeMap<_, _> = facts.into_iter().collect();
        let knowledge = said.knowledge.get(&version).into_iter().flatten();
        let knowledge: Vec<_> = knowledge.map(|(id, of)| format!("{id}@{of}")).collect();
        Some(Self {
            number: ticket.number.clone(),
            version,
            at: event.at,
            action: event.happening.action(),
            role: event.by.role(),
            unit: event.by.unit().cloned(),
            rulebook: u32::from(event.rulebook),
            facts: (!facts.is_empty())
                .then(|| serde_json::to_string(&facts).ok())
                .flatten(),
            subject_key: is_kept.then(|| subject_key(ticket)),
            title: keep(&said.title),
            text: keep(&said.text),
            knowledge: (!knowledge.is_empty()).then(|| knowledge.join(",")),
        })
    }

    /// Every event of the ticket from after `seen` to `until`.
    pub fn all(ticket: &Ticket, seen: u32, until: u32, said: &Said) -> Vec<Self> {
        let versions = seen.saturating_add(1)..=until.min(ticket.version());
        let rows = versions.filter_map(|version| Self::of(ticket, version, said));
        rows.collect()
    }

    /// The event again, as far as a ticket is folded from it: without texts, files and persons.
    pub(crate) fn event(&self) -> Option<Event> {
        let facts: BTreeMap<String, String> = match &self.facts {
            Some(facts) => serde_json::from_str(facts).ok()?,
            None => BTreeMap::new(),
        };
        let fact = |name: &str| match name {
            "x" => Some(NO_TEXT),
            "z" => Some(NO_RECORD),
            _ => facts.get(name).map(String::as_str),
        };
        Some(Event {
            at: self.at,
            by: self.actor()?,
            rulebook: u16::try_from(self.rulebook).ok()?,
            happening: Happening::from_facts(self.action, &fact)?,
        })
    }

    fn actor(&self) -> Option<Actor> {
        Some(match (self.role, &self.unit) {
            (Role::Appellant, _) => Actor::Appellant,
            (Role::ChannelSystem, _) => Actor::Channel(ChannelCode::parse("lake").ok()?),
            (Role::System, _) => Actor::System,
            (role, Some(unit)) => Actor::Officer {
                id: OfficerId::parse("lake").ok()?,
                unit: unit.clone(),
                role,
            },
            (_, None) => return None,
        })
    }

    /// The entries of the knowledge base that the answer rests on.
    pub(crate) fn uses(&self) -> Vec<(String, u32)> {
        let listed = self.knowledge.iter().flat_map(|listed| listed.split(','));
        let uses = listed.filter_map(|it| it.split_once('@'));
        uses.filter_map(|(id, of)| Some((id.to_owned(), of.parse().ok()?)))
            .collect()
    }
}

fn coarsen(facts: &mut [(&'static str, String)]) {
    for (_, area) in facts.iter_mut().filter(|(name, _)| *name == "d") {
        *area = area.chars().take(COUNTY_DIGITS).collect();
    }
}

/// Whose a ticket is, for counting only: neither the vault nor the channels know this digest.
fn subject_key(ticket: &Ticket) -> String {
    let appellant = ticket.submission.vault.appellant.as_str();
    let digest = Sha256::new()
        .chain_update("lake/")
        .chain_update(appellant)
        .finalize();
    hex(digest.iter().take(8))
}
