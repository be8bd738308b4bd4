//! Writing an archive.

use std::io::Write;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};

use super::{ArchiveError, Edge, Header, MAX_CHUNK_BYTES, Part, Preamble, bound, nonce};
use crate::{
    Hash, LedgerError,
    transfer::Piece,
    tree::{Frontier, record_leaf},
};

/// Writes an archive part by part.
pub struct Writer<W> {
    out: W,
    cipher: XChaCha20Poly1305,
    preamble: Preamble,
    chunk: u64,
    bytes: u64,
    edge: Frontier,
}

impl<W: Write> Writer<W> {
    /// Writes header and beginning. `key` is the one that the vault derives from the header's master key and salt;
    /// `edge` is where the parent ends, or that of an empty tree.
    pub fn begin(mut out: W, header: &Header, key: &[u8; 32], edge: Frontier) -> Result<Self, ArchiveError> {
        let preamble = Preamble::write(header, &mut out)?;
        let bytes = preamble.length;
        let cipher = XChaCha20Poly1305::new(key.into());
        let mut writer = Self { out, cipher, preamble, chunk: 0, bytes, edge: edge.clone() };
        writer.put(Part::Begin(Edge(edge)), false)?;
        Ok(writer)
    }

    /// Writes a piece of the export.
    pub fn piece(&mut self, piece: Piece) -> Result<(), ArchiveError> {
        if let Piece::Records(records) = &piece {
            for record in records {
                if record.position != self.edge.size() + 1 {
                    let what = format!("record {} follows record {}", record.position, self.edge.size());
                    return Err(LedgerError::Corrupt { position: record.position, what }.into());
                }
                self.edge.push(record_leaf(Hash(record.hash)), |_| {});
            }
        }
        self.put(Part::Piece(piece), false)
    }

    /// Writes the end and gives back what was written to, how many bytes it took, and the edge where the archive ends.
    pub fn finish(mut self) -> Result<(W, u64, Frontier), ArchiveError> {
        let last = self.preamble.header.last_position;
        if self.edge.size() != last {
            let what = format!("the export ended at record {} of {last}", self.edge.size());
            return Err(LedgerError::corrupt(what).into());
        }
        let edge = self.edge.clone();
        self.put(Part::End(Edge(edge.clone())), true)?;
        self.out.flush()?;
        Ok((self.out, self.bytes, edge))
    }

    fn put(&mut self, part: Part, last: bool) -> Result<(), ArchiveError> {
        let plain = part.encode();
        let bound = bound(self.preamble.digest, self.chunk, last);
        let payload = Payload { msg: &plain, aad: &bound };
        let too_large = || ArchiveError::Io(std::io::Error::other("a chunk is too large"));
        let sealed =
            self.cipher.encrypt(&nonce(self.chunk, last).into(), payload).map_err(|_| too_large())?;
        let length = u32::try_from(sealed.len()).ok().filter(|length| *length <= MAX_CHUNK_BYTES);
        self.out.write_all(&[u8::from(last)])?;
        self.out.write_all(&length.ok_or_else(too_large)?.to_be_bytes())?;
        self.out.write_all(&sealed)?;
        self.chunk += 1;
        self.bytes += 5 + sealed.len() as u64;
        Ok(())
    }
}
