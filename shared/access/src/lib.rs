//! Who may come in, and what we sign on the way out: channels' signed requests, officers' tokens,
//! appellants' query codes, and webhooks to the city's messaging gateway (R-AC-2, R-HD-12).
//!
//! Pure: no I/O, no clock, no randomness. The time of a check is always a parameter.

pub mod channel;
pub mod identity;
pub mod officer;
pub mod secrets;
pub mod source;
pub mod webhook;

mod mac;
