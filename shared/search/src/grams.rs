//! What is looked for: pairs of neighbouring characters. Width and case do not count, signs and blanks
//! part words.

use unicode_normalization::UnicodeNormalization as _;

/// Two neighbours, or one character that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gram {
    /// The characters, folded.
    pub(crate) term: String,
    /// The first character in the text, by its index.
    pub(crate) first: usize,
    /// The last one.
    pub(crate) last: usize,
}

/// A folded character, and the one of the text that it is of.
type Folded = (char, usize);

fn folded(text: &str) -> impl Iterator<Item = Folded> + '_ {
    text.chars().enumerate().flat_map(|(index, original)| {
        let plain = std::iter::once(original).nfkc();
        plain
            .flat_map(char::to_lowercase)
            .map(move |folded| (folded, index))
    })
}

fn words(text: &str) -> Vec<Vec<Folded>> {
    let mut words = vec![Vec::new()];
    for (character, index) in folded(text) {
        if !character.is_alphanumeric() {
            words.push(Vec::new());
        } else if let Some(word) = words.last_mut() {
            word.push((character, index));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The pairs of a text in its order; a word of one character is that character.
pub(crate) fn pairs(text: &str) -> Vec<Gram> {
    let mut grams = Vec::new();
    for word in words(text) {
        if let [(alone, index)] = word.as_slice() {
            grams.push(Gram {
                term: alone.to_string(),
                first: *index,
                last: *index,
            });
        }
        for (left, right) in word.iter().zip(word.iter().skip(1)) {
            grams.push(Gram {
                term: [left.0, right.0].iter().collect(),
                first: left.1,
                last: right.1,
            });
        }
    }
    grams
}

/// The characters of a text, for those who look for one alone.
pub(crate) fn characters(text: &str) -> Vec<Gram> {
    let all = words(text).into_iter().flatten();
    let gram = |(character, index): Folded| Gram {
        term: character.to_string(),
        first: index,
        last: index,
    };
    all.map(gram).collect()
}
