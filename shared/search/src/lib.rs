//! Search in the knowledge base (R-KB-2): entries become one block of bytes, and the bytes answer
//! questions, by pairs of neighbouring characters, which needs no dictionary. Nothing here reaches out.
//!
//! `tantivy` stands in this crate alone; who does not search does not ship it.

mod bytes;
mod grams;
mod highlight;
mod index;
#[cfg(test)]
mod tests;

pub use highlight::Part;
pub use index::{Found, IndexedEntry, Query, SearchError, SearchIndex, build};
