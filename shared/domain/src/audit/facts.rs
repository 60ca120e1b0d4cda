//! Values of an event as plain words, and back. Absent is absent: an empty list and `None` leave
//! no fact.

use chrono::{DateTime, NaiveDate, Utc};

use crate::answer::Outcome;
use crate::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use crate::clocks::{ClockId, Moved};
use crate::ids::{ChannelCode, Digest, TextRef, UnitId, UploadId, VaultName};
use crate::rulebook::Mark;
use crate::ticket::TicketNumber;
use crate::workflow::command::{CallbackResult, Contact, Rating};
use crate::workflow::words::{
    Clock, ContactOutcome, ContactWay, DrawGround, ErasureGround, Ground, JointCause, LockGround,
    Purpose, RatedAspect, RatingFinding, ReturnReason,
};

/// A named fact of an event, in plain words.
pub type Fact = (&'static str, String);

/// Looks a fact up by its name.
pub type LookUp<'f, 'a> = &'f dyn Fn(&str) -> Option<&'a str>;

/// A value that is one fact or several.
pub(super) trait Value: Sized {
    /// Writes the value under `name`; values of several facts have names of their own.
    fn write(&self, name: &'static str, facts: &mut Vec<Fact>);
    /// Reads it back; `None` names nothing sensible.
    fn read(name: &str, fact: LookUp<'_, '_>) -> Option<Self>;
    /// The text item that the value points to.
    fn text(&self) -> Option<&TextRef> {
        None
    }
}

/// A value that is one word.
trait Word: Sized {
    fn to_word(&self) -> String;
    fn from_word(word: &str) -> Option<Self>;
}

/// Declares how single words are written and read.
macro_rules! words {
    ($($kind:ty: |$value:ident| $write:expr, |$word:ident| $read:expr;)+) => {
        $(impl Word for $kind {
            fn to_word(&self) -> String { let $value = self; $write }
            fn from_word($word: &str) -> Option<Self> { $read }
        }
        impl Value for $kind {
            fn write(&self, name: &'static str, facts: &mut Vec<Fact>) {
                facts.push((name, self.to_word()));
            }
            fn read(name: &str, fact: LookUp<'_, '_>) -> Option<Self> {
                Self::from_word(fact(name)?)
            }
        })+
    };
}

words! {
    UnitId: |unit| unit.to_string(), |word| Self::parse(word).ok();
    UploadId: |id| id.to_string(), |word| Self::parse(word).ok();
    Digest: |digest| digest.0.as_str().to_owned(), |word| TextRef::parse(word).ok().map(Self);
    VaultName: |name| name.to_string(), |word| Self::parse(word).ok();
    TicketNumber: |number| number.as_str().to_owned(), |word| Self::parse(word).ok();
    Ground: |code| code.code().to_owned(), |word| Self::from_code(word);
    LockGround: |code| code.code().to_owned(), |word| Self::from_code(word);
    ReturnReason: |code| code.code().to_owned(), |word| Self::from_code(word);
    JointCause: |code| code.code().to_owned(), |word| Self::from_code(word);
    Outcome: |code| code.code().to_owned(), |word| Self::from_code(word);
    ErasureGround: |code| code.code().to_owned(), |word| Self::from_code(word);
    Purpose: |code| code.code().to_owned(), |word| Self::from_code(word);
    ContactOutcome: |code| code.code().to_owned(), |word| Self::from_code(word);
    DrawGround: |code| code.code().to_owned(), |word| Self::from_code(word);
    RatedAspect: |code| code.code().to_owned(), |word| Self::from_code(word);
    RatingFinding: |code| code.code().to_owned(), |word| Self::from_code(word);
    ContactWay: |code| code.code().to_owned(), |word| Self::from_code(word);
    Mark: |code| code.code().to_owned(), |word| Self::from_code(word);
    NaiveDate: |date| date.to_string(), |word| word.parse().ok();
    u8: |number| number.to_string(), |word| word.parse().ok();
    u32: |number| number.to_string(), |word| word.parse().ok();
    String: |text| text.clone(), |word| Some(word.to_owned());
}

impl Value for TextRef {
    fn write(&self, name: &'static str, facts: &mut Vec<Fact>) {
        facts.push((name, self.as_str().to_owned()));
    }

    fn read(name: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        Self::parse(fact(name)?).ok()
    }

    fn text(&self) -> Option<&TextRef> {
        Some(self)
    }
}

impl<T: Value> Value for Option<T> {
    fn write(&self, name: &'static str, facts: &mut Vec<Fact>) {
        if let Some(value) = self {
            value.write(name, facts);
        }
    }

    fn read(name: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        match fact(name) {
            Some(_) => T::read(name, fact).map(Some),
            None => Some(None),
        }
    }

    fn text(&self) -> Option<&TextRef> {
        self.as_ref().and_then(Value::text)
    }
}

impl<T: Word> Value for Vec<T> {
    fn write(&self, name: &'static str, facts: &mut Vec<Fact>) {
        if !self.is_empty() {
            let words: Vec<_> = self.iter().map(Word::to_word).collect();
            facts.push((name, words.join(",")));
        }
    }

    fn read(name: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        fact(name).map_or_else(
            || Some(Self::new()),
            |words| words.split(',').map(T::from_word).collect(),
        )
    }
}

impl Value for ClockId {
    fn write(&self, name: &'static str, facts: &mut Vec<Fact>) {
        facts.push((name, self.clock.code().to_owned()));
        self.unit.write("u", facts);
    }

    fn read(name: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        Some(Self {
            clock: Clock::from_code(fact(name)?)?,
            unit: Value::read("u", fact)?,
        })
    }
}

/// `handle@2026-11-24T16:00:00Z@2026-11-25T16:00:00Z`, a co-handler's clock as `opinion/<unit>@…`.
impl Word for Moved {
    fn to_word(&self) -> String {
        let unit = self.id.unit.iter().map(|unit| format!("/{unit}"));
        let (from, to) = (self.from.timestamp(), self.to.timestamp());
        let unit: String = unit.collect();
        format!("{}{unit}@{from}@{to}", self.id.clock.code())
    }

    fn from_word(word: &str) -> Option<Self> {
        let mut parts = word.split('@');
        let id = parts.next()?;
        let (clock, unit) = match id.split_once('/') {
            Some((clock, unit)) => (clock, Some(UnitId::parse(unit).ok()?)),
            None => (id, None),
        };
        let clock = Clock::from_code(clock)?;
        let mut instant = || DateTime::<Utc>::from_timestamp(parts.next()?.parse().ok()?, 0);
        Some(Self {
            id: ClockId { clock, unit },
            from: instant()?,
            to: instant()?,
        })
    }
}

impl Value for Contact {
    fn write(&self, _: &'static str, facts: &mut Vec<Fact>) {
        self.way.write("y", facts);
        facts.push(("o", self.outcome.code().to_owned()));
        self.note.write("x", facts);
    }

    fn read(_: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        Some(Self {
            way: Value::read("y", fact)?,
            outcome: ContactOutcome::from_code(fact("o")?)?,
            note: Value::read("x", fact)?,
        })
    }

    fn text(&self) -> Option<&TextRef> {
        self.note.as_ref()
    }
}

impl Value for Rating {
    fn write(&self, _: &'static str, facts: &mut Vec<Fact>) {
        self.level.write("l", facts);
        facts.push(("v", u8::from(self.solved).to_string()));
        self.aspect.write("a", facts);
    }

    fn read(_: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        Some(Self {
            level: Value::read("l", fact)?,
            solved: fact("v")? == "1",
            aspect: Value::read("a", fact)?,
        })
    }
}

/// What the appellant said; nothing where nobody answered.
impl Value for CallbackResult {
    fn write(&self, name: &'static str, facts: &mut Vec<Fact>) {
        if let Self::Answered(rating) = self {
            rating.write(name, facts);
        }
    }

    fn read(name: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        match fact("l") {
            Some(_) => Rating::read(name, fact).map(Self::Answered),
            None => Some(Self::Unreached),
        }
    }
}

impl Value for Box<Submission> {
    fn write(&self, _: &'static str, facts: &mut Vec<Fact>) {
        let submission = self.as_ref();
        facts.extend([
            ("c", submission.channel.to_string()),
            ("k", submission.kind.code().to_owned()),
            ("s", submission.subject.code().to_owned()),
            ("p", submission.appellant_kind.code().to_owned()),
            ("r", submission.reply_way.code().to_owned()),
        ]);
        submission.managing_unit.write("u", facts);
        submission.text.write("x", facts);
        submission.vault.write("z", facts);
        submission.area.write("d", facts);
        submission.service_item.write("i", facts);
        submission.attachments.write("f", facts);
    }

    fn read(_: &str, fact: LookUp<'_, '_>) -> Option<Self> {
        Some(Self::new(Submission {
            channel: ChannelCode::parse(fact("c")?).ok()?,
            kind: Kind::from_code(fact("k")?)?,
            subject: Subject::from_code(fact("s")?)?,
            appellant_kind: AppellantKind::from_code(fact("p")?)?,
            reply_way: ReplyWay::from_code(fact("r")?)?,
            area: Value::read("d", fact)?,
            service_item: Value::read("i", fact)?,
            managing_unit: Value::read("u", fact)?,
            text: Value::read("x", fact)?,
            vault: Value::read("z", fact)?,
            attachments: Value::read("f", fact)?,
        }))
    }

    fn text(&self) -> Option<&TextRef> {
        Some(&self.text)
    }
}
