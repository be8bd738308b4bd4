//! Verifying what archives hold against chain and tree, one archive after the other.

use std::collections::HashMap;

use yinuo_core::id::TicketId;

use super::{ArchiveError, Edge, Header, Part};
use crate::{
    Hash, LedgerError, Stream, chain,
    transfer::{CheckpointRow, HeadRow, Piece, RecordRow},
    tree::{Frontier, record_leaf},
};

/// What was verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Records whose hash follows from the one before.
    pub records: u64,
    /// Contents beside them.
    pub contents: u64,
    /// Rows of other tables.
    pub rows: u64,
}

/// Verifies a full archive and the increments after it, or an increment by itself. Give it each archive's header, then
/// its parts in order.
#[derive(Debug, Default)]
pub struct Check {
    before: Option<Header>,
    now: Option<Header>,
    edge: Frontier,
    /// Last entry and hash of each stream seen so far: about a hundred bytes a ticket.
    heads: HashMap<Vec<u8>, (u32, Hash)>,
    checkpoint: Option<CheckpointRow>,
    checkpoint_root: Option<Hash>,
    checked: Checked,
}

impl Check {
    /// Nothing verified yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at the header of the next archive alone: does it follow the one before?
    pub fn follows(&mut self, header: &Header) -> Result<(), ArchiveError> {
        if let Some(before) = &self.before {
            follows(before, header)?;
        }
        self.before = Some(header.clone());
        Ok(())
    }

    /// The next archive begins. It has to follow the one before; the first one may be an increment.
    pub fn begin(&mut self, header: &Header) -> Result<(), ArchiveError> {
        if let Some(before) = &self.before {
            follows(before, header)?;
        }
        self.now = Some(header.clone());
        self.checkpoint = None;
        self.checkpoint_root = None;
        Ok(())
    }

    /// Verifies the next part of the archive.
    pub fn part(&mut self, part: &Part) -> Result<(), ArchiveError> {
        match part {
            Part::Begin(Edge(edge)) => self.begin_edge(edge),
            Part::Piece(piece) => self.piece(piece),
            Part::End(Edge(edge)) => self.end(edge),
        }
    }

    /// What was verified, once the last archive has ended.
    pub fn finish(self) -> Result<Checked, ArchiveError> {
        if self.now.is_some() || self.before.is_none() {
            return Err(LedgerError::corrupt("the archive did not end").into());
        }
        Ok(self.checked)
    }

    fn now(&self) -> Result<&Header, LedgerError> {
        self.now.as_ref().ok_or_else(|| LedgerError::corrupt("a part before its header"))
    }

    fn begin_edge(&mut self, edge: &Frontier) -> Result<(), ArchiveError> {
        let since = self.now()?.since;
        if edge.size() != since {
            return Err(LedgerError::corrupt("the tree begins at another record than the archive").into());
        }
        if self.before.is_none() {
            self.edge = edge.clone();
        } else if self.edge != *edge {
            return Err(follow(
                "它的起点与上一份备份的终点不一致：日志在两份备份之间曾被替换".into(),
                "It begins with another log than the archive before it ends with: the log was exchanged between the two".into(),
            ));
        }
        self.note_root()
    }

    fn piece(&mut self, piece: &Piece) -> Result<(), ArchiveError> {
        match piece {
            Piece::Heads(rows) => {
                for row in rows {
                    self.head(row)?;
                }
            }
            Piece::Records(rows) => {
                for row in rows {
                    self.record(row)?;
                }
            }
            Piece::Contents(rows) => self.checked.contents += rows.len() as u64,
            Piece::Checkpoints(rows) => {
                self.checkpoint = rows.last().cloned();
                self.checked.rows += rows.len() as u64;
            }
            other => self.checked.rows += other.len() as u64,
        }
        Ok(())
    }

