//! Reading hashes and proofs from tiles.

use std::{collections::BTreeMap, ops::Range};

use yinuo_core::id::OrgId;

use super::{Frontier, TILE_WIDTH, Tree, perfect_root, proof, record_leaf, tile::width};
use crate::{Hash, LedgerError};

/// Reads the tree of a given size from its tiles. What was read once is remembered, so make one for each answer.
pub struct TreeReader<'a, T: Tree + ?Sized> {
    tree: &'a T,
    org: &'a OrgId,
    size: u64,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<'a, T: Tree + ?Sized> TreeReader<'a, T> {
    /// A reader of the tree over the first `size` records. A checkpoint of that size or a larger one has to be kept:
    /// its full tiles are read, not computed.
    pub fn new(tree: &'a T, org: &'a OrgId, size: u64) -> Self {
        Self { tree, org, size, tiles: BTreeMap::new() }
    }

    /// A reader of the tree whose right edge is known, so that no partial tile has to be computed.
    pub fn at_edge(tree: &'a T, org: &'a OrgId, edge: &Frontier) -> Self {
        let mut reader = Self::new(tree, org, edge.size());
        for (level, hashes) in (0_u8..).zip(edge.levels()) {
            let n = edge.size().checked_shr(u32::from(level) * 8 + 8).unwrap_or(0);
            if !hashes.is_empty() {
                reader.tiles.insert((level, n), hashes.clone());
            }
        }
        reader
    }

    /// The hashes of a tile, full or partial; empty if the tree does not reach it.
    pub async fn tile(&mut self, level: u8, n: u64) -> Result<Vec<Hash>, LedgerError> {
        if let Some(known) = self.tiles.get(&(level, n)) {
            return Ok(known.clone());
        }
        let width = width(self.size, level, n);
        let hashes = match (width, level.checked_sub(1)) {
            (0, _) => Vec::new(),
            (TILE_WIDTH, _) => self.full(level, n, 1).await?.into_iter().flatten().collect(),
            (_, None) => self.leaves(n * TILE_WIDTH as u64, width).await?,
            (_, Some(below)) => {
                let full = self.full(below, n * TILE_WIDTH as u64, width).await?;
                full.iter().map(|hashes| perfect_root(hashes)).collect()
            }
        };
        self.tiles.insert((level, n), hashes.clone());
        Ok(hashes)
    }

    /// So many full tiles of a level from `first` on.
    async fn full(&self, level: u8, first: u64, count: usize) -> Result<Vec<Vec<Hash>>, LedgerError> {
        let asked = u32::try_from(count).unwrap_or(u32::MAX);
        let tiles = self.tree.tiles(self.org, level, first, asked).await?;
        let mut wanted = first..;
        if tiles.len() == count && tiles.iter().all(|tile| Some(tile.n) == wanted.next()) {
            return Ok(tiles.into_iter().map(|tile| tile.hashes).collect());
        }
        let what = format!("a tile of level {level} from number {first} on is missing from the tree");
        Err(LedgerError::corrupt(what))
    }

    async fn leaves(&self, after: u64, count: usize) -> Result<Vec<Hash>, LedgerError> {
        let asked = u32::try_from(count).unwrap_or(u32::MAX);
        let hashes = self.tree.leaves(self.org, after, asked).await?;
        if hashes.len() == count {
            return Ok(hashes.into_iter().map(record_leaf).collect());
        }
        let (position, there) = (after + hashes.len() as u64 + 1, after + hashes.len() as u64);
        let what = format!("the tree covers {} records, and {there} are there", self.size);
        Err(LedgerError::Corrupt { position, what })
    }

    async fn node(&mut self, node: proof::Node) -> Result<Hash, LedgerError> {
        // 2^height leaves are 2^(height mod 8) neighbouring hashes in one tile of level height / 8.
        let level = u8::try_from(node.height / 8).unwrap_or(u8::MAX);
        let first = node.index << (node.height % 8);
        let hashes = self.tile(level, first / TILE_WIDTH as u64).await?;
        let start = usize::try_from(first % TILE_WIDTH as u64).unwrap_or(usize::MAX);
        let subtree = hashes.get(start..start.saturating_add(1 << (node.height % 8)));
        subtree.map(perfect_root).ok_or(LedgerError::Unfit { what: "a node of the tree lies inside of it" })
    }

    /// The root over a range of leaves that is a subtree of the tree.
    async fn range(&mut self, range: &Range<u64>) -> Result<Hash, LedgerError> {
        let mut subtrees = Vec::new();
        for node in proof::nodes(range) {
            subtrees.push(self.node(node).await?);
        }
        Ok(proof::root_over(&subtrees))
    }

    async fn ranges(&mut self, ranges: Option<Vec<Range<u64>>>) -> Result<Vec<Hash>, LedgerError> {
        let ranges = ranges.ok_or(LedgerError::Unfit { what: "a proof is about leaves of the tree" })?;
        let mut hashes = Vec::with_capacity(ranges.len());
        for range in ranges {
            hashes.push(self.range(&range).await?);
        }
        Ok(hashes)
    }

    /// The root of the tree.
    pub async fn root(&mut self) -> Result<Hash, LedgerError> {
        self.range(&(0..self.size)).await
    }

    /// The proof that leaf `index` is in the tree; [`LedgerError::Unfit`] if it is not.
    pub async fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, LedgerError> {
        self.ranges(proof::inclusion(index, self.size)).await
    }

    /// The proof that the tree begins with the one of `from` leaves; [`LedgerError::Unfit`] if that one is larger.
    pub async fn consistency(&mut self, from: u64) -> Result<Vec<Hash>, LedgerError> {
        self.ranges(proof::consistency(from, self.size)).await
    }

    /// What it takes to grow the tree.
    pub async fn frontier(&mut self) -> Result<Frontier, LedgerError> {
        let mut levels = Vec::new();
        for level in 0..Frontier::levels_of(self.size) {
            let n = self.size.checked_shr(u32::from(level) * 8 + 8).unwrap_or(0);
            levels.push(self.tile(level, n).await?);
        }
        Frontier::from_levels(self.size, levels)
            .ok_or_else(|| LedgerError::corrupt("the partial tiles of the tree have the wrong width"))
    }
}
