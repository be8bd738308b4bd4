//! The hash chain of a stream.
//!
//! ```text
//! genesis = SHA-256("yinuo/genesis/v1\n" || len(org) || org || len(stream) || stream)
//! hash    = SHA-256("yinuo/record/v1\n"  || previous hash (32 bytes) || len(body) || body)
//! ```
//! `len` is the length in bytes as eight bytes, most significant first; `org` and `stream` are their printed forms in
//! UTF-8; `body` is the record exactly as stored. A changed, missing, added or swapped record breaks every later hash.

use std::fmt;

use sha2::{Digest, Sha256};
use yinuo_core::id::OrgId;

use crate::{LedgerError, Stream};

/// A SHA-256 hash in a chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What the first record of a stream is chained to. It binds the chain to its place: a stream cannot be passed off as
/// another one's.
pub fn genesis(org: &OrgId, stream: Stream) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"yinuo/genesis/v1\n");
    for part in [org.as_str(), &stream.to_string()] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    Hash(hasher.finalize().into())
}

/// The hash of a record with this body after `previous`.
pub fn link(previous: Hash, body: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"yinuo/record/v1\n");
    hasher.update(previous.0);
    hasher.update((body.len() as u64).to_be_bytes());
    hasher.update(body.as_bytes());
    Hash(hasher.finalize().into())
}

/// Verifies one stream given as (position, body, hash) in order, and returns its head and length.
/// The error names the position of the first record that does not fit.
pub fn verify_chain<'a>(
    org: &OrgId,
    stream: Stream,
    records: impl IntoIterator<Item = (u64, &'a str, Hash)>,
) -> Result<(Hash, u32), LedgerError> {
    let mut head = genesis(org, stream);
    let mut length: u32 = 0;
    for (position, body, hash) in records {
        head = verify_link(head, position, body, hash)?;
        length = length.saturating_add(1);
    }
    Ok((head, length))
}

/// Verifies that the record at `position` follows `previous`, and returns its hash.
pub fn verify_link(previous: Hash, position: u64, body: &str, hash: Hash) -> Result<Hash, LedgerError> {
    if link(previous, body) == hash {
        Ok(hash)
    } else {
        let what =
            "the record does not follow from the one before it: it, or an earlier one, was changed".into();
        Err(LedgerError::Corrupt { position, what })
    }
}
