//! Merkle trees over chain heads (RFC 6962 §2.1): one hash for many tickets, and a short proof that
//! a ticket's head was among them.

use sha2::{Digest as _, Sha256};

use super::ChainHead;
use crate::ticket::TicketNumber;

/// A hash of the tree: of a leaf, of a node, of the root.
pub type Hash = [u8; 32];

/// Where a ticket's chain stood: a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The ticket.
    pub number: TicketNumber,
    /// How many events it had.
    pub version: u32,
    /// Head of the chain over them.
    pub head: ChainHead,
}

impl Leaf {
    /// The leaf's hash.
    pub fn hash(&self) -> Hash {
        let mut hash = Sha256::new();
        // Leaves and nodes begin differently, so that none passes for the other.
        hash.update([0]);
        hash.update(format!("{}\n{}\n", self.number, self.version));
        hash.update(self.head.0);
        hash.finalize().into()
    }
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// Where a tree of so many leaves is split: the largest power of two that is less than `count`.
const fn split(count: usize) -> usize {
    match count {
        0 | 1 => 0,
        _ => 1 << (usize::BITS - 1 - (count - 1).leading_zeros()),
    }
}

/// The root over these leaves; of no leaves, the hash of nothing.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// What must be hashed together with the leaf at `index` to come to the root, from the leaf upwards;
/// none when there is no such leaf.
pub fn path(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    match leaves {
        [] => None,
        [_] => (index == 0).then(Vec::new),
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            let (mut below, beside) = match index.checked_sub(left.len()) {
                None => (path(left, index)?, root(right)),
                Some(index) => (path(right, index)?, root(left)),
            };
            below.push(beside);
            Some(below)
        }
    }
}

/// The root that the leaf's hash and its path come to, in a tree of `count` leaves; none where they
/// do not fit together.
pub fn root_by_path(leaf: Hash, index: usize, count: usize, path: &[Hash]) -> Option<Hash> {
    if index >= count {
        return None;
    }
    let Some((beside, below)) = path.split_last() else {
        return (count == 1).then_some(leaf);
    };
    let left = split(count);
    match index.checked_sub(left) {
        _ if count == 1 => None,
        None => Some(node(&root_by_path(leaf, index, left, below)?, beside)),
        Some(index) => {
            let right = root_by_path(leaf, index, count - left, below)?;
            Some(node(beside, &right))
        }
    }
}

#[cfg(test)]
mod tests;
