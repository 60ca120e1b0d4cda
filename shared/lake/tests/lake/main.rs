//! The lake on objects in memory: that the same events give the same rows whatever happens on the way
//! (Art. 15; R-AN-1), and that erasing reaches them (Art. 16).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod erasing;
mod memory;
mod same_rows;
