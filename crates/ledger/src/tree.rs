//! The one log of an organisation as a Merkle tree after RFC 6962, cut into tiles as C2SP tlog-tiles says.
//!
//! ```text
//! leaf data = the 32-byte chain hash of the record at position i + 1       (leaf number i, from 0)
//! leaf      = SHA-256(0x00 || leaf data)
//! node      = SHA-256(0x01 || left || right)
//! ```
//! The chain hash binds organisation, stream, order and body of a record (see [`crate::chain`]); the tree binds the
//! order of all records of all streams. A tile holds 256 neighbouring hashes of one level: level 0 the leaves, each
//! higher level the roots of the full tiles below it. Full tiles are kept and never change; a partial one is computed
//! from what lies below it.
//!
//! **Start reading** at [`Frontier`], which grows the tree, then [`TreeReader`], which proves, then [`proof`], which
//! verifies.

mod frontier;
mod kept;
pub mod proof;
mod reader;
mod tile;

use sha2::{Digest, Sha256};

pub use frontier::Frontier;
pub use kept::{Chained, Growth, KeptCheckpoint, Lead, Tree};
pub use proof::ProofError;
pub use reader::TreeReader;
pub(crate) use tile::plain;
pub use tile::{NoTilePath, TILE_WIDTH, Tile, TilePath, bytes_of, hashes_of};

use crate::Hash;

/// The hash of a leaf that holds `data`.
pub fn leaf_hash(data: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(data);
    Hash(hasher.finalize().into())
}

/// The leaf of a record with this chain hash.
pub fn record_leaf(hash: Hash) -> Hash {
    leaf_hash(&hash.0)
}

/// The hash of the node above `left` and `right`.
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let mut bytes = [1; 65];
    let (_, children) = bytes.split_at_mut(1);
    let (first, second) = children.split_at_mut(32);
    first.copy_from_slice(&left.0);
    second.copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

/// The root of a tree without leaves: the hash of nothing.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// The root over hashes whose number is a power of two.
pub(crate) fn perfect_root(hashes: &[Hash]) -> Hash {
    let mut row: Vec<Hash> = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node_hash(*left, *right),
                // Not reached for a power of two; a lone hash is its own subtree.
                rest => rest.first().copied().unwrap_or_else(empty_root),
            })
            .collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}
