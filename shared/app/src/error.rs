//! What a use case can answer besides its result. `api::problem` turns it into RFC 9457.

use domain::accountability::NotSo;
use domain::export::NotAsItStands;
use domain::knowledge;
use domain::problem_group;
use domain::supervision;
use domain::workflow::refusal::Refusal;
use domain::workflow::words::State;

use crate::rule_changes::NotNow;

/// Where a ticket stands now, for those whose action came too late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Its version.
    pub version: u32,
    /// Its state.
    pub state: State,
}

/// A field of the request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer or header name.
    pub pointer: String,
    /// What is wrong and what to do, in Chinese.
    pub detail: String,
}

impl FieldError {
    /// A wrong field.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

/// Why a caller is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// No or bad sign-in token.
    Token,
    /// No such channel, or a signature that no live secret makes.
    Signature,
    /// Timestamp outside ±5 minutes.
    Timestamp,
    /// Nonce already used.
    ReplayedNonce,
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The regulation says no.
    #[error("refused: {refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// Where the ticket stands.
        present: Option<Present>,
    },
    /// The request's content is wrong.
    #[error("invalid request: {} field(s)", .0.len())]
    Invalid(Vec<FieldError>),
    /// The body is not JSON of the expected shape.
    #[error("malformed request: {0}")]
    Malformed(String),
    /// The body is over the limit.
    #[error("body too large")]
    BodyTooLarge,
    /// The caller is not known.
    #[error("unauthenticated: {0:?}")]
    Unauthenticated(Unknown),
    /// The caller is known and may not; in the words of the policy that forbids it, if one does.
    #[error("forbidden")]
    Forbidden(Option<String>),
    /// There is nothing, or the caller may not know that there is.
    #[error("not found")]
    NotFound,
    /// Number or query code is wrong: one answer for both (R-IN-7).
    #[error("number or query code is wrong")]
    WrongQueryCode,
    /// Too many wrong query codes.
    #[error("too many tries")]
    TooManyTries,
    /// The same `Idempotency-Key` with another body (R-IN-6).
    #[error("idempotency key reused with another body")]
    KeyReused,
    /// The export is not in a standing that allows it (R-DP-3).
    #[error("refused: {0}")]
    Export(NotAsItStands),
    /// The record of accountability is not opened or decided so (R-SV-9).
    #[error("refused: {0}")]
    Accountability(NotSo),
    /// The case of supervision does not stand so that this could be done (R-SV-7).
    #[error("refused: {0}")]
    Supervision(supervision::NotSo),
    /// The entry of the knowledge base is not open for it (R-KB-1, R-KB-3).
    #[error("refused: {0}")]
    Knowledge(knowledge::NotSo),
    /// The problem group does not stand so that this could be done (R-AN-3).
    #[error("refused: {0}")]
    Group(problem_group::NotSo),
    /// The change of the rules is not proposed or carried out now (R-RULE-1).
    #[error("refused: {0}")]
    Rules(NotNow),
    /// The ticket changed since the caller read it (`If-Match`).
    #[error("ticket changed meanwhile")]
    ChangedMeanwhile(Present),
    /// A store or queue did not answer; trying again may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("broken: {0}")]
    Broken(String),
}
