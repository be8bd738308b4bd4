//! The contract of storage for tree and checkpoint.

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_core::id::OrgId;

use super::{TILE_WIDTH, Tile, tile::width};
use crate::{Hash, LedgerError, Stream};

/// A record as the chain sees it: everything that is hashed, nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chained {
    /// Position in the organisation's log, from 1.
    pub position: u64,
    /// Its stream.
    pub stream: Stream,
    /// Its place in the stream, from 1.
    pub seq: u32,
    /// Its hash.
    pub hash: Hash,
    /// The chained body, exactly as hashed.
    pub body: String,
}

/// The latest signed checkpoint of an organisation, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// Leaves that it covers: records at positions 1 to `size`.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note.
    pub note: String,
}

/// What makes the tree grow, kept together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// Size of the checkpoint that is kept now; 0 if there is none.
    pub from_size: u64,
    /// The tiles that are full in the new tree and were not in the old one.
    pub tiles: Vec<Tile>,
    /// The new checkpoint. One of the same size and root replaces the note, when signatures were added.
    pub checkpoint: KeptCheckpoint,
}

impl Growth {
    /// Whether the parts belong together. Every store asks this before it keeps anything. `kept` is the checkpoint that
    /// it has, `records` the last position of the organisation's log.
    pub fn fits(&self, kept: Option<&KeptCheckpoint>, records: u64) -> Result<(), LedgerError> {
        let size = kept.map_or(0, |kept| kept.size);
        if size != self.from_size {
            return Err(LedgerError::Outgrown { size });
        }
        let unfit = |what| Err(LedgerError::Unfit { what });
        let new = &self.checkpoint;
        if new.size < size {
            return unfit("a checkpoint never covers fewer records than the one before it");
        }
        if kept.is_some_and(|kept| kept.size == new.size && kept.root != new.root) {
            return unfit("a checkpoint of the same size has the same root");
        }
        if new.size > records {
            return unfit("a checkpoint covers records that are there");
        }
        let full = |tile: &Tile| {
            tile.hashes.len() == TILE_WIDTH && width(new.size, tile.level, tile.n) == TILE_WIDTH
        };
        if self.tiles.iter().all(full) {
            Ok(())
        } else {
            unfit("only tiles that are full in the new tree are kept")
        }
    }
}

/// Reading what the tree is made of, and growing it.
#[async_trait]
pub trait Tree: Send + Sync {
    /// The chain hashes of the records after position `after`, in order, at most `limit`. A position that is missing
    /// among them is [`LedgerError::Corrupt`] at that position.
    async fn leaves(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Hash>, LedgerError>;

    /// The records after position `after` as the chain sees them, in order of position, at most `limit`. Nothing is
    /// checked: this is what verification goes through.
    async fn chained(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Chained>, LedgerError>;

    /// Those of the full tiles `first` to `first + count - 1` of a level that are kept, in order.
    async fn tiles(&self, org: &OrgId, level: u8, first: u64, count: u32) -> Result<Vec<Tile>, LedgerError>;

    /// The latest checkpoint; none before the first.
    async fn checkpoint(&self, org: &OrgId) -> Result<Option<KeptCheckpoint>, LedgerError>;

    /// The role of the organisation's sequencer, if nobody holds it. It is free again when the value is dropped or its
    /// holder dies.
    async fn lead(&self, org: &OrgId) -> Result<Option<Box<dyn Lead>>, LedgerError>;
}

/// The role of the sequencer: who holds it alone grows the tree.
#[async_trait]
pub trait Lead: Send {
    /// Keeps tiles and checkpoint in one transaction. [`LedgerError::Outgrown`] if the kept checkpoint has another size
    /// than `from_size`. A tile that is kept already with other hashes is [`LedgerError::Corrupt`]; with the same hashes
    /// it is left as it is. After an error that is none of these the role may be lost: drop it and ask anew.
    async fn grow(&mut self, growth: Growth) -> Result<(), LedgerError>;

    /// Gives the role up; when this returns, it is free.
    async fn step_down(self: Box<Self>) -> Result<(), LedgerError>;
}
