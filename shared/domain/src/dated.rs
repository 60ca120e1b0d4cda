//! Ids of what is on record by itself: a letter, the day on which it began and 40 bits.

use chrono::NaiveDate;

use crate::ticket::TicketKey;

/// The id of what began on `day`.
pub(crate) fn write(letter: char, day: NaiveDate, key: &TicketKey) -> String {
    format!("{letter}{}{}", day.format("%y%m%d"), key.as_str())
}

/// Day and key within an id, if it is one.
pub(crate) fn read(letter: char, id: &str) -> Option<(NaiveDate, TicketKey)> {
    let (day, key) = id.strip_prefix(letter)?.split_at_checked(6)?;
    let day = NaiveDate::parse_from_str(day, "%y%m%d").ok()?;
    Some((day, TicketKey::parse(key)?))
}

/// An id that begins with its letter.
macro_rules! dated_id {
    ($(#[$meta:meta])* $name:ident = $letter:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Letter before every such id.
            pub(crate) const LETTER: char = $letter;

            /// The id of what began at `at`; `digest` is of who began it and of what, so that the
            /// same message sent twice is one.
            pub fn new(at: chrono::DateTime<chrono::Utc>, digest: &[u8]) -> Self {
                let day = $crate::calendar::shanghai_date(at);
                let key = $crate::ticket::TicketKey::from_digest(digest);
                Self($crate::dated::write(Self::LETTER, day, &key))
            }

            /// Reads an id.
            pub fn parse(text: &str) -> Option<Self> {
                $crate::dated::read(Self::LETTER, text).map(|_| Self(text.to_owned()))
            }

            /// The id as text, 15 characters.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use dated_id;
