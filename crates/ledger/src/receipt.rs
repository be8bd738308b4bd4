//! The receipt that a customer keeps: proof that a request was recorded, at which place of the log, and what it said.
//!
//! It is one JSON object and needs nothing else but the server's public key to be verified, now or in ten years:
//!
//! ```text
//! contents ──digests──▶ body ──with previous──▶ hash ──leaf──▶ proof ──▶ root in the checkpoint ──signature──▶ key
//! ```
//! It proves that the server signed a log that holds this very record. It does not prove that the log is still there:
//! that is what comparing it with the ledger is for.

mod error;
mod verify;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use error::{Part, ReceiptError};
pub use verify::Confirmed;

use crate::{Content, Hash, Stored, checkpoint};

/// Largest receipt that is read, in bytes.
pub const RECEIPT_MAX_BYTES: usize = 2 * 1024 * 1024;

/// The version of the form.
const VERSION: u32 = 1;

/// A receipt, read or drawn up, and not yet verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Version of the form: 1.
    pub yinuo_receipt: u32,
    /// Which log.
    pub origin: String,
    /// The public key that verifies it, as `name+id+key`. Whoever verifies had better know it from elsewhere.
    pub key: String,
    /// Number of the ticket.
    pub number: String,
    /// When the request came in.
    pub received_at: String,
    /// The record of the intake.
    pub record: ReceiptRecord,
    /// What the customer wrote, with the salts that the digests in the record need.
    pub contents: Vec<ReceiptContent>,
    /// The inclusion proof, from the leaf upwards: hashes in base64.
    pub proof: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

/// A record in a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRecord {
    /// Position in the log, from 1: leaf number `position - 1`.
    pub position: u64,
    /// Place in the ticket's own chain, from 1.
    pub seq: u32,
    /// Hash of the record before it in that chain, in hexadecimal digits; for the first one, the genesis of the chain.
    pub previous: String,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
    /// The chained body, exactly as hashed.
    pub body: String,
}

/// A text in a receipt.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptContent {
    /// Index within the record.
    pub n: u32,
    /// Its salt, in hexadecimal digits.
    pub salt: String,
    /// The text.
    pub text: String,
}

impl std::fmt::Debug for ReceiptContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReceiptContent({}, {} bytes)", self.n, self.text.len())
    }
}

/// What a receipt is drawn up from.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// Number of the ticket.
    pub number: &'a str,
    /// When the request came in.
    pub received_at: Timestamp,
    /// The record of the intake.
    pub stored: &'a Stored,
    /// Its contents that are still there, opened ([`crate::Custody::open`]).
    pub contents: &'a [Content],
    /// Hash of the record before it.
    pub previous: Hash,
    /// The inclusion proof in the checkpoint's tree.
    pub proof: &'a [Hash],
    /// Which log.
    pub origin: &'a str,
    /// The public key.
    pub key: &'a checkpoint::VerifierKey,
    /// The signed checkpoint.
    pub checkpoint: &'a str,
}

impl Receipt {
    /// Draws up a receipt. Of the contents, it takes subject and body of the request, as far as they are still there.
    pub fn draw_up(evidence: &Evidence<'_>) -> Self {
        let Evidence { stored, .. } = evidence;
        let filed = verify::filed(&stored.body);
        let contents = evidence.contents.iter().filter(|content| filed.contains(&content.n));
        Self {
            yinuo_receipt: VERSION,
            origin: evidence.origin.to_owned(),
            key: evidence.key.to_string(),
            number: evidence.number.to_owned(),
            received_at: evidence.received_at.to_string(),
            record: ReceiptRecord {
                position: stored.position,
                seq: stored.seq,
                previous: evidence.previous.to_string(),
                hash: stored.hash.to_string(),
                body: stored.body.clone(),
            },
            contents: contents.map(ReceiptContent::of).collect(),
            proof: evidence.proof.iter().map(checkpoint::hash_text).collect(),
            checkpoint: evidence.checkpoint.to_owned(),
        }
    }

    /// Reads a receipt, strictly.
    pub fn parse(json: &[u8]) -> Result<Self, ReceiptError> {
        if json.len() > RECEIPT_MAX_BYTES {
            return Err(ReceiptError::TooLarge { bytes_max: RECEIPT_MAX_BYTES });
        }
        match serde_json::from_slice::<Self>(json) {
            Ok(receipt) if receipt.yinuo_receipt == VERSION => Ok(receipt),
            Ok(receipt) => Err(ReceiptError::Version { found: receipt.yinuo_receipt }),
            Err(error) => match serde_json::from_slice::<VersionOnly>(json) {
                Ok(VersionOnly { yinuo_receipt: found }) if found != VERSION => {
                    Err(ReceiptError::Version { found })
                }
                _ => Err(ReceiptError::Unreadable { what: error.to_string() }),
            },
        }
    }

    /// The receipt as text for a file.
    pub fn json(&self) -> String {
        // Keys are strings, and writing to memory does not fail.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}

#[derive(Deserialize)]
struct VersionOnly {
    yinuo_receipt: u32,
}

impl ReceiptContent {
    fn of(content: &Content) -> Self {
        Self { n: content.n, salt: hex::encode(content.salt), text: content.text.as_ref().to_owned() }
    }
}
