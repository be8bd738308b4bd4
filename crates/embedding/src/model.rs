//! A model that is ready.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    encoder::Encoder,
    fault::Fault,
    file::{Head, Sizes},
    normal::Normal,
    pieces::Pieces,
};

/// What a text is: the model was taught to tell the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A question, or what is compared with one in both directions.
    Query,
    /// What may hold the answer.
    Passage,
}

impl Role {
    fn before(self, text: &str) -> String {
        let word = match self {
            Self::Query => "query",
            Self::Passage => "passage",
        };
        format!("{word}: {text}")
    }
}

/// A model read from its file. Takes about twice the file in memory; sharing it between threads is fine.
pub struct Model {
    /// The file: the rows of the vocabulary are unpacked when they are needed.
    bytes: Vec<u8>,
    words: Range<usize>,
    sizes: Sizes,
    pieces: Pieces,
    normal: Normal,
    encoder: Encoder,
    fingerprint: String,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

impl Model {
    /// Reads a file; half a second for one of 72 MB.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let unreadable = |source| Fault::Unreadable { path: PathBuf::from(path), source };
        Self::read(std::fs::read(path).map_err(unreadable)?)
    }

    /// Reads what stands in a file.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Fault> {
        let head = Head::read(&bytes)?;
        let words = head.words(&bytes)?;
        let encoder = Encoder::read(&head, &bytes)?;
        let digest = Sha256::digest(&bytes);
        let fingerprint = hex::encode(digest.get(..16).unwrap_or_default());
        let Head { sizes, pieces, normal, .. } = head;
        Ok(Self { bytes, words, sizes, pieces, normal, encoder, fingerprint })
    }

    /// Names the file by what is in it: 32 characters. Vectors of two models must not be compared.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Numbers of a vector.
    pub fn dimensions(&self) -> usize {
        self.sizes.hidden
    }

    /// Tokens that are looked at, beginning and end included; a longer text is cut.
    pub fn window(&self) -> usize {
        self.sizes.positions
    }

    /// The tokens of a text as the model sees them: its role, a beginning and an end included.
    pub fn tokens(&self, text: &str, role: Role) -> Vec<usize> {
        let special = self.pieces.special;
        let mut tokens = vec![special.begin];
        let most = self.sizes.positions.saturating_sub(2);
        tokens.extend(self.pieces.cut(&role.before(text), &self.normal, most));
        tokens.push(special.end);
        tokens
    }

    /// The vector of a text, of length one. Some ten milliseconds of one core for a sentence, half a second for a page.
    pub fn embed(&self, text: &str, role: Role) -> Vec<f32> {
        let words = self.bytes.get(self.words.clone()).unwrap_or_default();
        let mean = self.encoder.mean(&self.tokens(text, role), words, &self.sizes);
        let length = mean.dot(&mean).sqrt().max(f32::MIN_POSITIVE);
        mean.iter().map(|number| number / length).collect()
    }
}
