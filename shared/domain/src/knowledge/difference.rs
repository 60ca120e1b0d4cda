//! What changed between two versions (R-KB-1), sentence by sentence: as few as possible are said to
//! have changed.

/// A piece of one or both texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// In both.
    Kept(&'a str),
    /// In the older one only.
    Removed(&'a str),
    /// In the newer one only.
    Added(&'a str),
}

/// Ends of sentences, which belong to them.
const ENDS: [char; 8] = ['。', '！', '？', '；', '\n', '!', '?', ';'];

/// The pieces that make both texts: without what was added the older, without what was removed the
/// newer. The time and memory are that of sentences times sentences.
pub fn difference<'a>(older: &'a str, newer: &'a str) -> Vec<Piece<'a>> {
    let (older, newer) = (sentences(older), sentences(newer));
    let longest = longest(&older, &newer);
    let width = newer.len() + 1;
    let at = |old: usize, new: usize| longest.get(old * width + new).copied().unwrap_or_default();
    let mut pieces = Vec::new();
    let (mut old, mut new) = (0, 0);
    loop {
        match (older.get(old), newer.get(new)) {
            (Some(kept), Some(other)) if kept == other => {
                pieces.push(Piece::Kept(kept));
                (old, new) = (old + 1, new + 1);
            }
            (Some(removed), other) if other.is_none() || at(old + 1, new) >= at(old, new + 1) => {
                pieces.push(Piece::Removed(removed));
                old += 1;
            }
            (_, Some(added)) => {
                pieces.push(Piece::Added(added));
                new += 1;
            }
            _ => return pieces,
        }
    }
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(ENDS).collect()
}

/// How many sentences the rests have in common, in order, from each pair of places on.
fn longest(older: &[&str], newer: &[&str]) -> Vec<u16> {
    let width = newer.len() + 1;
    let mut longest = vec![0_u16; (older.len() + 1) * width];
    for (old, kept) in older.iter().enumerate().rev() {
        for (new, other) in newer.iter().enumerate().rev() {
            let at = |old: usize, new: usize| longest.get(old * width + new).copied();
            let shared = if kept == other {
                at(old + 1, new + 1).map(|rest| rest.saturating_add(1))
            } else {
                at(old + 1, new).max(at(old, new + 1))
            };
            if let Some(place) = longest.get_mut(old * width + new) {
                *place = shared.unwrap_or_default();
            }
        }
    }
    longest
}
