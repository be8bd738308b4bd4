//! Raw records of the ledger.

use serde::Serialize;
use utoipa::ToSchema;

/// One record.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LedgerRecord {
    /// Place in the ticket, from 1: the version after it.
    pub seq: u32,
    /// Place in the company's log, from 1.
    pub position: u64,
    /// SHA-256 over the previous hash and the body, in hexadecimal digits.
    pub hash: String,
    /// Hash of the record before it.
    pub previous: String,
    /// The chained body, exactly as hashed.
    pub body: String,
}

/// The records of a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RecordList {
    /// In order.
    pub records: Vec<LedgerRecord>,
}
