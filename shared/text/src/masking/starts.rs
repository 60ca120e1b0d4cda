//! Which rules a Chinese character can begin: nearly all characters begin none.

use std::sync::LazyLock;

use super::folded::is_han;
use super::{numbers, people};

/// Rules that a character can begin.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Starts {
    /// A number plate.
    pub(super) plate: bool,
    /// A cue of a number.
    pub(super) cue: bool,
    /// A name, or a cue of one.
    pub(super) person: bool,
}

/// The first Chinese character of Extension A, with which the table begins.
const FIRST: u32 = 0x3400;

static TABLE: LazyLock<Vec<Starts>> = LazyLock::new(|| {
    let mut table = Vec::new();
    let mut set = |character: char, rule: fn(&mut Starts)| {
        let index = index(character);
        if is_han(character) {
            if table.len() <= index {
                table.resize(index + 1, Starts::default());
            }
            table.get_mut(index).into_iter().for_each(rule);
        }
    };
    numbers::PROVINCES
        .chars()
        .for_each(|each| set(each, |starts| starts.plate = true));
    let cues = numbers::cues().filter_map(|cue| cue.chars().next());
    cues.for_each(|each| set(each, |starts| starts.cue = true));
    people::beginnings().for_each(|each| set(each, |starts| starts.person = true));
    table
});

fn index(character: char) -> usize {
    let place = u32::from(character).saturating_sub(FIRST);
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The rules that `character` can begin.
pub(super) fn starts(character: char) -> Starts {
    TABLE.get(index(character)).copied().unwrap_or_default()
}
