//! The lake on objects in memory: that the same events give the same rows whatever happens on the way
//! (Art. 15; R-AN-1), and that erasing reaches them (Art. 16).

#[cfg(test)]
mod erasing;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod same_rows;
