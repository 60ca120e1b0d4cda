//! The function as a process.

#[cfg(test)]
mod start;
