//! Where the answer matches the question: the text in parts, never as markup.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::grams::{characters, pairs};

/// Characters of an excerpt.
const EXCERPT: usize = 80;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The characters.
    pub text: String,
    /// Whether they are what was looked for.
    pub is_match: bool,
}

/// Whether each character of the text belongs to one of the terms.
fn marks(text: &str, terms: &BTreeSet<String>) -> Vec<bool> {
    let mut marks = vec![false; text.chars().count()];
    let grams = pairs(text).into_iter().chain(characters(text));
    for gram in grams.filter(|gram| terms.contains(&gram.term)) {
        if let Some(places) = marks.get_mut(gram.first..=gram.last) {
            places.fill(true);
        }
    }
    marks
}

fn parts(characters: impl Iterator<Item = (char, bool)>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (character, is_match) in characters {
        match parts.last_mut() {
            Some(last) if last.is_match == is_match => last.text.push(character),
            _ => parts.push(Part {
                text: character.to_string(),
                is_match,
            }),
        }
    }
    parts
}

/// All of a text.
pub(crate) fn whole(text: &str, terms: &BTreeSet<String>) -> Vec<Part> {
    parts(text.chars().zip(marks(text, terms)))
}

/// Of a long text, where most of it matches: the first such place.
pub(crate) fn excerpt(text: &str, terms: &BTreeSet<String>) -> Vec<Part> {
    let marks = marks(text, terms);
    let matched = |from: usize| -> usize {
        let place = marks.iter().skip(from).take(EXCERPT);
        place.filter(|mark| **mark).count()
    };
    let last = marks.len().saturating_sub(EXCERPT);
    let (mut best, mut here) = (0, matched(0));
    let mut most = here;
    for from in 1..=last {
        // From one place to the next, one character leaves and one comes.
        here -= usize::from(marks.get(from - 1) == Some(&true));
        here += usize::from(marks.get(from + EXCERPT - 1) == Some(&true));
        if here > most {
            (best, most) = (from, here);
        }
    }
    let characters = text.chars().zip(marks.iter().copied());
    parts(characters.skip(best).take(EXCERPT))
}
