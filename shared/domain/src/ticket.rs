//! The ticket (工单, Art. 10(2)): the fold of its events.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::answer::Outcome;
use crate::appeal::Submission;
use crate::audit::{ChainHead, Event, Happening};
use crate::calendar::to_shanghai;
use crate::clocks::{Reading, Threshold, Timetable, readings};
use crate::ids::{TextRef, UnitId};
use crate::rulebook::Rulebook;
use crate::workflow::decide::Rating;
use crate::workflow::rules::rule;
use crate::workflow::words::{Action, Clock, Ground, State};

/// Crockford's base 32: no I, L, O, U, so that a number can be read out over the phone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters of the city before every number: 泰安.
const CITY: &str = "TA";

/// Key of a ticket: 40 bits that follow from channel and `Idempotency-Key` (R-IN-6).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketKey(String);

impl TicketKey {
    /// The key from at least five bytes of a keyed digest; missing bytes count as zero.
    pub fn from_digest(digest: &[u8]) -> Self {
        let bits = (0..5).fold(0u64, |bits, index| {
            bits << 8 | u64::from(digest.get(index).copied().unwrap_or_default())
        });
        Self(
            (0..8)
                .rev()
                .map(|index| symbol(bits >> (5 * index)))
                .collect(),
        )
    }

    /// Takes a stored key back.
    pub fn parse(text: &str) -> Option<Self> {
        let good = text.len() == 8 && text.bytes().all(|byte| value(byte).is_some());
        good.then(|| Self(text.to_owned()))
    }

    /// The key as text, eight characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which of `shards` timer shards the ticket lies in: its key is evenly spread.
    pub fn shard(&self, shards: u8) -> u8 {
        let sum = self
            .0
            .bytes()
            .fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        sum % shards.max(1)
    }
}

fn symbol(bits: u64) -> char {
    let index = usize::try_from(bits & 31).unwrap_or_default();
    ALPHABET.get(index).copied().map_or('0', char::from)
}

fn value(symbol: u8) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|each| *each == symbol)
        .and_then(|index| u32::try_from(index).ok())
}

/// Luhn's rule modulo 32 over Crockford's alphabet: finds every single wrong character and nearly
/// every swap of neighbours.
fn check_character(body: &str) -> Option<char> {
    let mut sum = 0;
    for (index, byte) in body.bytes().rev().enumerate() {
        let value = value(byte)?;
        let doubled = if index % 2 == 0 { value * 2 } else { value };
        sum += doubled / 32 + doubled % 32;
    }
    Some(symbol(u64::from((32 - sum % 32) % 32)))
}

/// A ticket number (R-IN-7): city, day of receipt, key, check character. Readable, sortable by
/// day: `TA261123K7QM3XPA9`, shown as `TA261123-K7QM3XPA-9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketNumber(String);

/// The text is not a ticket number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket number")]
pub struct InvalidNumber;

impl TicketNumber {
    /// The number of the ticket with `key`, received at `received_at`.
    pub fn new(key: &TicketKey, received_at: DateTime<Utc>) -> Self {
        let day = to_shanghai(received_at).format("%y%m%d");
        let body = format!("{CITY}{day}{}", key.as_str());
        let check = check_character(&body).unwrap_or('0');
        Self(format!("{body}{check}"))
    }

    /// Reads a number as people write it: any case, with or without hyphens and spaces, `O` for
    /// `0`, `I` and `L` for `1`.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let mut number = String::new();
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            number.push(match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            });
        }
        if number.len() != 17 || !number.is_ascii() || !number.starts_with(CITY) {
            return Err(InvalidNumber);
        }
        let (body, check) = number.split_at(16);
        let good = check_character(body).is_some_and(|expected| check.starts_with(expected));
        if good {
            Ok(Self(number))
        } else {
            Err(InvalidNumber)
        }
    }

    /// The number as stored and sent, 17 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key within the number.
    pub fn key(&self) -> TicketKey {
        TicketKey(self.0.get(8..16).unwrap_or_default().to_owned())
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a ticket was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// 办结 by the unit.
    Answered {
        /// Record and answer.
        text: TextRef,
        /// How it ended.
        outcome: Outcome,
    },
    /// 即时解答.
    AnsweredDirectly {
        /// The answer.
        text: TextRef,
    },
    /// 不予受理.
    NotAccepted {
        /// The ground.
        ground: Ground,
        /// Explanation.
        explanation: Option<TextRef>,
    },
    /// 撤回 by the appellant.
    Withdrawn,
}

