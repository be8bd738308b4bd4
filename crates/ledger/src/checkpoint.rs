//! Checkpoints: what a log says about itself, signed. Formats are those of C2SP: signed-note, tlog-checkpoint and
//! tlog-cosignature.
//!
//! ```text
//! yinuo.local/main                                  origin: which log
//! 20852163                                          size: leaves of the tree
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=      root of the tree over them
//!
//! — yinuo.local/main Az3grlgtzPIC…                  key id and Ed25519 signature over the three lines above
//! — witness.example/w1 jWbPPwAAAABkGFDL…            the same of a witness, with the time at which it saw it
//! ```
//! A key is told as `name+hex(key id)+base64(kind || public key)`, where the key id is the beginning of
//! SHA-256(name || newline || kind || public key).

mod key;
mod note;

pub use key::{KeyKind, LogKey, NoKey, VerifierKey};
pub use note::{Note, NoteError, NoteSignature};

use base64ct::{Base64, Encoding};

use crate::{Hash, tree::proof};

/// Longest signed note that is read, in bytes: three lines and a few dozen signatures.
pub const NOTE_MAX_BYTES: usize = 64 * 1024;

/// What a log says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: three lines.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, Base64::encode_string(&self.root.0))
    }

    /// Reads the text of a note. Further lines are permitted and mean nothing here.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.strip_suffix('\n').ok_or(NoteError::NoCheckpoint)?.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty());
        let size = lines.next().and_then(crate::tree::plain);
        let root = lines.next().and_then(hash);
        if lines.any(str::is_empty) {
            return Err(NoteError::NoCheckpoint);
        }
        match (origin, size, root) {
            (Some(origin), Some(size), Some(root)) => Ok(Self { origin: origin.to_owned(), size, root }),
            _ => Err(NoteError::NoCheckpoint),
        }
    }

    /// Reads a signed note, verifies its signature by `key`, and gives what it says. The origin has to be the key's name.
    pub fn verified(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        let note = Note::parse(note)?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != key.name() {
            let key = key.name().to_owned();
            return Err(NoteError::OtherLog { origin: checkpoint.origin, key });
        }
        note.verify(key)?;
        Ok(checkpoint)
    }

    /// Whether this checkpoint's tree begins with the one of `older`.
    pub fn extends(&self, older: &Self, proof: &[Hash]) -> Result<(), proof::ProofError> {
        proof::verify_consistency((older.size, older.root), (self.size, self.root), proof)
    }
}

/// The hash of 44 base64 characters.
pub fn hash(text: &str) -> Option<Hash> {
    Base64::decode_vec(text).ok()?.try_into().ok().map(Hash)
}

/// A hash as 44 base64 characters.
pub fn hash_text(hash: &Hash) -> String {
    Base64::encode_string(&hash.0)
}
