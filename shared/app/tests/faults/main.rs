//! Fail the n-th call, for each n: whatever port call of a use case fails, and in whichever way,
//! the same request again leaves exactly what it would have left without the failure. Nothing
//! lost, nothing doubled, events and state agree (R-IN-6, Art. 3).

#[cfg(test)]
mod cases;
#[cfg(test)]
mod city;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod model;
