//! 大数据分析 (Art. 15, 16; R-AN-1): the lake. Events of tickets as immutable rows by day; from them,
//! by month of acceptance, what every ticket amounts to. Everything is de-identified before it is
//! written, and in a form that any engine reads: Parquet.
//!
//! Pure but for the port to the objects: time and timetable are given.

pub mod compact;
mod erase;
mod event;
pub mod file;
mod fold;
pub mod gather;
mod merge;
pub mod month;
pub mod names;
pub mod nightly;
mod parts;
pub mod rows;
pub mod schema;
pub mod state;
pub mod views;
pub mod whole;

pub use event::Said;
pub use fold::{Folded, NotFolded, fold};
