//! What recording means: versioned records, a hash chain per stream, one Merkle tree over all of them with signed
//! checkpoints and receipts, the contracts of storage, a complete version in memory, and the conformance suite that every
//! store has to pass.
//!
//! ```text
//! entry ──record::seal──▶ Sealed (body, hash, sealed contents) ──Log::append──▶ position
//!   ▲                          │ key of the person                                │
//!   └──record::open◀── body + contents ◀──Custody::open◀── sealed ◀──Log::load────┘
//! ```
//!
//! **Not here:** any rule of the domain (that is `yinuo-core`), any database, any clock or random source: instants and
//! salts come from the caller.
//!
//! **Invariants**
//! - Nothing is updated or deleted in the log. Record `seq` of a stream is the version that the stream has after it.
//! - What people wrote lies outside the chained body, sealed under the key of the person whom the ticket belongs to; the
//!   body holds only salted digests. Erasing the person destroys the key, and the chain stays whole.
//! - One append is atomic: record, contents, view rows, alarm, outbox jobs, idempotency key and ticket number are kept
//!   together or not at all, and an acknowledged append survives a power cut (in stores that promise durability).
//! - Every key begins with the organisation. Instants are whole microseconds.
//! - View rows are a cache: [`Replay::rebuild`] makes them anew from the log, byte for byte.
//!
//! **Start reading** at [`Log`], then [`record`], then [`conformance`], which says in code what every method must do.

pub mod accounts;
pub mod alarms;
pub mod append;
pub mod archive;
pub mod audit;
pub mod chain;
pub mod checkpoint;
pub mod conformance;
pub mod error;
pub mod log;
pub mod memory;
pub mod notices;
pub mod outbox;
pub mod persons;
pub mod reading;
pub mod receipt;
pub mod record;
pub mod replay;
pub mod rows;
pub mod search;
pub mod stream;
pub mod transfer;
pub mod tree;
pub mod vault;
pub mod vectors;
pub mod views;

pub use accounts::{Accounts, Session};
pub use alarms::{Alarm, Alarms, Leases};
pub use append::{Append, Appended, DayNumber, Idempotency};
pub use chain::Hash;
pub use checkpoint::Checkpoint;
pub use error::LedgerError;
pub use log::{Head, Loaded, Log, Stored, Verified};
pub use memory::MemoryLedger;
pub use notices::{Notice, Notices};
pub use outbox::{Job, JobCounts, NewJob, Outbox};
pub use persons::{Enrolment, KeptPerson, Persons, Rewrapping, SealedViews, Wrapping};
pub use record::{Content, Sealed, Tail};
pub use replay::{Refold, Replay};
pub use search::{
    Admits, Audience, Document, Found, FoundTicket, IndexHolder, IndexStep, Indexed, Search, SearchCursor,
    Tally, Traits, Wanted,
};
pub use stream::Stream;
pub use transfer::{Export, Piece, Standing, Transfer};
pub use tree::{Chained, Growth, KeptCheckpoint, Lead, Tile, Tree};
pub use vault::{Custody, Entropy, SealedContent, Vault};
pub use vectors::{KeptVector, Vectors};
pub use views::{ClockCursor, ClockFilter, ClockPage, Counts, Cursor, Page, TicketFilter, TicketPage, Views};

/// Everything that a store does, as one object: `Arc<dyn Ledger>`.
pub trait Ledger:
    Log + Views + Alarms + Outbox + Accounts + Notices + Persons + Replay + Search + Transfer + Tree + Vectors
{
}

impl<T> Ledger for T where
    T: Log
        + Views
        + Alarms
        + Outbox
        + Accounts
        + Notices
        + Persons
        + Replay
        + Search
        + Transfer
        + Tree
        + Vectors
        + ?Sized
{
}
