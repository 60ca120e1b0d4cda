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
        if is_hex(text, 32) {
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

/// A person or an enterprise as a keyed digest (Art. 16; R-DP-4): the same for all that they bring, and
/// no way back to who they are. 96 bits in hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppellantId(String);

impl AppellantId {
    const CHARACTERS: usize = 24;

    /// The appellant of a keyed digest.
    pub fn of(digest: &[u8; 32]) -> Self {
        Self(hex(digest.iter().take(Self::CHARACTERS / 2)))
    }

    /// Takes a stored id back; refuses what [`AppellantId::of`] cannot have made.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        if is_hex(text, Self::CHARACTERS) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId(text.to_owned()))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Name of a record in the vault: whose it is, and which of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VaultName {
    /// Whose.
    pub appellant: AppellantId,
    record: String,
}

impl VaultName {
    const CHARACTERS: usize = 16;

    /// The name of the appellant's record that follows from `parts`.
    pub fn of(appellant: AppellantId, parts: &[&[u8]]) -> Self {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(parts.concat());
        let record = hex(digest.iter().take(Self::CHARACTERS / 2));
        Self { appellant, record }
    }

    /// Takes a written name back.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId(text.to_owned());
        let (appellant, record) = text.split_once('.').ok_or_else(invalid)?;
        if !is_hex(record, Self::CHARACTERS) {
            return Err(invalid());
        }
        let (appellant, record) = (AppellantId::parse(appellant)?, record.to_owned());
        Ok(Self { appellant, record })
    }

    /// Which of the appellant's records.
    pub fn record(&self) -> &str {
        &self.record
    }
}

impl fmt::Display for VaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.appellant.as_str(), self.record)
    }
}

fn is_hex(text: &str, characters: usize) -> bool {
    text.len() == characters && text.bytes().all(|byte| byte.is_ascii_hexdigit())
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
