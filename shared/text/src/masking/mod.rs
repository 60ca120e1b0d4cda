//! Finds and masks personal data in free text (脱敏, Art. 16; R-DP-2). Rules and check digits after
//! GB 11643-1999 (identity numbers), ISO/IEC 7812-1 (cards), GB 32100-2015 (credit codes) and
//! GA 36-2018 (plates); names by who takes part and by cues. What is found is replaced by a token
//! that says what it was; masking again changes nothing.
//!
//! Rules err towards masking: a number that may be an identity number is one. They find what is
//! written as such, not what is spelled out or hinted at: masked text is de-identified, not
//! anonymous.

mod digits;
mod folded;
mod numbers;
mod people;
mod starts;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use folded::Folded;
use starts::starts;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalKind {
    /// Resident identity number (居民身份证).
    Identity,
    /// Mobile phone.
    Mobile,
    /// Landline.
    Phone,
    /// Bank card.
    Card,
    /// Unified social credit code (统一社会信用代码).
    CreditCode,
    /// Passport or travel permit.
    Document,
    /// Number plate.
    Plate,
    /// Mail address.
    Mail,
    /// Account of a messaging service.
    Account,
    /// Street and door.
    Address,
    /// Name of a person.
    Name,
    /// A person by name and office (职务称呼).
    Official,
}

impl PersonalKind {
    const ALL: [Self; 12] = [
        Self::Identity,
        Self::Mobile,
        Self::Phone,
        Self::Card,
        Self::CreditCode,
        Self::Document,
        Self::Plate,
        Self::Mail,
        Self::Account,
        Self::Address,
        Self::Name,
        Self::Official,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        self.token().trim_matches(['[', ']'])
    }

    /// What stands in its place.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Identity => "[身份证]",
            Self::Mobile => "[手机]",
            Self::Phone => "[电话]",
            Self::Card => "[银行卡]",
            Self::CreditCode => "[信用代码]",
            Self::Document => "[证件]",
            Self::Plate => "[车牌]",
            Self::Mail => "[邮箱]",
            Self::Account => "[账号]",
            Self::Address => "[地址]",
            Self::Name => "[姓名]",
            Self::Official => "[职务人]",
        }
    }
}

/// What is known beforehand.
#[derive(Debug, Clone, Default)]
pub struct Known {
    names: Vec<Vec<char>>,
    public_phones: Vec<String>,
}

impl Known {
    /// Names of those who take part, which are masked wherever they stand; of one character, they
    /// are not.
    #[must_use]
    pub fn names<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names
            .into_iter()
            .map(|name| Folded::of(name.trim()).characters());
        self.names
            .extend(names.filter(|name: &Vec<char>| name.len() > 1));
        self
    }

    /// Phone numbers that units publish, which stay.
    #[must_use]
    pub fn public_phones<'a>(mut self, phones: impl IntoIterator<Item = &'a str>) -> Self {
        self.public_phones.extend(phones.into_iter().map(digits_of));
        self
    }
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Masked text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text, tokens in place of what was found.
    pub text: String,
    /// How often each kind was found.
    pub found: BTreeMap<PersonalKind, usize>,
    /// Whether it speaks of health, minors, faith or the like (敏感个人信息, PIPL Art. 28). Nothing
    /// is rewritten for that: such texts are for fewer eyes.
    pub is_sensitive: bool,
}

/// The numbers in a text that name one person, as their check digits or form say for certain: what an
/// officer has no reason to write down. Numbers that only may be personal are not among them.
pub fn numbers_of_people(text: &str) -> BTreeSet<PersonalKind> {
    let text = Folded::of(text);
    let all = candidates(&text, &[]).into_iter();
    all.filter(|candidate| is_certain(candidate, &text))
        .map(|candidate| candidate.kind)
        .collect()
}

fn is_certain(candidate: &Candidate, text: &Folded) -> bool {
    let code = candidate.range.clone().map(|index| text.at(index));
    let code = code.filter(char::is_ascii_alphanumeric);
    let code: Vec<_> = code.map(|it| it.to_ascii_uppercase()).collect();
    match candidate.kind {
        PersonalKind::Mobile | PersonalKind::Document => true,
        // One number in ten passes for a card; UnionPay's begin with 62, others' with 4 or 5.
        PersonalKind::Card => match code.as_slice() {
            ['6', '2', ..] => true,
            ['4' | '5', ..] => code.len() == 16,
            _ => false,
        },
        // A birthday alone proves nothing here: file numbers are an area and a date too.
        PersonalKind::Identity => digits::is_identity(&code),
        _ => false,
    }
}

/// Something that may be personal data.
#[derive(Debug, Clone)]
struct Candidate {
    kind: PersonalKind,
    range: Range<usize>,
    is_verified: bool,
}

