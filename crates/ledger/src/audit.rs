//! Going through a ledger from its first record to its last: does it say what it said when it was written and signed?
//!
//! ```text
//! chained records ──▶ HashPass: place, chain, leaf ──▶ roots at the sizes that somebody signed or kept
//! ```
//! [`HashPass`] reads no JSON: position, stream, sequence number, body and hash of a record are all that it needs. Words
//! and lists are compared afterwards, by whoever knows the rules.

mod finding;

use std::collections::{BTreeMap, HashMap};

use yinuo_core::id::OrgId;

pub use finding::{Finding, Gone, Misfit};

use crate::{
    Chained, Hash, Stream, Tile, chain,
    tree::{Frontier, TILE_WIDTH, record_leaf},
};

/// Re-hashes records in the order of their positions: every body, every chain, every leaf of the tree.
#[derive(Debug)]
pub struct HashPass {
    org: OrgId,
    heads: HashMap<Stream, (u32, Hash)>,
    /// Streams in the order of their first records.
    streams: Vec<Stream>,
    frontier: Frontier,
    began_at: u64,
    /// Roots that are asked for, by size.
    roots: BTreeMap<u64, Option<Hash>>,
    /// Hashes of records that are asked for, by position.
    hashes: BTreeMap<u64, Option<Hash>>,
    /// Tiles that got full, above the leaves.
    full: Vec<Tile>,
    /// The first record whose leaf is another one than its tile says. Either of them was changed: the root tells which.
    suspect: Option<Finding>,
}

impl HashPass {
    /// A pass from the first record on.
    pub fn new(org: &OrgId) -> Self {
        Self::after(org, Frontier::new())
    }

    /// A pass over the records after those that `frontier` covers. Streams that began before have to be made known with
    /// [`HashPass::continues`].
    pub fn after(org: &OrgId, frontier: Frontier) -> Self {
        Self {
            org: org.clone(),
            heads: HashMap::new(),
            streams: Vec::new(),
            began_at: frontier.size(),
            frontier,
            roots: BTreeMap::new(),
            hashes: BTreeMap::new(),
            full: Vec::new(),
            suspect: None,
        }
    }

    /// Asks for the root over the first `size` records.
    pub fn want_root(&mut self, size: u64) {
        let root = (size == self.frontier.size()).then(|| self.frontier.root());
        self.roots.insert(size, root);
    }

    /// Asks for the hash of the record at `position`.
    pub fn want_hash(&mut self, position: u64) {
        self.hashes.insert(position, None);
    }

    /// The root over the first `size` records, if it was asked for and there are so many.
    pub fn root(&self, size: u64) -> Option<Hash> {
        self.roots.get(&size).copied().flatten()
    }

    /// The hash of the record at `position`, if it was asked for and is there.
    pub fn hash(&self, position: u64) -> Option<Hash> {
        self.hashes.get(&position).copied().flatten()
    }

    /// Records up to the last one seen.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Records seen.
    pub const fn seen(&self) -> u64 {
        self.frontier.size() - self.began_at
    }

    /// Streams seen, in the order of their first records.
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// The first record whose leaf is another one than its tile says.
    pub const fn suspect(&self) -> Option<&Finding> {
        self.suspect.as_ref()
    }

    /// The tiles above the leaves that got full since the last call.
    pub fn take_full(&mut self) -> Vec<Tile> {
        std::mem::take(&mut self.full)
    }

    /// Whether the record goes on with a stream that this pass has not seen the beginning of.
    pub fn is_unknown(&self, record: &Chained) -> bool {
        record.seq > 1 && self.began_at > 0 && !self.heads.contains_key(&record.stream)
    }

    /// Makes known a stream that began before this pass: its record number `seq` has this hash.
    pub fn continues(&mut self, stream: Stream, seq: u32, hash: Hash) {
        self.heads.insert(stream, (seq, hash));
    }

    /// Takes the next record. `kept` is its leaf as the tree has it, where a tile is kept. The error is the first record
    /// that certainly does not fit.
    pub fn take(&mut self, record: &Chained, kept: Option<Hash>) -> Result<(), Finding> {
        let position = self.frontier.size() + 1;
        if record.position != position {
            return Err(Finding::at(position, Misfit::Missing));
        }
        let finding = |misfit| Err(Finding::of(record, misfit));
        let head = self.heads.get(&record.stream).copied();
        let (last, previous) = head.unwrap_or_else(|| (0, chain::genesis(&self.org, record.stream)));
        if record.seq != last.saturating_add(1) {
            return finding(Misfit::Order { expected: last.saturating_add(1) });
        }
        if chain::link(previous, &record.body) != record.hash {
            return finding(Misfit::Chain);
        }
        if head.is_none() {
            self.streams.push(record.stream);
        }
        self.heads.insert(record.stream, (record.seq, record.hash));
        let leaf = record_leaf(record.hash);
        if self.suspect.is_none() && kept.is_some_and(|kept| kept != leaf) {
            self.suspect = Some(Finding::of(record, Misfit::Unsigned));
        }
        let full = &mut self.full;
        self.frontier.push(leaf, |tile| {
            if tile.level > 0 {
                full.push(tile);
            }
        });
        if let Some(hash) = self.hashes.get_mut(&position) {
            *hash = Some(record.hash);
        }
        if let Some(root) = self.roots.get_mut(&position) {
            *root = Some(self.frontier.root());
        }
        Ok(())
    }

    /// The misfit of a ledger whose records do not give the root that was signed over the first `size` of them.
    pub fn unsigned(&self, size: u64) -> Finding {
        self.suspect.clone().unwrap_or_else(|| {
            let tail = size - size % TILE_WIDTH as u64;
            let first = if tail == size { 1 } else { tail + 1 };
            Finding::at(first, Misfit::Root { size })
        })
    }
}