/// A ticket: what its events amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its number.
    pub number: TicketNumber,
    /// What was submitted.
    pub submission: Submission,
    /// When.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// The one responsible unit (首接负责, R-HD-13).
    pub responsible_unit: UnitId,
    /// Contacts with the appellant on record.
    pub contacts: u32,
    /// How it was closed.
    pub closed: Option<How>,
    /// The appellant's rating.
    pub rating: Option<Rating>,
    /// Its events, in order.
    pub events: Vec<Event>,
    /// Head of the hash chain over them.
    pub chain: ChainHead,
}

/// The events cannot have come from [`decide`](crate::workflow::decide::decide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CorruptHistory {
    /// The first event is not a submission.
    #[error("the first event is not a submission")]
    NoSubmission,
    /// No row of the table allows the event where it stands.
    #[error("event {0} is allowed by no row of the table")]
    NoRow(usize),
}

impl Ticket {
    /// Folds a ticket from its events.
    pub fn fold(number: TicketNumber, events: Vec<Event>) -> Result<Self, CorruptHistory> {
        let mut events = events.into_iter();
        let first = events.next().ok_or(CorruptHistory::NoSubmission)?;
        let mut ticket = Self::open(number, first)?;
        for event in events {
            ticket.apply(event)?;
        }
        Ok(ticket)
    }

    /// Opens a ticket with its first event.
    pub fn open(number: TicketNumber, first: Event) -> Result<Self, CorruptHistory> {
        let Happening::Submitted(submission) = &first.happening else {
            return Err(CorruptHistory::NoSubmission);
        };
        let row = rule(Action::Submit, State::New).ok_or(CorruptHistory::NoRow(0))?;
        Ok(Self {
            number,
            received_at: first.at,
            state: row.after(State::New),
            responsible_unit: submission.managing_unit.clone(),
            contacts: 0,
            closed: None,
            rating: None,
            chain: ChainHead::default().extended_by(&first),
            submission: submission.as_ref().clone(),
            events: vec![first],
        })
    }

    /// Applies one more event.
    pub fn apply(&mut self, event: Event) -> Result<(), CorruptHistory> {
        let row = rule(event.happening.action(), self.state);
        self.state = row
            .ok_or(CorruptHistory::NoRow(self.events.len()))?
            .after(self.state);
        match &event.happening {
            Happening::Dispatched { unit, .. } => self.responsible_unit = unit.clone(),
            Happening::Contacted(_) => self.contacts += 1,
            Happening::Rated { rating, .. } => self.rating = Some(*rating),
            Happening::AnsweredDirectly { text } => {
                self.closed = Some(How::AnsweredDirectly { text: text.clone() });
            }
            Happening::Declined {
                ground,
                explanation,
            } => {
                let explanation = explanation.clone();
                self.closed = Some(How::NotAccepted {
                    ground: *ground,
                    explanation,
                });
            }
            Happening::Closed { text, outcome } => {
                self.closed = Some(How::Answered {
                    text: text.clone(),
                    outcome: *outcome,
                });
            }
            Happening::Withdrawn { .. } => self.closed = Some(How::Withdrawn),
            Happening::Submitted(_)
            | Happening::Signed
            | Happening::Warned { .. }
            | Happening::BecameOverdue { .. }
            | Happening::Archived { .. } => {}
        }
        self.chain = self.chain.extended_by(&event);
        self.events.push(event);
        Ok(())
    }

    /// The version: how many events there are.
    pub fn version(&self) -> u32 {
        u32::try_from(self.events.len()).unwrap_or(u32::MAX)
    }

    /// The version of the rulebook it was opened under (R-RULE-1).
    pub fn rulebook(&self, timetable: &Timetable) -> Rulebook {
        let version = self.events.first().map_or(1, |event| event.rulebook);
        timetable.rulebooks.version(version)
    }

    /// Every clock of the ticket.
    pub fn clocks(&self, timetable: &Timetable) -> Vec<Reading> {
        readings(&self.events, timetable)
    }

    /// The thresholds still to come, earliest first.
    pub fn thresholds(&self, timetable: &Timetable) -> Vec<Threshold> {
        let rulebook = self.rulebook(timetable);
        let clocks = self.clocks(timetable);
        let timed = clocks
            .iter()
            .filter(|reading| reading.clock != Clock::Total);
        let mut all: Vec<_> = timed
            .flat_map(|reading| reading.thresholds(timetable, &rulebook))
            .collect();
        all.sort_by_key(|threshold| (threshold.at, threshold.step));
        all
    }

    /// The instant by which the work list orders it: the limit that the responsible unit works
    /// against now.
    pub fn due_at(&self, timetable: &Timetable) -> Option<DateTime<Utc>> {
        let clocks = self.clocks(timetable);
        let due = |clock| clocks.iter().find(|reading| reading.clock == clock);
        due(Clock::Handle)
            .or_else(|| due(Clock::Total))
            .map(|reading| reading.due_before)
    }
}

#[cfg(test)]
pub(crate) mod tests;
