//! The log as everybody may see it: checkpoint, tiles, proofs, key. Hashes only, never contents.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio::sync::{Mutex, watch};
use yinuo_commitment::Language;
use yinuo_ledger::{
    KeptCheckpoint, Ledger, LedgerError,
    checkpoint::{KeyKind, LogKey, VerifierKey, hash_text},
    persons,
    tree::{Frontier, TilePath, TreeReader, bytes_of, record_leaf},
    vault::LOG_KEY,
};

use crate::{desk::Desk, error::DeskError, witness::Witnesses};

/// What the organisation's log is signed with, and who else is asked to sign.
pub struct LogOptions {
    /// The key. Its name is the origin of the log.
    pub key: LogKey,
    /// Witnesses, and the line to them.
    pub witnesses: Witnesses,
}

/// What this process knows of the log beside what is kept.
#[derive(Default)]
pub(crate) struct PublicLog {
    pub(crate) options: OnceLock<Arc<LogOptions>>,
    /// Leaves that the newest checkpoint known here covers.
    pub(crate) signed: watch::Sender<u64>,
    /// The right edge of a tree that was signed; spares reading it anew for each answer.
    pub(crate) edge: Mutex<Frontier>,
    /// The newest checkpoint that witnesses have signed, too.
    pub(crate) cosigned: RwLock<Option<String>>,
}

/// Leaves read at a time.
pub(crate) const LEAVES: u32 = 4_096;

/// The proof that a newer tree begins with an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Leaves of the older tree.
    pub from: u64,
    /// Leaves of the newer one.
    pub to: u64,
    /// The hashes in base64, in the order of RFC 6962.
    pub proof: Vec<String>,
}

impl Desk {
    /// Says what the log is signed with. Before, nothing can be signed and there are no receipts; only the first call
    /// counts.
    pub fn begin_log(&self, options: LogOptions) {
        let _ = self.0.log.options.set(Arc::new(options));
    }

    /// Begins the log under this origin with the key that is kept as a secret beside the ledger. If there is none, one is
    /// made, or nothing happens.
    pub async fn open_log(&self, origin: &str, witnesses: Witnesses, make: bool) -> Result<(), DeskError> {
        let (org, ledger) = (&self.0.org, self.0.ledger.as_ref());
        if !make && ledger.secret(org, LOG_KEY).await?.is_none() {
            return Ok(());
        }
        let seed = persons::secret_or_new(ledger, org, LOG_KEY, 32).await?;
        let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| {
            LedgerError::corrupt("the key of the log is not 32 bytes long: restore the last backup")
        })?;
        let key = LogKey::new(origin, KeyKind::Log, seed).map_err(|error| {
            let why = error.text();
            DeskError::invalid("origin", why.get(Language::Zh), why.get(Language::En))
        })?;
        self.begin_log(LogOptions { key, witnesses });
        Ok(())
    }

    pub(crate) fn log_options(&self) -> Result<Arc<LogOptions>, DeskError> {
        self.0.log.options.get().cloned().ok_or(DeskError::NotFound { what: "log" })
    }

    /// The public key of the log.
    pub fn log_key(&self) -> Result<VerifierKey, DeskError> {
        Ok(self.log_options()?.key.verifier().clone())
    }

    /// The newest signed checkpoint; none before the first.
    pub async fn checkpoint(&self) -> Result<Option<KeptCheckpoint>, DeskError> {
        let kept = self.0.ledger.checkpoint(&self.0.org).await?;
        if let Some(kept) = &kept {
            self.note_signed(kept.size);
        }
        Ok(kept)
    }

    /// The newest checkpoint that witnesses have signed, too, as far as this process knows.
    pub fn cosigned_checkpoint(&self) -> Option<String> {
        self.0.log.cosigned.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note_signed(&self, size: u64) {
        self.0.log.signed.send_if_modified(|known| {
            let newer = size > *known;
            *known = size.max(*known);
            newer
        });
    }

    /// How many records there are, and how many of them the newest checkpoint covers.
    pub async fn log_sizes(&self) -> Result<(u64, u64), DeskError> {
        let signed = self.checkpoint().await?.map_or(0, |kept| kept.size);
        Ok((self.0.ledger.last_position(&self.0.org).await?, signed))
    }

    /// A tile of the signed tree, its hashes one after the other. None if the checkpoint does not cover it.
    pub async fn tile(&self, path: TilePath) -> Result<Option<Vec<u8>>, DeskError> {
        let Some(kept) = self.checkpoint().await? else { return Ok(None) };
        let edge = self.edge(kept.size).await?;
        let ledger = self.0.ledger.as_ref();
        let mut reader: TreeReader<'_, dyn Ledger> = TreeReader::at_edge(ledger, &self.0.org, &edge);
        let hashes = reader.tile(path.level, path.n).await?;
        Ok(hashes.get(..usize::from(path.width)).map(bytes_of))
    }

    /// The proof that the tree of `to` leaves begins with the one of `from` leaves; `to` is the newest one if not told.
    pub async fn consistency(&self, from: u64, to: Option<u64>) -> Result<ConsistencyProof, DeskError> {
        let size = self.checkpoint().await?.map_or(0, |kept| kept.size);
        let to = to.unwrap_or(size);
        if to > size {
            return Err(DeskError::invalid(
                "to",
                format!("日志已签名 {size} 条，`to` 不能更大。"),
                format!("The log is signed up to {size} records; `to` cannot be larger."),
            ));
        }
        if from > to {
            return Err(DeskError::invalid(
                "from",
                format!("`from` 不能大于 `to`（{to}）。"),
                format!("`from` cannot be larger than `to` ({to})."),
            ));
        }
        let ledger = self.0.ledger.as_ref();
        let mut reader: TreeReader<'_, dyn Ledger> = if to == size {
            TreeReader::at_edge(ledger, &self.0.org, &self.edge(size).await?)
        } else {
            TreeReader::new(ledger, &self.0.org, to)
        };
        let proof = reader.consistency(from).await?;
        Ok(ConsistencyProof { from, to, proof: proof.iter().map(hash_text).collect() })
    }

    /// The right edge of the signed tree of `size` leaves.
    pub(crate) async fn edge(&self, size: u64) -> Result<Frontier, LedgerError> {
        let (org, ledger) = (&self.0.org, self.0.ledger.as_ref());
        let mut edge = self.0.log.edge.lock().await;
        // From far behind, or back: the tiles tell it in a few reads.
        if edge.size() > size || size - edge.size() > u64::from(LEAVES) {
            let mut reader: TreeReader<'_, dyn Ledger> = TreeReader::new(ledger, org, size);
            let read = reader.frontier().await?;
            if edge.size() < size {
                edge.clone_from(&read);
            }
            return Ok(read);
        }
        while edge.size() < size {
            let wanted = u32::try_from(size - edge.size()).unwrap_or(LEAVES).min(LEAVES);
            let leaves = ledger.leaves(org, edge.size(), wanted).await?;
            if leaves.is_empty() {
                let what = format!("a checkpoint covers {size} records, {} are there", edge.size());
                return Err(LedgerError::corrupt(what));
            }
            for leaf in leaves {
                edge.push(record_leaf(leaf), drop);
            }
        }
        Ok(edge.clone())
    }
}
