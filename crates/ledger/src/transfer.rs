//! One export stream of an organisation, which serves moves, backups and restores.
//!
//! ```text
//! Transfer::export ──pieces──▶ Transfer::import            a move to another database
//!                   └─pieces──▶ archive ──pieces──▶ import   a backup and its restore
//! ```
//! What travels are rows as they are kept, words sealed and keys wrapped, so neither a move nor a backup opens what
//! customers wrote. View rows do not travel: they are made anew from the log. Sessions do not travel: everybody signs in
//! again.
//!
//! **Invariants**
//! - An export is one snapshot: whatever is appended meanwhile is not in it.
//! - An organisation is *open*, *arriving* or *left*. One that is not open takes no append and is not served, so that
//!   half an import is never in service and a log that moved away cannot grow in two places.
//! - Importing the same piece twice is the same as once: what was cut off is begun again.
//!
//! **Start reading** at [`Transfer`], then [`Piece`], then [`finish_import`].

mod cell;
mod coding;
mod finish;
mod piece;

use std::fmt;

use async_trait::async_trait;
pub use cell::{Cell, CellKind, Column, Field};
pub use finish::{Arrived, carry, finish_import, new_records, other_log};
pub use piece::{
    CheckpointRow, ContactRow, ContentRow, CustodyRow, HeadRow, IdempotencyRow, JobRow, MentionRow,
    NoticeRow, NumberRow, PasswordRow, PersonRow, Piece, RecordRow, SecretRow, Table, TileRow,
};
use yinuo_commitment::Language;
use yinuo_core::id::OrgId;

use crate::{Hash, LedgerError};

/// Most rows in a piece.
pub const PIECE_ROWS: u16 = 256;

/// Whether an organisation is in service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// In service. An organisation that nobody has heard of is open, too: it begins with its first record.
    #[default]
    Open,
    /// A move or a restore into this database has begun and has not ended.
    Arriving,
    /// It was moved to another database.
    Left,
}

impl Standing {
    /// All of them.
    pub const ALL: &'static [Standing] = &[Standing::Open, Standing::Arriving, Standing::Left];

    /// Its word, as databases keep it.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Arriving => "arriving",
            Standing::Left => "left",
        }
    }

    /// From its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Standing::ALL.iter().copied().find(|standing| standing.word() == word)
    }

    /// Refuses unless it is open.
    pub const fn must_be_open(self) -> Result<(), LedgerError> {
        if let Standing::Open = self { Ok(()) } else { Err(LedgerError::NotOpen { standing: self }) }
    }

    /// Why it is not served, and what to do.
    pub const fn tell(self, language: Language) -> &'static str {
        match (self, language) {
            (Standing::Open, Language::Zh) => "该组织的数据在此使用中。",
            (Standing::Open, Language::En) => "The organisation is in service here.",
            (Standing::Arriving, Language::Zh) => {
                "该组织的数据正在迁入或恢复，尚未完成。请再次运行同一条 `yinuo move` 或 `yinuo restore` 命令以继续，或加上 --discard 放弃已到达的部分。"
            }
            (Standing::Arriving, Language::En) => {
                "The organisation is still arriving: a move or a restore has not ended. Run the same `yinuo move` or `yinuo restore` again to go on, or with --discard to remove what has arrived."
            }
            (Standing::Left, Language::Zh) => {
                "该组织已迁往另一个数据库，此处的数据不再使用。请让服务指向新的数据库；若迁移尚未完成，请再次运行同一条 `yinuo move` 命令以继续，或加上 --discard 放弃迁移。"
            }
            (Standing::Left, Language::En) => {
                "The organisation was moved to another database; this copy is out of service. Point the server to the new database. If the move has not ended, run the same `yinuo move` again to go on, or with --discard to call it off."
            }
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a snapshot holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// The records after this position.
    pub since: u64,
    /// The root over the records up to there: whether it is still the same log.
    pub root: Hash,
    /// The last position of the log.
    pub last_position: u64,
    /// The latest signed checkpoint.
    pub checkpoint: Option<CheckpointRow>,
}

/// The pieces of one snapshot, one after the other.
#[async_trait]
pub trait Export: Send {
    /// What the snapshot holds.
    fn extent(&self) -> &Extent;

    /// The next piece; none after the last one. Pieces come in this order: [`Piece::Heads`] (of an increment), then
    /// contents and records in turns, then the other tables in the order of [`Table::ALL`]; none is empty.
    async fn next(&mut self) -> Result<Option<Piece>, LedgerError>;
}

/// Taking an organisation out of a database and into one.
#[async_trait]
pub trait Transfer: Send + Sync {
    /// Whether the organisation is in service here.
    async fn standing(&self, org: &OrgId) -> Result<Standing, LedgerError>;

    /// One snapshot: records and contents after `since`, everything else whole. The snapshot is held until the export is
    /// dropped; appends go on meanwhile.
    async fn export(&self, org: &OrgId, since: u64) -> Result<Box<dyn Export>, LedgerError>;

    /// Begins an import, or begins one again that was cut off, and says up to which position records have arrived.
    /// Everything but records and contents is removed and comes anew. [`LedgerError::NotOpen`] if the organisation has
    /// left, [`LedgerError::Occupied`] if it has records and is not arriving, [`LedgerError::InUse`] if another import or
    /// a server works on it.
    ///
    /// What follows is for whoever began last: [`LedgerError::InUse`] where the import was lost to somebody else, or its
    /// session ended, so that nobody puts in service what another one has begun to clear.
    async fn begin_import(&self, org: &OrgId) -> Result<u64, LedgerError>;

    /// Keeps a piece. Records follow one another without gaps; those that have arrived already are compared and have to
    /// be the same. Heads are compared with the records that have arrived. [`LedgerError::Corrupt`] if they differ,
    /// [`LedgerError::Unfit`] unless the organisation is arriving.
    async fn import(&self, org: &OrgId, piece: Piece) -> Result<(), LedgerError>;

    /// Removes what has arrived of persons who were erased since, then puts the organisation in service. Nothing is
    /// verified here: that is for [`finish_import`], which calls this last.
    async fn open_import(&self, org: &OrgId) -> Result<(), LedgerError>;

    /// Removes contents of persons who are erased by now: an older archive may have brought them back.
    async fn drop_erased(&self, org: &OrgId) -> Result<u64, LedgerError>;

    /// Removes everything of an arriving organisation. [`LedgerError::NotOpen`] if it is not arriving.
    async fn discard_import(&self, org: &OrgId) -> Result<(), LedgerError>;

    /// Takes the organisation out of service, if its log still ends at `last_position`; says whether it did.
    /// True also if it has left already.
    async fn leave(&self, org: &OrgId, last_position: u64) -> Result<bool, LedgerError>;

    /// Puts an organisation that has left into service again.
    async fn come_back(&self, org: &OrgId) -> Result<(), LedgerError>;
}
