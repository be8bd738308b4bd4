//! Archives: an export as one encrypted file, which can be verified without a database.
//!
//! ```text
//! file   = "yinuo-archive\n" || format (2) || length (4) || header (JSON) || chunk…
//! chunk  = last? (1) || length (4) || ciphertext
//! plain  = part (1) || deflated content
//! ```
//! Numbers are big-endian. The header says whose log it is, up to where, under which master key and after which archive;
//! it is readable without a key and holds nothing personal. Each archive has a key of its own: HKDF-SHA-256 of the
//! master key with the salt of the header. Chunks are XChaCha20-Poly1305 whose nonce counts them and marks the last one,
//! and the digest of everything before the first chunk is associated data of each: a file that was cut, reordered, put
//! together from two, or changed in any byte is found at the chunk where it happened.
//!
//! Parts are, in order: the edge of the Merkle tree where the archive begins, the pieces of the export
//! ([`crate::transfer`]), the edge where it ends. An increment begins where its parent ends.
//!
//! **Not here:** files, clocks, random numbers, asking for keys. **Start reading** at [`Header`], then [`Writer`] and
//! [`Reader`], then [`Check`], which verifies what a reader gives against chain and tree.

mod check;
mod error;
mod header;
mod part;
mod reader;
mod writer;

pub use check::{Check, Checked};
pub use error::ArchiveError;
pub use header::{ArchiveId, Header, Preamble};
pub use part::{Edge, Part};
pub use reader::Reader;
pub use writer::Writer;

/// The format that this program writes; it reads every format up to it.
pub const FORMAT: u16 = 1;

const MAGIC: &[u8] = b"yinuo-archive\n";

/// Headers are some hundred bytes.
const MAX_HEADER_BYTES: u32 = 64 * 1024;

/// Chunks hold up to 256 records.
const MAX_CHUNK_BYTES: u32 = 1 << 30;

/// Nonce of a chunk: its number and whether it is the last one. The key belongs to this archive alone, so no nonce is
/// used twice.
fn nonce(number: u64, last: bool) -> [u8; 24] {
    let mut nonce = [0; 24];
    let (flag, counter) = nonce.split_at_mut(16);
    if let Some(end) = flag.last_mut() {
        *end = u8::from(last);
    }
    counter.copy_from_slice(&number.to_be_bytes());
    nonce
}

/// What a chunk is bound to.
fn bound(head: [u8; 32], number: u64, last: bool) -> Vec<u8> {
    let mut bytes = head.to_vec();
    bytes.extend(number.to_be_bytes());
    bytes.push(u8::from(last));
    bytes
}
