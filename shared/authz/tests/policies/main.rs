//! What is proved of the policies, for every request there can be (Art. 11(2), 12, 13, 16; R-AC-1):
//! by `cedar-policy-symcc`, which turns policies into formulas, and the solver `cvc5`. A proof that
//! fails comes with a request that shows why. What is proved are the policies; that every function
//! asks them is the work of `authz::Permit`, and that the entities are right is shown by the table
//! of who may do what.

#[cfg(test)]
mod matrix;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod solver;
#[cfg(test)]
mod tickets;
#[cfg(test)]
mod widening;