impl Candidate {
    const fn new(kind: PersonalKind, range: Range<usize>, is_verified: bool) -> Self {
        Self {
            kind,
            range,
            is_verified,
        }
    }
}

/// Words of sensitive personal information.
const SENSITIVE: [&str; 20] = [
    "残疾",
    "抑郁",
    "艾滋",
    "乙肝",
    "癌",
    "精神病",
    "怀孕",
    "流产",
    "未成年",
    "儿童",
    "征信",
    "失信",
    "犯罪记录",
    "前科",
    "信教",
    "宗教",
    "同性恋",
    "家暴",
    "性侵",
    "低保",
];

/// Masks a text.
pub fn mask(original: &str, known: &Known) -> Masked {
    let mut masked = Masked {
        text: original.to_owned(),
        found: BTreeMap::new(),
        is_sensitive: SENSITIVE.iter().any(|word| original.contains(word)),
    };
    // What one rule covered may have hidden a place of another: until nothing is left. Tokens stay
    // and each round leaves less beside them, so it ends whatever people are called.
    while let Some(text) = once(&masked.text, known, &mut masked.found) {
        masked.text = text;
    }
    masked
}

/// The text with everything replaced that is found; none when nothing is.
fn once(
    original: &str,
    known: &Known,
    found: &mut BTreeMap<PersonalKind, usize>,
) -> Option<String> {
    let text = Folded::of(original);
    let spans = spans(&text, original, known);
    let mut masked = String::with_capacity(original.len());
    let mut done = 0;
    for (kind, bytes) in &spans {
        masked.push_str(original.get(done..bytes.start).unwrap_or_default());
        masked.push_str(kind.token());
        *found.entry(*kind).or_default() += 1;
        done = bytes.end;
    }
    masked.push_str(original.get(done..).unwrap_or_default());
    (!spans.is_empty()).then_some(masked)
}

/// What is to be replaced, in order and apart from each other.
fn spans(text: &Folded, original: &str, known: &Known) -> Vec<(PersonalKind, Range<usize>)> {
    let mut candidates = candidates(text, &known.names);
    let tokens: Vec<_> = (0..text.len()).filter_map(|at| token(text, at)).collect();
    candidates.retain(|candidate| {
        let range = &candidate.range;
        let is_apart = |token: &Range<usize>| token.end <= range.start || range.end <= token.start;
        tokens.iter().all(is_apart)
    });
    candidates.retain(|candidate| {
        let is_phone = candidate.kind == PersonalKind::Phone;
        let digits = || (candidate.range.clone()).map(|index| text.at(index));
        let digits = || digits().filter(char::is_ascii_digit).collect::<String>();
        !(is_phone && known.public_phones.contains(&digits()))
    });
    // A check digit says more than length, length more than place.
    candidates.sort_by_key(|candidate| {
        let length = candidate.range.len();
        (
            !candidate.is_verified,
            usize::MAX - length,
            candidate.range.start,
        )
    });
    let mut taken: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let apart = |other: &Candidate| {
            other.range.end <= candidate.range.start || candidate.range.end <= other.range.start
        };
        if taken.iter().all(apart) {
            taken.push(candidate);
        }
    }
    taken.sort_by_key(|candidate| candidate.range.start);
    let bytes = |candidate: Candidate| Some((candidate.kind, text.bytes(&candidate.range)?));
    let spans = taken.into_iter().filter_map(bytes);
    spans
        .filter(|(_, bytes)| bytes.end <= original.len())
        .collect()
}

/// The token that begins at `index`.
fn token(text: &Folded, index: usize) -> Option<Range<usize>> {
    if text.at(index) != '[' {
        return None;
    }
    let length = text.any(index, &PersonalKind::ALL.map(PersonalKind::token))?;
    Some(index..index + length)
}

fn candidates(text: &Folded, names: &[Vec<char>]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for index in 0..text.len() {
        let here = text.at(index);
        if here.is_ascii_digit() || here == '+' {
            if !text.before(index).is_ascii_digit() {
                numbers::numbers(text, index, &mut found);
                numbers::address(text, index, &mut found);
            }
            numbers::credit_code(text, index, &mut found);
        } else if here.is_ascii_alphabetic() {
            numbers::credit_code(text, index, &mut found);
            if "QqWw".contains(here) {
                numbers::announced(text, index, &mut found);
            }
        } else if here == '@' {
            numbers::mail(text, index, &mut found);
        } else {
            let starts = starts(here);
            if starts.plate {
                numbers::plate(text, index, &mut found);
            }
            if starts.cue {
                numbers::announced(text, index, &mut found);
            }
            if starts.person {
                people::betrayed(text, index, &mut found);
            }
        }
        people::known(text, index, names, &mut found);
    }
    found
}

#[cfg(test)]
mod tests;
