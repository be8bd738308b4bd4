//! The receipt as a file.

use serde::Serialize;
use utoipa::ToSchema;
use yinuo_ledger::receipt::{Receipt, ReceiptContent, ReceiptRecord};

/// A receipt: the record of an intake with the proof that it is in the signed log. Kept as a file, it is verified
/// without this server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptFile {
    /// Version of the form: 1.
    pub yinuo_receipt: u32,
    /// Which log.
    pub origin: String,
    /// The public key that verifies it, as `name+id+key`.
    pub key: String,
    /// Number of the ticket.
    pub number: String,
    /// When the request came in.
    pub received_at: String,
    /// The record of the intake.
    pub record: ReceiptFileRecord,
    /// What the customer wrote, with the salts that the digests in the record need.
    pub contents: Vec<ReceiptFileContent>,
    /// The inclusion proof of RFC 6962, from the leaf upwards: hashes in base64.
    pub proof: Vec<String>,
    /// The signed checkpoint (C2SP tlog-checkpoint).
    pub checkpoint: String,
}

/// A record in a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptFileRecord {
    /// Position in the log, from 1.
    pub position: u64,
    /// Place in the ticket's own chain, from 1.
    pub seq: u32,
    /// Hash of the record before it in that chain, in hexadecimal digits.
    pub previous: String,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
    /// The chained body, exactly as hashed.
    pub body: String,
}

/// A text in a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptFileContent {
    /// Index within the record.
    pub n: u32,
    /// Its salt, in hexadecimal digits.
    pub salt: String,
    /// The text.
    pub text: String,
}

impl From<Receipt> for ReceiptFile {
    fn from(receipt: Receipt) -> Self {
        let Receipt { yinuo_receipt, origin, key, number, received_at, record, contents, proof, checkpoint } =
            receipt;
        let ReceiptRecord { position, seq, previous, hash, body } = record;
        let content = |ReceiptContent { n, salt, text }| ReceiptFileContent { n, salt, text };
        Self {
            yinuo_receipt,
            origin,
            key,
            number,
            received_at,
            record: ReceiptFileRecord { position, seq, previous, hash, body },
            contents: contents.into_iter().map(content).collect(),
            proof,
            checkpoint,
        }
    }
}
