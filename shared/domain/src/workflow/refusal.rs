//! Every lawful "no": a fact, its article, and where in the request it lies.

use super::seats::Seat;
use super::words::{Action, Need, Role, State};

/// One thing that is missing, found by a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The need it belongs to.
    pub need: Need,
    /// JSON pointer of the field, or empty where no field of the request could mend it.
    pub pointer: String,
    /// What to do, in Chinese.
    pub advice: String,
}

/// Why the regulation refuses a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No row of the table allows the action in this state (Art. 9).
    #[error("action `{}` is not open in state `{}`", .action.code(), .state.code())]
    NotOpenNow {
        /// What was tried.
        action: Action,
        /// Where the ticket stands.
        state: State,
    },
    /// The row exists, but not for this role.
    #[error("action `{}` is not open to role `{}`", .action.code(), .role.code())]
    NotYourRole {
        /// What was tried.
        action: Action,
        /// By whom.
        role: Role,
        /// The article that says who may.
        article: &'static str,
    },
    /// The role may, but of another unit.
    #[error("action `{}` is for another unit", .action.code())]
    NotYourUnit {
        /// What was tried.
        action: Action,
        /// Whose it is.
        seat: Seat,
        /// The article that says so.
        article: &'static str,
    },
    /// Something the row requires is missing; everything missing is said at once.
    #[error("action `{}` lacks {} item(s)", .action.code(), .missing.len())]
    Incomplete {
        /// What was tried.
        action: Action,
        /// The article that requires it.
        article: &'static str,
        /// What is missing.
        missing: Vec<Missing>,
    },
}
