//! The hash pass over a ledger: records and tiles are read ahead while those before them are hashed.

use std::{collections::BTreeMap, sync::Arc};

use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Chained, Hash, KeptCheckpoint, Ledger, LedgerError, Stream, Tile,
    audit::{Finding, HashPass, Misfit},
    tree::{TILE_WIDTH, TreeReader},
};

use super::AuditError;
use crate::desk::Desk;

/// Records read at a time: whole tiles.
const CHUNK: u32 = 16 * 256;

/// Some records, and the tiles over them.
struct Chunk {
    records: Vec<Chained>,
    tiles: BTreeMap<u64, Vec<Hash>>,
}

impl Chunk {
    async fn read(ledger: Arc<dyn Ledger>, org: OrgId, after: u64) -> Result<Self, LedgerError> {
        let records = ledger.chained(&org, after, CHUNK).await?;
        let (first, count) = (after / TILE_WIDTH as u64, CHUNK / 256 + 1);
        let tiles = ledger.tiles(&org, 0, first, count).await?;
        Ok(Self { records, tiles: tiles.into_iter().map(|tile| (tile.n, tile.hashes)).collect() })
    }

    /// The leaf at a position as its tile has it.
    fn kept(&self, position: u64) -> Option<Hash> {
        let index = position.checked_sub(1)?;
        let place = usize::try_from(index % TILE_WIDTH as u64).ok()?;
        self.tiles.get(&(index / TILE_WIDTH as u64))?.get(place).copied()
    }
}

impl Desk {
    /// Takes the rest of the log through `pass`. The error is the first record that does not fit.
    pub(super) async fn hash_all(
        &self,
        pass: &mut HashPass,
        kept: Option<&KeptCheckpoint>,
    ) -> Result<(), AuditError> {
        let signed = kept.map_or(0, |kept| kept.size);
        pass.want_root(signed);
        let read =
            |after: u64| tokio::spawn(Chunk::read(Arc::clone(&self.0.ledger), self.0.org.clone(), after));
        // Before the first record is read: what other nodes append meanwhile may be there or not.
        let known = self.0.ledger.last_position(&self.0.org).await?;
        let mut missing = None;
        let mut next = read(pass.size());
        loop {
            let chunk = match next.await {
                Ok(chunk) => chunk,
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(_) => return Err(LedgerError::unavailable("the process is stopping", "cancelled").into()),
            };
            let chunk = chunk.map_err(|error| first_of(pass, error))?;
            let Some(last) = chunk.records.last() else { break };
            next = read(last.position);
            for record in &chunk.records {
                if pass.is_unknown(record) {
                    self.make_known(pass, record).await?;
                }
                let taken = pass.take(record, chunk.kept(record.position));
                if let Err(finding) = taken {
                    // An earlier record that is not the one in its tile comes first, if it is not the tile.
                    let earlier = pass.suspect().cloned();
                    return Err(earlier.unwrap_or(finding).into());
                }
            }
            missing = missing.or_else(|| absent(pass, &chunk, signed));
            self.compare_tiles(pass, signed, &mut missing).await?;
        }
        if known > pass.size() {
            return Err(Finding::at(pass.size() + 1, Misfit::Missing).into());
        }
        // The records are as they were signed: then it is the tree that was changed.
        if kept.is_some_and(|kept| pass.root(signed) == Some(kept.root)) {
            if let Some(suspect) = pass.suspect() {
                let n = (suspect.position - 1) / TILE_WIDTH as u64;
                return Err(Finding::at(0, Misfit::Tile { level: 0, n }).into());
            }
            if let Some(finding) = missing {
                return Err(finding.into());
            }
        }
        Ok(())
    }

    /// Compares the tiles above the leaves that have just got full.
    async fn compare_tiles(
        &self,
        pass: &mut HashPass,
        signed: u64,
        missing: &mut Option<Finding>,
    ) -> Result<(), LedgerError> {
        for Tile { level, n, hashes } in pass.take_full() {
            let leaves = (n + 1).saturating_mul(1 << (8 * (u32::from(level) + 1)).min(63));
            if leaves > signed || missing.is_some() {
                continue;
            }
            let kept = self.0.ledger.tiles(&self.0.org, level, n, 1).await?;
            if kept.first().is_none_or(|kept| kept.hashes != hashes) {
                *missing = Some(Finding::at(0, Misfit::Tile { level, n }));
            }
        }
        Ok(())
    }

    /// The hash before a record whose stream began before the pass.
    async fn make_known(&self, pass: &mut HashPass, record: &Chained) -> Result<(), LedgerError> {
        let before = self.0.ledger.records_of(&self.0.org, record.stream).await?;
        if let Some(before) = before.iter().find(|before| before.seq.saturating_add(1) == record.seq) {
            pass.continues(record.stream, before.seq, before.hash);
        }
        Ok(())
    }

    /// A pass over the last `records` records, or all if there are not more.
    pub(super) async fn pass_over_last(
        &self,
        records: u64,
        last: u64,
        kept: Option<&KeptCheckpoint>,
    ) -> Result<HashPass, AuditError> {
        let org = &self.0.org;
        let signed = kept.map_or(0, |kept| kept.size);
        // Tiles are whole from here on, and the root that was signed lies ahead.
        let first = last.saturating_sub(records).min(signed);
        let first = first - first % TILE_WIDTH as u64;
        if last <= records || first == 0 {
            return Ok(HashPass::new(org));
        }
        let mut reader: TreeReader<'_, dyn Ledger> = TreeReader::new(self.0.ledger.as_ref(), org, first);
        Ok(HashPass::after(org, reader.frontier().await?))
    }

    /// Names the record at a position, as far as it is there.
    pub(super) async fn named(&self, position: u64, misfit: Misfit) -> Finding {
        let Some(before) = position.checked_sub(1) else { return Finding::at(0, misfit) };
        match self.0.ledger.chained(&self.0.org, before, 1).await.as_deref() {
            Ok([record]) if record.position == position => Finding::of(record, misfit),
            _ => Finding::at(position, misfit),
        }
    }
}

/// A tile of the leaves that has to be kept and is not.
fn absent(pass: &HashPass, chunk: &Chunk, signed: u64) -> Option<Finding> {
    let first = chunk.records.first()?.position - 1;
    let end = pass.size().min(signed) / TILE_WIDTH as u64;
    let n = (first / TILE_WIDTH as u64..end).find(|n| !chunk.tiles.contains_key(n))?;
    Some(Finding::at(0, Misfit::Tile { level: 0, n }))
}

/// A record that cannot be read at all.
fn first_of(pass: &HashPass, error: LedgerError) -> AuditError {
    match (error, pass.suspect()) {
        (LedgerError::Corrupt { .. }, Some(suspect)) => suspect.clone().into(),
        (error, _) => error.into(),
    }
}

/// The tickets among streams.
pub(super) fn tickets(streams: &[Stream]) -> impl Iterator<Item = yinuo_core::id::TicketId> + '_ {
    streams.iter().filter_map(|stream| stream.ticket())
}
