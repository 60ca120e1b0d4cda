//! Text as the rules read it: compatibility forms folded (NFKC), each character with its place in
//! the original, so that `１３８…` is found where it stands.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

/// The end of the text, where a character is asked for: matches nothing.
const END: char = '\0';

/// A folded character and the bytes of the original that it stands for.
#[derive(Debug, Clone, Copy)]
struct Place {
    character: char,
    begin: u32,
    end: u32,
}

/// Folded text.
#[derive(Debug, Default)]
pub(super) struct Folded(Vec<Place>);

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let mut places = Vec::with_capacity(text.len() / 2);
        for (begin, character) in text.char_indices() {
            let end = begin + character.len_utf8();
            let mut push = |character| {
                places.push(Place {
                    character,
                    begin: u32::try_from(begin).unwrap_or(u32::MAX),
                    end: u32::try_from(end).unwrap_or(u32::MAX),
                });
            };
            if is_plain(character) {
                push(character);
            } else {
                std::iter::once(character).nfkc().for_each(push);
            }
        }
        Self(places)
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn characters(&self) -> Vec<char> {
        self.0.iter().map(|place| place.character).collect()
    }

    /// The character at `index`; NUL beyond the end.
    pub(super) fn at(&self, index: usize) -> char {
        self.0.get(index).map_or(END, |place| place.character)
    }

    /// The character before `index`; NUL at the beginning.
    pub(super) fn before(&self, index: usize) -> char {
        index.checked_sub(1).map_or(END, |index| self.at(index))
    }

    /// Whether `words` stand at `index`.
    pub(super) fn has(&self, index: usize, words: &str) -> bool {
        (index..)
            .zip(words.chars())
            .all(|(index, wanted)| self.at(index) == wanted)
    }

    /// The longest of `words` that stands at `index`, in characters.
    pub(super) fn any(&self, index: usize, words: &[&str]) -> Option<usize> {
        let found = words.iter().filter(|word| self.has(index, word));
        found.map(|word| word.chars().count()).max()
    }

    /// The first index from `index` on whose character is not one of these.
    pub(super) fn skip(&self, index: usize, is_one: impl Fn(char) -> bool) -> usize {
        let mut index = index;
        while index < self.len() && is_one(self.at(index)) {
            index += 1;
        }
        index
    }

    /// The bytes of the original.
    pub(super) fn bytes(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let begin = self.0.get(range.start)?.begin;
        let end = self.0.get(range.end.checked_sub(1)?)?.end;
        Some(usize::try_from(begin).ok()?..usize::try_from(end).ok()?)
    }
}

/// Nothing to fold: ASCII, and the Chinese characters proper.
fn is_plain(character: char) -> bool {
    character.is_ascii() || is_han(character)
}

/// A Chinese character (CJK Unified Ideographs and Extension A).
pub(super) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// What stands within a token that replaces personal data: rules never look across one.
pub(super) const fn is_token(character: char) -> bool {
    matches!(character, '[' | ']')
}