    /// How far a stream had got before the increment. Believed if the archives before are not at hand.
    fn head(&mut self, row: &HeadRow) -> Result<(), ArchiveError> {
        let told = (row.seq, Hash(row.hash));
        match self.heads.get(&row.stream) {
            Some(known) if *known != told => {
                Err(LedgerError::corrupt("a stream goes on from another record than it ended with").into())
            }
            None if self.before.is_some() => {
                Err(LedgerError::corrupt("a stream goes on that no archive before has begun").into())
            }
            _ => {
                self.heads.insert(row.stream.clone(), told);
                Ok(())
            }
        }
    }

    fn record(&mut self, row: &RecordRow) -> Result<(), ArchiveError> {
        let corrupt = |what: &str| LedgerError::Corrupt { position: row.position, what: what.into() };
        if row.position != self.edge.size() + 1 {
            return Err(corrupt("a record is missing before it").into());
        }
        let (seq, previous) = match self.heads.get(&row.stream) {
            Some((seq, head)) => (seq.saturating_add(1), *head),
            None => (
                1,
                chain::genesis(
                    &self.now()?.org,
                    stream(&row.stream).ok_or_else(|| corrupt("it is of no stream"))?,
                ),
            ),
        };
        if row.seq != seq {
            return Err(corrupt("it is not the next of its stream").into());
        }
        let hash = chain::verify_link(previous, row.position, &row.body, Hash(row.hash))?;
        self.heads.insert(row.stream.clone(), (seq, hash));
        self.edge.push(record_leaf(hash), |_| {});
        self.checked.records += 1;
        self.note_root()
    }

    /// Remembers the root where the header says that the checkpoint lies.
    fn note_root(&mut self) -> Result<(), ArchiveError> {
        if self.now()?.checkpoint.is_some_and(|(size, _)| size == self.edge.size()) {
            self.checkpoint_root = Some(self.edge.root());
        }
        Ok(())
    }

    fn end(&mut self, edge: &Frontier) -> Result<(), ArchiveError> {
        let Some(header) = self.now.take() else {
            return Err(LedgerError::corrupt("a part before its header").into());
        };
        if self.edge != *edge || edge.size() != header.last_position {
            return Err(LedgerError::corrupt("its records do not make the tree that it says").into());
        }
        let row = self.checkpoint.take().map(|row| (row.size, Hash(row.root)));
        let unfit = |what: &str| LedgerError::corrupt(what).into();
        match (header.checkpoint, row) {
            (None, None) => {}
            (Some(told), Some(row)) if told == row => {
                // A checkpoint older than the archive's beginning was verified with the parent.
                let known = self.checkpoint_root.is_none_or(|root| root == told.1);
                if !known || (self.checkpoint_root.is_none() && told.0 > header.since) {
                    return Err(unfit("its records do not have the root of its checkpoint"));
                }
            }
            _ => return Err(unfit("its checkpoint is another one than its header says")),
        }
        self.before = Some(header);
        Ok(())
    }
}

fn stream(bytes: &[u8]) -> Option<Stream> {
    if bytes.is_empty() {
        return Some(Stream::Organisation);
    }
    uuid::Uuid::from_slice(bytes).ok().map(|uuid| Stream::Ticket(TicketId::from_uuid(uuid)))
}

fn follow(zh: String, what: String) -> ArchiveError {
    ArchiveError::Follows { zh, what }
}

/// Whether `next` is the increment after `before`.
fn follows(before: &Header, next: &Header) -> Result<(), ArchiveError> {
    if before.org != next.org {
        return Err(follow(
            format!("它属于组织 {}，而上一份备份属于 {}", next.org, before.org),
            format!("It belongs to the organisation {}, the archive before it to {}", next.org, before.org),
        ));
    }
    match next.parent {
        Some(parent) if parent == before.id => Ok(()),
        None => Err(follow(
            "它是一份完整备份，只能放在最前面".into(),
            "It is a full archive, which can only come first".into(),
        )),
        Some(parent) => Err(follow(
            format!("缺少备份或顺序有误：它接在备份 {parent} 之后，而前面给出的是 {}", before.id),
            format!(
                "An archive is missing, or the order is wrong: it follows the archive {parent}, and the one given before it is {}",
                before.id
            ),
        )),
    }
}
