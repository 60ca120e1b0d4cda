//! Identifiers as types: a unit is never passed where an officer is meant.

use std::fmt;

/// An identifier that is empty, too long or has characters outside `[a-z0-9_-]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an identifier: 1 to 48 characters of a-z, 0-9, `-` and `_`")]
pub struct InvalidId(pub String);

fn is_id(text: &str) -> bool {
    (1..=48).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Parses `text`; refuses what is not an identifier.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if is_id(text) { Ok(Self(text.to_owned())) } else { Err(InvalidId(text.to_owned())) }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    };
}

id!(
    /// A managing or resolving unit (管理单位、问题解决单位, Art. 4).
    UnitId
);
id!(
    /// An officer: the `sub` of the sign-in token.
    OfficerId
);
id!(
    /// A channel (渠道, Art. 2). Channels are data, so this is not an enum (R-IN-1).
    ChannelCode
);
id!(
    /// An upload granted to a channel, and the attachment it becomes.
    UploadId
);

/// Name of an immutable text under a ticket: 128 bits of the SHA-256 of its content, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextRef(String);

impl TextRef {
    /// The name of `content`.
    pub fn of(content: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(hex(sha2::Sha256::digest(content).iter().take(16)))
    }

    /// Takes a stored name back; refuses what [`TextRef::of`] cannot have made.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let good = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId(text.to_owned()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hash of a whole archived document: no text of the ticket, though it is written like the name of
/// one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest(pub TextRef);

/// Lower-case hexadecimal of `bytes`.
pub fn hex<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> String {
    use fmt::Write as _;
    let mut text = String::new();
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
