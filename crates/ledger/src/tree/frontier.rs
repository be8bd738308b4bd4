//! The right edge of a tree: all that it takes to grow it.

use super::{TILE_WIDTH, Tile, empty_root, node_hash, perfect_root, tile::width};
use crate::Hash;

/// The partial tiles of a tree: at most 255 hashes a level. Leaves are pushed one by one; each tile that gets full comes
/// out, and its root goes one level up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Hashes of the partial tile of each level, lowest first.
    levels: Vec<Vec<Hash>>,
}

impl Frontier {
    /// The frontier of a tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The frontier of a tree of `size` leaves with these partial tiles, lowest level first. None if their widths are
    /// not those of such a tree.
    pub fn from_levels(size: u64, levels: Vec<Vec<Hash>>) -> Option<Self> {
        let needed = Self::levels_of(size);
        let mut widths = levels.iter().map(Vec::len);
        let fits = levels.len() == usize::from(needed)
            && (0..needed).all(|level| widths.next() == Some(Self::partial_width(size, level)));
        fits.then_some(Self { size, levels })
    }

    /// Levels of tiles, partial or full, that a tree of `size` leaves has.
    pub fn levels_of(size: u64) -> u8 {
        let mut levels = 0;
        let mut hashes = size;
        while hashes > 0 {
            levels += 1;
            hashes >>= 8;
        }
        levels
    }

    /// Width of the partial tile on `level` of a tree of `size` leaves; 0 if there is none.
    pub fn partial_width(size: u64, level: u8) -> usize {
        let n = size.checked_shr(u32::from(level) * 8 + 8).unwrap_or(0);
        width(size, level, n)
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The partial tiles, lowest level first.
    pub fn levels(&self) -> &[Vec<Hash>] {
        &self.levels
    }

    /// Adds a leaf, given by its hash ([`super::record_leaf`]). Tiles that get full by it go to `full`, lowest first.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(Tile)) {
        let mut number = self.size;
        self.size += 1;
        let mut hash = leaf;
        for level in 0_u8.. {
            if self.levels.len() <= usize::from(level) {
                self.levels.push(Vec::with_capacity(TILE_WIDTH));
            }
            let Some(hashes) = self.levels.get_mut(usize::from(level)) else { return };
            hashes.push(hash);
            if hashes.len() < TILE_WIDTH {
                return;
            }
            number >>= 8;
            let tile =
                Tile { level, n: number, hashes: std::mem::replace(hashes, Vec::with_capacity(TILE_WIDTH)) };
            hash = tile.root();
            full(tile);
        }
    }

    /// The root of the tree as it is.
    pub fn root(&self) -> Hash {
        // From right to left: what lies further right is a smaller subtree and hangs below the next one to the left.
        let mut right: Option<Hash> = None;
        for hashes in &self.levels {
            let mut end = hashes.len();
            for height in 0..8 {
                let length = 1_usize << height;
                if end & length == 0 {
                    continue;
                }
                let subtree = perfect_root(hashes.get(end - length..end).unwrap_or_default());
                right = Some(right.map_or(subtree, |right| node_hash(subtree, right)));
                end -= length;
            }
        }
        right.unwrap_or_else(empty_root)
    }
}
