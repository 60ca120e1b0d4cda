//! Every record held against every seal (R-DP-5): what an operator or an auditor runs, not a request.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::audit::verify::{Break, Sealed, verify};
use domain::audit::{ChainHead, Event};
use domain::ticket::{Ticket, TicketNumber};

use super::{SEALED_WITHIN, Seal};

/// A ticket's record as it lies in the store, held against nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose.
    pub number: TicketNumber,
    /// Its events.
    pub events: Vec<Event>,
    /// The head that stands beside them.
    pub head: ChainHead,
}

/// What all seals say, by ticket.
#[derive(Debug, Default)]
pub struct AllSealed {
    tickets: BTreeMap<TicketNumber, Vec<Sealed>>,
}

impl AllSealed {
    /// Takes in what a seal says: of one ticket, or of all.
    pub fn add(&mut self, seal: &Seal, only: Option<&TicketNumber>) {
        for leaf in seal.leaves() {
            if only.is_none_or(|only| *only == leaf.number) {
                let sealed = self.tickets.entry(leaf.number).or_default();
                sealed.push((leaf.version, leaf.head));
            }
        }
    }

    /// Holds a record against its seals. A ticket is never deleted, so what is asked for here is taken
    /// out, and what is left in the end has no record any more.
    pub fn fault(&mut self, record: &Record, now: DateTime<Utc>) -> Option<Fault> {
        let sealed = self.tickets.remove(&record.number).unwrap_or_default();
        let verdict = verify(&record.events, record.head, &sealed);
        if let Some(broken) = verdict.broken {
            return Some(Fault::Broken(broken));
        }
        if Ticket::fold(record.number.clone(), record.events.clone()).is_err() {
            return Some(Fault::NoLife);
        }
        let version = usize::try_from(verdict.sealed).unwrap_or(usize::MAX);
        let first = record.events.get(version)?;
        let is_late = now - first.at > TimeDelta::hours(SEALED_WITHIN);
        is_late.then(|| Fault::Unsealed {
            event: verdict.sealed.saturating_add(1),
            at: first.at,
        })
    }

    /// Tickets that were sealed and have no record, with the newest version that was sealed.
    pub fn gone(self) -> impl Iterator<Item = (TicketNumber, Fault)> {
        self.tickets.into_iter().map(|(number, sealed)| {
            let version = sealed.iter().map(|(version, _)| *version).max();
            (number, Fault::Gone(version.unwrap_or_default()))
        })
    }
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not what was sealed.
    Broken(Break),
    /// Its events fit each other's hashes, and are not those of a ticket.
    NoLife,
    /// This event, from 1, should have been sealed by now.
    Unsealed {
        /// Which.
        event: u32,
        /// When it happened.
        at: DateTime<Utc>,
    },
    /// It was sealed at this version, and is not there.
    Gone(u32),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(Break::Changed { from, to }) if from == to => {
                write!(f, "event {from} is not the one that was sealed")
            }
            Self::Broken(Break::Changed { from, to }) => {
                write!(
                    f,
                    "one of the events {from} to {to} is not as it was sealed"
                )
            }
            Self::Broken(Break::Missing(event)) => {
                write!(f, "event {event} was sealed and is missing")
            }
            Self::Broken(Break::Head) => f.write_str("the head is not that of its events"),
            Self::NoLife => f.write_str("the events are not those of a ticket"),
            Self::Unsealed { event, at } => write!(
                f,
                "event {event} of {} is not sealed; send its head with `emit --ticket`",
                at.to_rfc3339_opts(SecondsFormat::Secs, true)
            ),
            Self::Gone(version) => write!(f, "it was sealed at event {version} and is not there"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::ticket::TicketKey;

    use super::super::LeafLine;
    use super::*;
    use domain::audit::merkle::Leaf;

    fn number(key: u8) -> TicketNumber {
        let at = "2026-11-24T01:00:00Z".parse().unwrap();
        TicketNumber::new(&TicketKey::from_digest(&[key; 32]), at)
    }

    fn seal(leaves: &[(u8, u32)]) -> Seal {
        let line = |&(key, version): &(u8, u32)| {
            LeafLine::of(&Leaf {
                number: number(key),
                version,
                head: ChainHead([key; 32]),
            })
        };
        let leaves: BTreeSet<_> = leaves.iter().map(line).collect();
        Seal::over(leaves, "2026-11-24T02:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn r_dp_5_who_was_sealed_and_has_no_record_is_named() {
        let mut all = AllSealed::default();
        all.add(&seal(&[(1, 1), (1, 3), (2, 1)]), None);
        all.add(&seal(&[(3, 7)]), Some(&number(1)));
        let empty = Record {
            number: number(2),
            events: Vec::new(),
            head: ChainHead::default(),
        };
        let now = "2026-11-24T03:00:00Z".parse().unwrap();
        let fault = all.fault(&empty, now);
        assert_eq!(fault, Some(Fault::Broken(Break::Missing(1))));
        let gone: Vec<_> = all.gone().collect();
        assert_eq!(gone, [(number(1), Fault::Gone(3))]);
    }

    #[test]
    fn a_record_without_events_is_no_ticket() {
        let empty = Record {
            number: number(4),
            events: Vec::new(),
            head: ChainHead::default(),
        };
        let now = "2026-11-24T03:00:00Z".parse().unwrap();
        let fault = AllSealed::default().fault(&empty, now);
        assert_eq!(fault, Some(Fault::NoLife));
    }
}
