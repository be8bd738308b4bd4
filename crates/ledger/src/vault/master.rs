//! Master keys and the ring that an operator gives.

use std::fmt;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Which master key: the first eight bytes of SHA-256 over `yinuo/master/v1` and the key. Tells nothing about the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A master key. Its memory is wiped when it is dropped; `Debug` prints its id alone.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// From 32 unpredictable bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its id.
    pub fn id(&self) -> KeyId {
        let mut hasher = Sha256::new();
        hasher.update(b"yinuo/master/v1");
        hasher.update(self.0);
        let hash: [u8; 32] = hasher.finalize().into();
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(hash) {
            *to = from;
        }
        KeyId(id)
    }

    /// The line of a ring that holds it: base64.
    pub fn line(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64::encode_string(&self.0))
    }

    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// Why a ring was not taken. No text of the ring is part of it: it may be most of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// No key in it.
    #[error("there is no master key in it: one a line is expected, 32 bytes as base64 or hexadecimal")]
    Empty,
    /// A line that is no key.
    #[error(
        "line {line} is no master key: 32 bytes as base64 (44 characters) or hexadecimal (64) are expected"
    )]
    NoKey {
        /// Line, from 1.
        line: usize,
    },
    /// A line of one byte repeated, which somebody typed to get going.
    #[error("line {line} is one byte repeated, which is no secret: `yinuo vault new-key` prints a good key")]
    Weak {
        /// Line, from 1.
        line: usize,
    },
    /// The same key twice.
    #[error("lines {first} and {line} hold the same key: leave one out")]
    Twice {
        /// Line, from 1.
        line: usize,
        /// The line before it with the same key.
        first: usize,
    },
}

/// The ring: the first key wraps, all of them unwrap. Never empty, no key twice.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    first: MasterKey,
    others: Vec<MasterKey>,
}

impl MasterKeys {
    /// A ring of one key.
    pub const fn one(key: MasterKey) -> Self {
        Self { first: key, others: Vec::new() }
    }

    /// Reads a ring: one key a line, as base64 or hexadecimal; blank lines and what follows `#` are left out.
    pub fn parse(text: &str) -> Result<Self, RingError> {
        let mut keys: Vec<(usize, MasterKey)> = Vec::new();
        for (index, text) in text.lines().enumerate() {
            let line = index + 1;
            let text = text.split('#').next().unwrap_or_default().trim();
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            if text.is_empty() {
                continue;
            }
            let key = decode(text).ok_or(RingError::NoKey { line })?;
            if key.0.iter().all(|byte| Some(byte) == key.0.first()) {
                return Err(RingError::Weak { line });
            }
            if let Some((first, _)) = keys.iter().find(|(_, other)| bool::from(other.0.ct_eq(&key.0))) {
                return Err(RingError::Twice { line, first: *first });
            }
            keys.push((line, key));
        }
        let mut keys = keys.into_iter().map(|(_, key)| key);
        let first = keys.next().ok_or(RingError::Empty)?;
        Ok(Self { first, others: keys.collect() })
    }

    /// The key that wraps.
    pub const fn first(&self) -> &MasterKey {
        &self.first
    }

    /// Ids of all keys, the first one first.
    pub fn ids(&self) -> Vec<KeyId> {
        std::iter::once(&self.first).chain(&self.others).map(MasterKey::id).collect()
    }

    pub(super) fn find(&self, id: KeyId) -> Option<&MasterKey> {
        std::iter::once(&self.first).chain(&self.others).find(|key| key.id() == id)
    }
}

fn decode(text: &str) -> Option<MasterKey> {
    let mut bytes = Zeroizing::new([0; 32]);
    if text.len() == 64 {
        hex::decode_to_slice(text, bytes.as_mut()).ok()?;
    } else {
        let decoded = Base64::decode(text, bytes.as_mut()).ok()?;
        if decoded.len() != 32 {
            return None;
        }
    }
    Some(MasterKey(*bytes))
}
