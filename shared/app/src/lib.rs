//! Use cases and the ports they need. Async, but knows neither AWS nor HTTP: stores, vault and
//! objects stand behind traits, time is a parameter.
//!
//! [`act`](act::act) is the only path that changes a ticket: load → decide → apply → one
//! conditional write.

pub mod act;
pub mod archive;
pub mod callbacks;
pub mod documents;
pub mod erasure;
pub mod error;
pub mod exports;
pub mod lake;
pub mod letters;
pub mod messages;
pub mod notices;
pub mod originals;
pub mod ports;
pub mod problem_groups;
pub mod recompute;
pub mod reconcile;
pub mod reports;
pub mod retention;
pub mod rule_changes;
pub mod seals;
pub mod submit;
pub mod supervision;
pub mod sweep;

pub use error::AppError;
