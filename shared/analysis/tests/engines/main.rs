//! R-AN-1: two engines that know nothing of each other read the lake's files, and answer every question
//! alike, to the row; and as the tickets themselves say.

#[cfg(test)]
mod answers;
#[cfg(test)]
#[path = "../../../lake/examples/folder/objects.rs"]
mod objects;
#[cfg(test)]
mod quarter;
