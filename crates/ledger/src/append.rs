//! One atomic change: a record and everything that must appear together with it.

use jiff::civil::Date;
use yinuo_core::view;

use crate::{Hash, NewJob, Sealed};

/// What is kept together or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// The record: organisation, stream, sequence number and previous hash are in it.
    pub sealed: Sealed,
    /// The rows of the ticket after it. They replace all earlier rows of the ticket, its alarm included.
    pub views: Option<view::Views>,
    /// Effects to be delivered. A job whose key the organisation used before is left out silently.
    pub jobs: Vec<NewJob>,
    /// Makes the same request sent twice harmless.
    pub idempotency: Option<Idempotency>,
    /// The number of a new ticket, as [`crate::Log::next_number`] gave it, so that it is never given again.
    pub number: Option<DayNumber>,
}

impl Append {
    /// A record alone.
    pub const fn new(sealed: Sealed) -> Self {
        Self { sealed, views: None, jobs: Vec::new(), idempotency: None, number: None }
    }
}

/// A key that a caller sends with a request so that sending it twice has one effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The key, unique in the organisation.
    pub key: String,
    /// Digest of the request; the same key with another digest is another request.
    pub digest: [u8; 32],
}

/// The running number of a ticket within one local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayNumber {
    /// The local day of the organisation.
    pub day: Date,
    /// The number, from 1.
    pub number: u32,
}

/// What an append got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Position in the organisation's log, from 1, without gaps.
    pub position: u64,
    /// Version of the stream after it.
    pub seq: u32,
    /// Hash of the record: the new head of the stream.
    pub hash: Hash,
}
