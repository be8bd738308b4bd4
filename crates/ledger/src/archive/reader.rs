//! Reading an archive.

use std::io::{self, Read, Seek, SeekFrom};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};

use super::{ArchiveError, Edge, Header, MAX_CHUNK_BYTES, Part, Preamble, bound, nonce};

/// Reads an archive part by part. Nothing comes out that was not proven to be what was written at this place.
pub struct Reader<R> {
    input: R,
    cipher: XChaCha20Poly1305,
    preamble: Preamble,
    chunk: u64,
    offset: u64,
    ended: bool,
}

struct Frame {
    last: bool,
    length: u32,
}

impl<R: Read> Reader<R> {
    /// Goes on reading after the header. `key` is the one that the vault derives from the header's master key and salt.
    pub fn after(preamble: Preamble, input: R, key: &[u8; 32]) -> Self {
        let (cipher, offset) = (XChaCha20Poly1305::new(key.into()), preamble.length);
        Self { input, cipher, preamble, chunk: 0, offset, ended: false }
    }

    /// What the archive says about itself.
    pub const fn header(&self) -> &Header {
        &self.preamble.header
    }

    /// Bytes read so far.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The next part; none after the last one.
    pub fn next_part(&mut self) -> Result<Option<Part>, ArchiveError> {
        if self.ended {
            return Ok(None);
        }
        let begin = self.offset;
        let frame = self.frame()?;
        let damaged =
            |what: &str| ArchiveError::Damaged { chunk: self.chunk, offset: begin, what: what.into() };
        // Memory is taken as bytes come, so that a damaged length costs nothing.
        let mut sealed = Vec::new();
        let read = (&mut self.input).take(frame.length.into()).read_to_end(&mut sealed)?;
        if read < frame.length as usize {
            let offset = begin + 5 + read as u64;
            return Err(ArchiveError::Truncated { chunk: self.chunk, offset });
        }
        let bound = bound(self.preamble.digest, self.chunk, frame.last);
        let payload = Payload { msg: &sealed, aad: &bound };
        let plain = self
            .cipher
            .decrypt(&nonce(self.chunk, frame.last).into(), payload)
            .map_err(|_| damaged("it is not what was written at this place of this archive"))?;
        let part = Part::decode(&plain).map_err(|what| damaged(&what))?;
        if frame.last != matches!(part, Part::End(_)) || (self.chunk == 0) != matches!(part, Part::Begin(_)) {
            return Err(damaged("a part at the wrong place"));
        }
        self.chunk += 1;
        self.offset = begin + 5 + u64::from(frame.length);
        if frame.last {
            self.ended = true;
            if self.input.read(&mut [0])? > 0 {
                return Err(ArchiveError::Trailing { offset: self.offset });
            }
        }
        Ok(Some(part))
    }

    fn frame(&mut self) -> Result<Frame, ArchiveError> {
        let mut head = [0; 5];
        let mut filled = 0;
        while let Some(room) = head.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.input.read(room) {
                Ok(0) => {
                    let offset = self.offset + filled as u64;
                    return Err(ArchiveError::Truncated { chunk: self.chunk, offset });
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        let [last, length @ ..] = head;
        let length = u32::from_be_bytes(length);
        if last > 1 || length > MAX_CHUNK_BYTES {
            let what = "its length cannot be".into();
            return Err(ArchiveError::Damaged { chunk: self.chunk, offset: self.offset, what });
        }
        Ok(Frame { last: last == 1, length })
    }
}

impl<R: Read + Seek> Reader<R> {
    /// The edge where the archive ends, without reading what lies between. Proves the last chunk alone.
    pub fn into_end(mut self) -> Result<Edge, ArchiveError> {
        let whole = self.input.seek(SeekFrom::End(0))?;
        loop {
            self.input.seek(SeekFrom::Start(self.offset))?;
            let frame = self.frame()?;
            if frame.last {
                break;
            }
            let next = self.offset + 5 + u64::from(frame.length);
            if next > whole {
                return Err(ArchiveError::Truncated { chunk: self.chunk, offset: whole });
            }
            self.offset = next;
            self.chunk += 1;
        }
        self.input.seek(SeekFrom::Start(self.offset))?;
        match self.next_part()? {
            Some(Part::End(edge)) => Ok(edge),
            _ => Err(ArchiveError::Truncated { chunk: self.chunk, offset: whole }),
        }
    }
}
