//! Tiles and checkpoint.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use yinuo_core::id::OrgId;
use yinuo_ledger::{Chained, Growth, Hash, KeptCheckpoint, Lead, LedgerError, Tile, Tree};

use super::{
    SqliteLedger,
    columns::{at, get, hash, stream, unsigned},
    errors::{reading, writing},
    log::last_position,
    transfer::standing,
    writer::Handle,
};

const LEAVES: &str =
    "SELECT position, hash FROM records WHERE org = ?1 AND position > ?2 ORDER BY position LIMIT ?3";
const CHAINED: &str = "SELECT position, stream, seq, hash, body FROM records WHERE org = ?1 AND position > ?2
    ORDER BY position LIMIT ?3";
const TILES: &str =
    "SELECT n, hashes FROM tiles WHERE org = ?1 AND level = ?2 AND n >= ?3 AND n < ?4 ORDER BY n";
const CHECKPOINT: &str = "SELECT size, root, at_us, note FROM checkpoints WHERE org = ?1";
const KEEP_TILE: &str = "INSERT INTO tiles (org, level, n, hashes) VALUES (?1, ?2, ?3, ?4)";
const KEEP_CHECKPOINT: &str =
    "INSERT OR REPLACE INTO checkpoints (org, size, root, at_us, note) VALUES (?1, ?2, ?3, ?4, ?5)";

/// Organisations whose tree somebody in this process grows. No other process has the file open.
pub(super) type Leaders = Arc<Mutex<BTreeSet<OrgId>>>;

/// A number of the tree as SQLite has it.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn leaves(connection: &Connection, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Hash>, LedgerError> {
    let mut statement = connection.prepare_cached(LEAVES).map_err(reading)?;
    let mut rows = statement.query(params![org.as_str(), signed(after), limit]).map_err(reading)?;
    let mut hashes = Vec::new();
    let mut next = after;
    while let Some(row) = rows.next().map_err(reading)? {
        next = next.saturating_add(1);
        if unsigned::<u64>(row, 0)? != next {
            let what = format!("record {next} is missing from the log");
            return Err(LedgerError::Corrupt { position: next, what });
        }
        hashes.push(Hash(hash(row, 1)?));
    }
    Ok(hashes)
}

fn chained(
    connection: &Connection,
    org: &OrgId,
    after: u64,
    limit: u32,
) -> Result<Vec<Chained>, LedgerError> {
    let mut statement = connection.prepare_cached(CHAINED).map_err(reading)?;
    let mut rows = statement.query(params![org.as_str(), signed(after), limit]).map_err(reading)?;
    let mut chained = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        let position = unsigned(row, 0)?;
        let read = || -> Result<Chained, LedgerError> {
            let bytes = row.get_ref(1).map_err(reading)?.as_blob().unwrap_or_default();
            let (stream, seq) = (stream(bytes)?, unsigned(row, 2)?);
            Ok(Chained { position, stream, seq, hash: Hash(hash(row, 3)?), body: get(row, 4)? })
        };
        chained.push(read().map_err(|error| error.at(position))?);
    }
    Ok(chained)
}

fn tiles(
    connection: &Connection,
    org: &OrgId,
    level: u8,
    first: u64,
    count: u32,
) -> Result<Vec<Tile>, LedgerError> {
    let mut statement = connection.prepare_cached(TILES).map_err(reading)?;
    let end = first.saturating_add(u64::from(count));
    let mut rows =
        statement.query(params![org.as_str(), level, signed(first), signed(end)]).map_err(reading)?;
    let mut tiles = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        let n = unsigned(row, 0)?;
        let bytes = row.get_ref(1).map_err(reading)?.as_blob().unwrap_or_default();
        let tile = Tile::from_bytes(level, n, bytes);
        let wrong = || LedgerError::corrupt(format!("tile {n} of level {level} is not 8192 bytes long"));
        tiles.push(tile.ok_or_else(wrong)?);
    }
    Ok(tiles)
}

fn checkpoint(connection: &Connection, org: &OrgId) -> Result<Option<KeptCheckpoint>, LedgerError> {
    let mut statement = connection.prepare_cached(CHECKPOINT).map_err(reading)?;
    let mut rows = statement.query([org.as_str()]).map_err(reading)?;
    let Some(row) = rows.next().map_err(reading)? else { return Ok(None) };
    let (size, root) = (unsigned(row, 0)?, Hash(hash(row, 1)?));
    Ok(Some(KeptCheckpoint { size, root, at: at(row, 2)?, note: get(row, 3)? }))
}

fn grow(connection: &Connection, org: &OrgId, growth: &Growth) -> Result<(), LedgerError> {
    standing(connection, org)?.unwrap_or_default().must_be_open()?;
    growth.fits(checkpoint(connection, org)?.as_ref(), last_position(connection, org)?)?;
    let mut kept = connection
        .prepare_cached("SELECT hashes FROM tiles WHERE org = ?1 AND level = ?2 AND n = ?3")
        .map_err(reading)?;
    let mut keep = connection.prepare_cached(KEEP_TILE).map_err(writing)?;
    for tile in &growth.tiles {
        let place = params![org.as_str(), tile.level, signed(tile.n)];
        let known: Option<Vec<u8>> = kept.query_row(place, |row| row.get(0)).optional().map_err(reading)?;
        match known {
            None => {
                let row = params![org.as_str(), tile.level, signed(tile.n), tile.bytes()];
                keep.execute(row).map_err(writing)?;
            }
            Some(known) if known == tile.bytes() => {}
            Some(_) => return Err(tile.taken()),
        }
    }
    let KeptCheckpoint { size, root, at, note } = &growth.checkpoint;
    let row = params![org.as_str(), signed(*size), root.0, at.as_microsecond(), note];
    let mut keep = connection.prepare_cached(KEEP_CHECKPOINT).map_err(writing)?;
    keep.execute(row).map(drop).map_err(writing)
}

#[async_trait]
impl Tree for SqliteLedger {
    async fn leaves(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Hash>, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| leaves(connection, &org, after, limit)).await
    }

    async fn chained(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Chained>, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| chained(connection, &org, after, limit)).await
    }

    async fn tiles(&self, org: &OrgId, level: u8, first: u64, count: u32) -> Result<Vec<Tile>, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| tiles(connection, &org, level, first, count)).await
    }

    async fn checkpoint(&self, org: &OrgId) -> Result<Option<KeptCheckpoint>, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| checkpoint(connection, &org)).await
    }

    async fn lead(&self, org: &OrgId) -> Result<Option<Box<dyn Lead>>, LedgerError> {
        let free = self.leaders.lock().unwrap_or_else(PoisonError::into_inner).insert(org.clone());
        Ok(free.then(|| {
            let (leaders, writer) = (Arc::clone(&self.leaders), self.writer.handle());
            Box::new(SqliteLead { org: org.clone(), leaders, writer }) as Box<dyn Lead>
        }))
    }
}

/// The role of the sequencer, free again when dropped. It does not keep the file open.
struct SqliteLead {
    org: OrgId,
    leaders: Leaders,
    writer: Handle,
}

#[async_trait]
impl Lead for SqliteLead {
    async fn grow(&mut self, growth: Growth) -> Result<(), LedgerError> {
        let org = self.org.clone();
        self.writer.change(move |connection| grow(connection, &org, &growth)).await
    }

    async fn step_down(self: Box<Self>) -> Result<(), LedgerError> {
        Ok(())
    }
}

impl Drop for SqliteLead {
    fn drop(&mut self) {
        self.leaders.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.org);
    }
}
