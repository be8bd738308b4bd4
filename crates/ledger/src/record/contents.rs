//! Words taken out of a record while sealing, and put back while opening.

use std::{fmt, sync::Arc};

use sha2::{Digest, Sha256};
use yinuo_core::words::Words;

use crate::LedgerError;

/// What people wrote, beside a record, once it is opened. `Debug` prints no text.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// Index within its record, from 0.
    pub n: u32,
    /// Sixteen random bytes, sealed and erased together with the text.
    pub salt: [u8; 16],
    /// The text.
    pub text: Arc<str>,
}

impl Content {
    /// SHA-256 over salt and text: what the record holds in place of the text.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.salt);
        hasher.update(self.text.as_bytes());
        hasher.finalize().into()
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({}, {} bytes)", self.n, self.text.len())
    }
}

/// Collects contents in the order in which a record mentions them.
pub(super) struct Sealing<'a> {
    random: &'a mut dyn FnMut(&mut [u8]),
    contents: Vec<Content>,
}

impl<'a> Sealing<'a> {
    pub(super) fn new(random: &'a mut dyn FnMut(&mut [u8])) -> Self {
        Self { random, contents: Vec::new() }
    }

    /// Takes a text out and gives its index and digest.
    pub(super) fn take(&mut self, text: &str) -> (u32, String) {
        let n = u32::try_from(self.contents.len()).unwrap_or(u32::MAX);
        let mut salt = [0; 16];
        (self.random)(&mut salt);
        let content = Content { n, salt, text: text.into() };
        let digest = hex::encode(content.digest());
        self.contents.push(content);
        (n, digest)
    }

    pub(super) fn into_contents(self) -> Vec<Content> {
        self.contents
    }
}

/// Puts contents back and checks each against the digest in the chained body.
pub(super) struct Opening<'a> {
    contents: &'a [Content],
    used: usize,
    erased: u64,
}

impl<'a> Opening<'a> {
    pub(super) const fn new(contents: &'a [Content]) -> Self {
        Self { contents, used: 0, erased: 0 }
    }

    /// The words with this index; erased ones if their content is no longer there.
    pub(super) fn put(&mut self, n: u32, digest: &str) -> Result<Words, LedgerError> {
        let Some(content) = self.contents.iter().find(|content| content.n == n) else {
            self.erased += 1;
            return Ok(Words::erased());
        };
        self.used += 1;
        let mut expected = [0; 32];
        let readable = hex::decode_to_slice(digest, &mut expected).is_ok();
        if readable && content.digest() == expected {
            Ok(Words::new(&content.text))
        } else {
            Err(LedgerError::corrupt(format!("content {n} of the record is not the text that was recorded")))
        }
    }

    /// Every content must belong to the record. Gives how many were erased.
    pub(super) fn finish(self) -> Result<u64, LedgerError> {
        if self.used == self.contents.len() {
            Ok(self.erased)
        } else {
            Err(LedgerError::corrupt("there is a content beside the record that the record does not mention"))
        }
    }
}
