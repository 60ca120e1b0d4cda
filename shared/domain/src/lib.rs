//! The regulation as types and pure functions: no I/O, no async, no AWS, no JSON, no clock, no
//! randomness. Everything else depends on this crate; it depends on nothing of ours.
//!
//! Invariants:
//! - A [`Ticket`](ticket::Ticket) is the fold of its events and nothing else.
//! - Every change goes through [`decide`](workflow::decide::decide), which looks its row up in
//!   [`RULES`](workflow::rules::RULES).
//! - A deadline is a function of events, calendar and rulebook ([`clocks`]); a stored instant is
//!   a cache of it.
//! - A ticket has exactly one responsible unit at every moment (首接负责, Art. 5, 8; R-HD-13).

pub mod accountability;
pub mod announcements;
pub mod answer;
pub mod appeal;
pub mod audit;
pub mod calendar;
pub mod callback;
pub mod clocks;
pub mod export;
pub mod ids;
pub mod knowledge;
pub mod periodic;
pub mod personal;
pub mod problem_group;
pub mod registry;
pub mod rulebook;
pub mod signs;
pub mod supervision;
pub mod ticket;
pub mod workflow;

mod dated;
mod vocabulary;
