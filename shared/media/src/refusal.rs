//! Why a file is not released.

use crate::kinds::MediaType;

/// Why a file stays in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MediaRefusal {
    /// None of the types allowed.
    #[error("file type is not allowed")]
    UnknownType,
    /// Not the type that was declared when the upload was granted.
    #[error("file is `{}`, not the type declared", .detected.content_type())]
    Mismatch {
        /// What it is.
        detected: MediaType,
    },
    /// Larger than its kind may be.
    #[error("file is larger than {max_bytes} bytes")]
    TooLarge {
        /// The limit.
        max_bytes: u64,
    },
    /// An Office document that carries macros.
    #[error("document carries macros")]
    MacroDocument,
    /// The structure of the format does not hold.
    #[error("file is damaged")]
    Malformed,
    /// Location data may stand where it cannot be removed without re-encoding.
    #[error("location data cannot be removed")]
    NotStrippable,
}

impl MediaRefusal {
    /// The reason in words for officers and appellants.
    pub fn reason(self) -> &'static str {
        match self {
            Self::UnknownType => "文件类型不在允许范围内",
            Self::Mismatch { .. } => "文件内容与申报的类型不一致",
            Self::TooLarge { .. } => "文件超过大小限制",
            Self::MacroDocument => "文档含有宏，不予接收",
            Self::Malformed => "文件已损坏或不完整",
            Self::NotStrippable => "文件中的位置信息无法去除",
        }
    }
}
