//! The search index: which tickets have which words, without keeping a word.
//!
//! ```text
//! records ──tail──▶ texts of a ticket, masked ──keyed tokens──▶ Document ──put_documents──▶ index
//! query ──the same tokens──▶ Wanted ──search──▶ tickets, newest first, and how many there are of each sort
//! ```
//! The index is a cache of the log, filled behind it by one indexer at a time: it says up to which position it has come,
//! and can be dropped and made anew whenever its key or its form changes. It never travels with an export.
//!
//! **What a store is given** are tokens: digests under a key that it does not have. What they stand for, and how texts are
//! cut into them, is not its business; it has to find phrases (tokens in a row inside of one page) and nothing else.
//!
//! **Start reading** at [`Search`], then [`Document`] and [`Wanted`].

mod document;
mod found;
mod gathered;

use async_trait::async_trait;
pub use document::{Audience, Document, Traits, pages_digest};
pub use found::{Admits, Found, FoundTicket, SearchCursor, SearchCursorError, Tally, Wanted};
pub use gathered::{Gathered, Tallied};
use jiff::{SignedDuration, Timestamp};
use yinuo_core::id::{OrgId, TicketId};

use crate::{Hash, LedgerError};

/// How far an index has come, and what its tokens were made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexed {
    /// Every record up to this position is in it.
    pub position: u64,
    /// Hash of that record; all zero at position 0. If the log has another one there, the index is of another log.
    pub anchor: Hash,
    /// The form of texts and tokens. An index of another form is made anew.
    pub form: u32,
    /// Goes into the key of the tokens: a new one makes every old token worthless.
    pub salt: [u8; 16],
}

/// What changes in the index at once.
#[derive(Debug, Clone)]
pub struct IndexStep {
    /// How far the index has come before it.
    pub from: u64,
    /// How far it has come after it.
    pub to: Indexed,
    /// Tickets as they are now; each takes the place of what was there of it.
    pub documents: Vec<Document>,
    /// Tickets of which nothing may be found any more.
    pub gone: Vec<TicketId>,
}

impl IndexStep {
    /// Refuses a step that no store can take: a mistake of the program.
    pub fn fits(&self) -> Result<(), LedgerError> {
        if self.to.position < self.from {
            return Err(LedgerError::Unfit { what: "a step of the search index goes back" });
        }
        let fits = |page: &String| page.split(' ').count() <= PAGE_TOKENS_MAX;
        let pages =
            |document: &Document| document.parts().into_iter().all(|(_, pages)| pages.iter().all(fits));
        if self.documents.iter().all(pages) {
            return Ok(());
        }
        Err(LedgerError::Unfit { what: "a page of the search index is too long" })
    }

    /// Bytes of all pages in it.
    pub fn bytes(&self) -> usize {
        let pages = self.documents.iter().flat_map(Document::parts).flat_map(|(_, pages)| pages);
        pages.fold(0, |sum, page| sum.saturating_add(page.len()))
    }
}

/// Tokens of one page at most.
pub const PAGE_TOKENS_MAX: usize = 64_000;

/// Who indexes: unpredictable, new at each start of a process.
pub type IndexHolder = [u8; 16];

/// The search index.
#[async_trait]
pub trait Search: Send + Sync {
    /// How far the index has come; none before it was begun.
    async fn indexed(&self, org: &OrgId) -> Result<Option<Indexed>, LedgerError>;

    /// Claims the role of the indexer until `now + lease`, or goes on holding it. False if somebody else has it. The claim
    /// saves work and no more: every change names the position that it expects.
    async fn claim_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<bool, LedgerError>;

    /// Gives the role back before its lease is over.
    async fn release_index(&self, org: &OrgId, holder: IndexHolder) -> Result<(), LedgerError>;

    /// Empties the index and begins it anew at position 0. False, and nothing changed, if `holder` does not have the role.
    async fn begin_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        fresh: Indexed,
    ) -> Result<bool, LedgerError>;

    /// Takes a step, as a whole or not at all. False, and nothing changed, if `holder` does not have the role or the index
    /// is not where the step begins.
    async fn put_documents(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        step: IndexStep,
    ) -> Result<bool, LedgerError>;

    /// Takes what was removed out of the files of the index, a bounded part at a time; says whether more is left.
    async fn sweep_index(&self, org: &OrgId) -> Result<bool, LedgerError>;

    /// Finds tickets. `admits` says which traits the one who asks may see and wants to see; only such tickets are among the
    /// hits.
    async fn search(&self, org: &OrgId, wanted: &Wanted, admits: Admits) -> Result<Found, LedgerError>;
}
