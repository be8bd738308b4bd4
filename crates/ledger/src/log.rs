//! The append-only log.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use tokio::sync::watch;
use yinuo_core::{
    id::{OrgId, TicketId},
    organisation::OrganisationEntry,
    ticket::Entry,
};

use crate::{Append, Appended, Custody, Hash, LedgerError, SealedContent, Stream};

/// A stream read from the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<E> {
    /// Its entries in order; never empty.
    pub entries: Vec<E>,
    /// Hash of the last one: the `previous` of the next [`crate::record::seal_ticket`].
    pub head: Hash,
    /// Number of entries: the `version` of the next seal.
    pub version: u32,
    /// Whose its words are: the key of the next seal. None for the organisation's own stream.
    pub custody: Option<Custody>,
}

impl<E> Loaded<E> {
    /// Whose the words of this ticket are.
    pub fn custody(&self) -> Result<&Custody, LedgerError> {
        self.custody
            .as_ref()
            .ok_or(LedgerError::Unfit { what: "only the stream of a ticket belongs to somebody" })
    }
}

/// A record as it is kept, for replay, export and proofs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Position in the organisation's log, from 1.
    pub position: u64,
    /// Its stream.
    pub stream: Stream,
    /// Its place in the stream, from 1.
    pub seq: u32,
    /// Its hash.
    pub hash: Hash,
    /// The chained body, exactly as hashed. [`crate::record::open_ticket`] reads it.
    pub body: String,
    /// The contents that are still there, sealed. [`Custody::open`] opens them.
    pub contents: Vec<SealedContent>,
}

/// What is known of a record without reading it: for those who follow the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Position in the organisation's log, from 1.
    pub position: u64,
    /// Its stream.
    pub stream: Stream,
    /// Its place in the stream, from 1.
    pub seq: u32,
    /// When its entry happened.
    pub at: Timestamp,
}

/// What a verification went through without finding damage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Streams whose chain fits.
    pub streams: u64,
    /// Records whose hash fits and whose body can be read.
    pub records: u64,
    /// Contents that open and whose digest fits.
    pub contents: u64,
    /// Contents of persons who were erased.
    pub erased: u64,
}

/// The append-only log with everything that commits together with a record.
#[async_trait]
pub trait Log: Send + Sync {
    /// Appends, or refuses without keeping anything. When this returns `Ok`, a durable store has synced it to disk.
    ///
    /// The idempotency key is looked at first ([`LedgerError::Duplicate`]), then the version ([`LedgerError::Conflict`]),
    /// then the number ([`LedgerError::NumberTaken`]), then the person ([`LedgerError::PersonChanged`]): words are never
    /// kept for a person who was erased meanwhile.
    async fn append(&self, append: Append) -> Result<Appended, LedgerError>;

    /// Appends many in one transaction, each judged by itself: one that conflicts does not stop the others.
    /// The answers are in the order of the appends. Two appends to one stream may follow one another.
    async fn append_many(&self, appends: Vec<Append>) -> Vec<Result<Appended, LedgerError>>;

    /// The life of a ticket; none if the organisation has no such ticket.
    async fn load_ticket(&self, org: &OrgId, ticket: TicketId) -> Result<Option<Loaded<Entry>>, LedgerError>;

    /// Many tickets at once; those that do not exist are left out.
    async fn load_tickets(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, Loaded<Entry>>, LedgerError>;

    /// The history of the organisation; none before its first entry.
    async fn load_organisation(&self, org: &OrgId) -> Result<Option<Loaded<OrganisationEntry>>, LedgerError>;

    /// The records of one stream in order, as they are kept; empty if there is no such stream.
    async fn records_of(&self, org: &OrgId, stream: Stream) -> Result<Vec<Stored>, LedgerError>;

    /// Records of all streams of the organisation after `after`, in order of position, at most `limit`.
    /// Repeated calls with the last position see every record exactly once, those added meanwhile included.
    async fn read_all(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Stored>, LedgerError>;

    /// The heads of what [`Log::read_all`] gives. Contents are neither read nor opened.
    async fn read_heads(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Head>, LedgerError>;

    /// The last position of the organisation's log; 0 before its first record.
    async fn last_position(&self, org: &OrgId) -> Result<u64, LedgerError>;

    /// Organisations that have records, in order.
    async fn organisations(&self) -> Result<Vec<OrgId>, LedgerError>;

    /// Goes through every chain, body and content of the organisation. The error names the first that does not fit.
    async fn verify(&self, org: &OrgId) -> Result<Verified, LedgerError>;

    /// What the idempotency key was used for: stream, entry and request digest.
    async fn find_idempotency(
        &self,
        org: &OrgId,
        key: &str,
    ) -> Result<Option<(Stream, u32, [u8; 32])>, LedgerError>;

    /// The next ticket number of the organisation on a local day, from 1. Never given twice; a number that no append
    /// uses is a gap, until the store starts anew and gives numbers after the last one in use.
    async fn next_number(&self, org: &OrgId, day: Date) -> Result<u32, LedgerError>;

    /// Changes whenever somebody has appended to any organisation, this process or another one. What it holds means
    /// nothing, and one change may stand for many appends; what was appended is to be read with [`Log::read_all`].
    fn appended(&self) -> watch::Receiver<u64>;

    /// What time it is for the database; none if that is the clock of this machine.
    async fn database_now(&self) -> Result<Option<Timestamp>, LedgerError> {
        Ok(None)
    }
}
