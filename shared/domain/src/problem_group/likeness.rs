//! Appeals that may be about one problem: same service item, same area, like titles (R-AN-3).
//!
//! Likeness is the Dice coefficient of the titles' character bigrams (Dice 1945; Sørensen 1948): it asks
//! for no dictionary, which Chinese titles of a city's own words would outgrow. `strsim` has it, but
//! divides by lengths in bytes (0.11.1), which makes a third of it where a character takes three.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{COMPLAINED_TOGETHER, ProblemGroupId};
use crate::ids::UnitId;
use crate::ticket::TicketNumber;

/// How like two titles are at least, of 1, to be proposed as one problem.
pub const LIKE: f64 = 0.5;

/// Candidates that are listed at most, the largest first.
pub const LISTED: usize = 100;

/// Tickets of one candidate that are listed at most, the newest.
const SHOWN: usize = 40;

/// Titles of one service item and area that are compared with each other at most, the newest.
const COMPARED: usize = 2_000;

/// What is known of an appeal when likes are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// Which.
    pub number: TicketNumber,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Area code, if named.
    pub area: Option<String>,
    /// Service item, if named.
    pub service_item: Option<String>,
    /// The county that it was transferred to, if it was.
    pub county: Option<UnitId>,
    /// Its title, masked.
    pub words: String,
}

/// One of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Like {
    /// Which.
    pub number: TicketNumber,
    /// How like the first it is, of 100.
    pub likeness: u8,
    /// The county that it was transferred to, if it was.
    pub county: Option<UnitId>,
}

/// Appeals that may be about one problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The first of them.
    pub first: TicketNumber,
    /// Its title.
    pub words: String,
    /// Their area, where they name one.
    pub area: Option<String>,
    /// Their service item, where they name one.
    pub service_item: Option<String>,
    /// The group that some of them are in.
    pub group: Option<ProblemGroupId>,
    /// How many are in no group.
    pub size: usize,
    /// Those that are in no group, the newest first.
    pub tickets: Vec<Like>,
}

/// Those that are like one title.
struct Likes<'a> {
    pairs: Vec<(char, char)>,
    first: &'a Title,
    tickets: Vec<(&'a Title, f64)>,
}

/// What is proposed to a person: appeals like each other of which there are as many as make a problem
/// (Art. 17(3)), and those like one that is in a group. `grouped` says which are in one.
pub fn candidates(
    titles: &[Title],
    grouped: &BTreeMap<TicketNumber, ProblemGroupId>,
) -> Vec<Candidate> {
    let mut kinds = BTreeMap::<_, Vec<&Title>>::new();
    for title in titles {
        let kind = (title.service_item.as_deref(), title.area.as_deref());
        kinds.entry(kind).or_default().push(title);
    }
    let mut found: Vec<_> = kinds
        .into_values()
        .flat_map(like_each_other)
        .filter_map(|likes| candidate(&likes, grouped))
        .collect();
    found.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.tickets.cmp(&b.tickets)));
    found.truncate(LISTED);
    found
}

/// Each title goes to the first, of those that began, that it is like enough: so one stays what its
/// first title says, however many come.
fn like_each_other(mut titles: Vec<&Title>) -> Vec<Likes<'_>> {
    titles.sort_by(|a, b| (a.received_at, &a.number).cmp(&(b.received_at, &b.number)));
    titles.dedup_by(|a, b| a.number == b.number);
    let mut all: Vec<Likes<'_>> = Vec::new();
    for title in titles.iter().rev().take(COMPARED).rev() {
        let pairs = pairs(&title.words);
        // Of nothing said nothing is alike.
        if pairs.is_empty() {
            continue;
        }
        let mut likes = all.iter_mut().map(|likes| {
            let likeness = likeness(&likes.pairs, &pairs);
            (likes, likeness)
        });
        match likes.find(|(_, likeness)| *likeness >= LIKE) {
            Some((likes, likeness)) => likes.tickets.push((title, likeness)),
            None => all.push(Likes {
                pairs,
                first: title,
                tickets: vec![(title, 1.0)],
            }),
        }
    }
    all
}

/// Each two characters that follow each other, in order; what is no letter or digit says nothing.
fn pairs(words: &str) -> Vec<(char, char)> {
    let letters: Vec<_> = words.chars().filter(|it| it.is_alphanumeric()).collect();
    let firsts = letters.iter().copied();
    let mut pairs: Vec<_> = firsts.zip(letters.iter().copied().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// Twice what two have in common, of all that they have.
fn likeness(one: &[(char, char)], other: &[(char, char)]) -> f64 {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let mut shared = 0_u32;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let compared = a.cmp(b);
        shared += u32::from(compared == Ordering::Equal);
        if compared != Ordering::Greater {
            left.next();
        }
        if compared != Ordering::Less {
            right.next();
        }
    }
    let all = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
    2.0 * f64::from(shared) / f64::from(all)
}

fn candidate(
    likes: &Likes<'_>,
    grouped: &BTreeMap<TicketNumber, ProblemGroupId>,
) -> Option<Candidate> {
    let groups = likes
        .tickets
        .iter()
        .filter_map(|(it, _)| grouped.get(&it.number));
    let groups: BTreeSet<_> = groups.collect();
    let free = likes
        .tickets
        .iter()
        .filter(|(it, _)| !grouped.contains_key(&it.number));
    let mut free: Vec<_> = free.collect();
    if free.len() < least(!groups.is_empty()) {
        return None;
    }
    free.reverse();
    let shown = free.iter().take(SHOWN);
    Some(Candidate {
        first: likes.first.number.clone(),
        words: likes.first.words.clone(),
        area: likes.first.area.clone(),
        service_item: likes.first.service_item.clone(),
        group: groups.last().map(|id| (*id).clone()),
        size: free.len(),
        tickets: shown
            .map(|(title, likeness)| Like {
                number: title.number.clone(),
                likeness: percent(*likeness),
                county: title.county.clone(),
            })
            .collect(),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 100"
)]
fn percent(likeness: f64) -> u8 {
    (likeness * 100.0).round() as u8
}

impl Candidate {
    /// Leaves those of its tickets that `are_meant`; nothing where too few are left to be proposed.
    pub fn left(mut self, are_meant: impl Fn(&Like) -> bool) -> Option<Self> {
        let before = self.tickets.len();
        self.tickets.retain(are_meant);
        self.size -= before - self.tickets.len();
        let least = least(self.group.is_some());
        (self.tickets.len() >= least).then_some(self)
    }
}

/// One that is like a group's is worth a look; without a group it takes as many as make a problem.
const fn least(is_like_a_group: bool) -> usize {
    if is_like_a_group {
        1
    } else {
        COMPLAINED_TOGETHER
    }
}
