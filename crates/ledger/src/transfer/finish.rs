//! The steps that every import shares: copying, then making lists anew and verifying before anything is served.

use yinuo_core::id::OrgId;

use super::{Export, Piece, RecordRow, Transfer};
use crate::{
    Hash, KeptCheckpoint, Ledger, LedgerError, Refold, Verified,
    checkpoint::{Checkpoint, KeyKind, LogKey, Note, NoteError},
    tree::{Frontier, Tile, record_leaf},
    vault::{Holder, LOG_KEY},
};

/// Leaves that are read at a time.
const LEAVES: u32 = 4096;

/// What has arrived and was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// What the chains came to.
    pub verified: Verified,
    /// Tickets whose lists were made anew.
    pub tickets: u64,
    /// The root over all records.
    pub root: Hash,
    /// Size of the signed checkpoint; 0 if there is none.
    pub checkpoint_size: u64,
}

/// Copies what an export still has. `told` hears of each piece before it is kept.
pub async fn carry(
    export: &mut dyn Export,
    into: &(impl Transfer + ?Sized),
    org: &OrgId,
    told: &mut (dyn FnMut(&Piece) + Send),
) -> Result<(), LedgerError> {
    while let Some(piece) = export.next().await? {
        told(&piece);
        into.import(org, piece).await?;
    }
    Ok(())
}

/// Makes the lists of an arriving organisation anew and verifies all of it: every chain, body and content, every tile,
/// the root of the checkpoint and its signature. It may be put in service after it: [`Transfer::open_import`].
///
/// `last_position` is where its log has to end.
pub async fn finish_import(
    ledger: &dyn Ledger,
    org: &OrgId,
    refold: Refold,
    last_position: u64,
) -> Result<Arrived, LedgerError> {
    let there = ledger.last_position(org).await?;
    if there != last_position {
        return Err(LedgerError::corrupt(format!("{there} of {last_position} records have arrived")));
    }
    ledger.drop_erased(org).await?;
    let verified = ledger.verify(org).await?;
    let tickets = ledger.rebuild(org, refold).await?;
    let checkpoint = ledger.checkpoint(org).await?;
    let checkpoint_size = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
    if checkpoint_size > last_position {
        return Err(LedgerError::corrupt(format!(
            "the signed checkpoint covers {checkpoint_size} records, {last_position} have arrived"
        )));
    }
    if let Some(kept) = &checkpoint {
        must_be_signed(ledger, org, kept).await?;
    }
    let mut edge = Frontier::new();
    let mut root = edge.root();
    while edge.size() < last_position {
        let leaves = ledger.leaves(org, edge.size(), LEAVES).await?;
        if leaves.is_empty() {
            return Err(LedgerError::corrupt("records are missing at the end"));
        }
        for leaf in leaves {
            let mut full = Vec::new();
            edge.push(record_leaf(leaf), |tile| full.push(tile));
            if edge.size() <= checkpoint_size {
                same_tiles(ledger, org, &full).await?;
            }
            if edge.size() == checkpoint_size {
                root = edge.root();
            }
        }
    }
    if checkpoint.is_some_and(|checkpoint| checkpoint.root != root) {
        return Err(LedgerError::corrupt(
            "the records that have arrived do not have the root of the signed checkpoint",
        ));
    }
    Ok(Arrived { verified, tickets, root: edge.root(), checkpoint_size })
}

/// The checkpoint says what stands beside it, and is signed with the key of the log that came with it: whoever can write
/// rows into an export, but does not have the master keys, makes no log of their own.
async fn must_be_signed(ledger: &dyn Ledger, org: &OrgId, kept: &KeptCheckpoint) -> Result<(), LedgerError> {
    let missing = || LedgerError::corrupt("the key with which its checkpoint was signed has not arrived");
    let wrapped = ledger.secret(org, LOG_KEY).await?.ok_or_else(missing)?;
    let seed = ledger.vault().unwrap(org, &Holder::Secret(LOG_KEY.into()), &wrapped)?;
    let seed: &[u8; 32] = seed
        .as_slice()
        .try_into()
        .map_err(|_| LedgerError::corrupt("the key of the log is not 32 bytes long"))?;
    let unsigned =
        |error: NoteError| LedgerError::corrupt(format!("its checkpoint is not signed by its log: {error}"));
    let origin =
        Checkpoint::parse(Note::parse(&kept.note).map_err(unsigned)?.text()).map_err(unsigned)?.origin;
    let key = LogKey::new(&origin, KeyKind::Log, seed)
        .map_err(|error| LedgerError::corrupt(format!("the origin of its checkpoint is none: {error}")))?;
    let told = Checkpoint::verified(&kept.note, key.verifier()).map_err(unsigned)?;
    if (told.size, told.root) == (kept.size, kept.root) {
        Ok(())
    } else {
        Err(LedgerError::corrupt("size and root beside the signed checkpoint are not its own"))
    }
}

async fn same_tiles(ledger: &dyn Ledger, org: &OrgId, full: &[Tile]) -> Result<(), LedgerError> {
    for tile in full {
        let kept = ledger.tiles(org, tile.level, tile.n, 1).await?;
        if kept.first() != Some(tile) {
            let (level, n) = (tile.level, tile.n);
            return Err(LedgerError::corrupt(format!("tile {n} of level {level} does not fit the records")));
        }
    }
    Ok(())
}

/// The records of a piece that have not arrived yet. Those that have are compared by their hash; the rest has to go on
/// right after `last`. Every store asks this before it keeps records.
pub fn new_records(
    rows: Vec<RecordRow>,
    last: u64,
    mut hash_at: impl FnMut(u64) -> Result<Option<Vec<u8>>, LedgerError>,
) -> Result<Vec<RecordRow>, LedgerError> {
    let mut new = Vec::with_capacity(rows.len());
    let mut next = last + 1;
    for row in rows {
        if row.position < next && new.is_empty() {
            if hash_at(row.position)?.as_deref() != Some(&row.hash[..]) {
                return Err(other_log().at(row.position));
            }
        } else if row.position == next {
            next += 1;
            new.push(row);
        } else {
            let what = format!("record {} cannot follow record {}", row.position, next - 1);
            return Err(LedgerError::Corrupt { position: row.position, what });
        }
    }
    Ok(new)
}

/// What arrives belongs to another log than what has arrived.
pub fn other_log() -> LedgerError {
    LedgerError::corrupt(
        "what arrives belongs to another log than what has arrived: discard that first, with --discard",
    )
}
