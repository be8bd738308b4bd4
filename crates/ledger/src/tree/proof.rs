//! Proofs after RFC 6962: which hashes make one, and how somebody with nothing but a root verifies it (RFC 9162, 2.1.3.2
//! and 2.1.4.2).

use std::ops::Range;

use super::{empty_root, node_hash};
use crate::Hash;

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf lies outside of the tree, or the older tree is the larger one.
    #[error("the proof is about something outside of the tree")]
    Outside,
    /// It has too many or too few hashes.
    #[error("the proof has too many or too few hashes")]
    Length,
    /// Its hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// The subtrees, as ranges of leaves, whose roots prove that leaf `index` is in the tree of `size` leaves; the lowest
/// first. None if it is not.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let mut ranges = Vec::new();
    let mut tree = 0..size;
    while tree.end - tree.start > 1 {
        let middle = tree.start + split(tree.end - tree.start);
        if index < middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
        }
    }
    ranges.reverse();
    Some(ranges)
}

/// The subtrees whose roots prove that the tree of `to` leaves begins with the tree of `from` leaves. None if `from` is
/// larger. Empty if either tree says it all by itself.
pub fn consistency(from: u64, to: u64) -> Option<Vec<Range<u64>>> {
    if from > to {
        return None;
    }
    let mut ranges = Vec::new();
    if from == 0 || from == to {
        return Some(ranges);
    }
    let mut tree = 0..to;
    while from != tree.end {
        let middle = tree.start + split(tree.end - tree.start);
        if from <= middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
        }
    }
    // The verifier knows the older root; if that is this very subtree, it is not sent.
    if tree.start > 0 {
        ranges.push(tree);
    }
    ranges.reverse();
    Some(ranges)
}

/// The largest power of two below `leaves`, which is at least 2.
const fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// A node that covers 2^height leaves: number `index` of its height, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Height above the leaves.
    pub height: u32,
    /// Number among the nodes of its height.
    pub index: u64,
}

/// The whole subtrees that make up a range of leaves of the tree, from left to right, the larger first.
pub fn nodes(range: &Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let height = (range.end - start).ilog2().min(start.trailing_zeros());
        nodes.push(Node { height, index: start >> height });
        start += 1 << height;
    }
    nodes
}

/// The root over neighbouring whole subtrees, as [`nodes`] gives them.
pub fn root_over(subtrees: &[Hash]) -> Hash {
    let joined = subtrees.iter().rev().copied().reduce(|right, left| node_hash(left, right));
    joined.unwrap_or_else(empty_root)
}

/// Verifies that the leaf with hash `leaf` is number `index` of the tree of `size` leaves with this root.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Outside);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for beside in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(*beside, hash);
            // The last node of a row may have no sibling for some rows.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, *beside);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == root { Ok(()) } else { Err(ProofError::Root) }
}

/// Verifies that the tree of `to` leaves begins with the tree of `from` leaves.
pub fn verify_consistency(from: (u64, Hash), to: (u64, Hash), proof: &[Hash]) -> Result<(), ProofError> {
    let ((from, from_root), (to, to_root)) = (from, to);
    if from > to {
        return Err(ProofError::Outside);
    }
    if from == 0 || from == to {
        let (known, given) = if from == 0 { (empty_root(), from_root) } else { (from_root, to_root) };
        return match (proof.is_empty(), known == given) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    let mut rest = proof.iter().copied();
    // A tree that is one whole subtree is its own first hash.
    let first = if from.is_power_of_two() { Some(from_root) } else { rest.next() };
    let first = first.ok_or(ProofError::Length)?;
    let (mut node, mut last) = (from - 1, to - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (first, first);
    for beside in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            old = node_hash(beside, old);
            new = node_hash(beside, new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(new, beside);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if old == from_root && new == to_root { Ok(()) } else { Err(ProofError::Root) }
}
