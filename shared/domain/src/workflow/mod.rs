//! The workflow as one table (R-HD-14), and the two functions that use it: decide, then apply.

pub mod command;
pub mod decide;
mod needs;
pub mod refusal;
pub mod rules;
pub mod seats;
pub mod words;

#[cfg(test)]
mod tests;
