//! Signed notes.

use std::fmt;

use base64ct::{Base64, Encoding};
use yinuo_commitment::Text;

use super::{NOTE_MAX_BYTES, VerifierKey, key::name_fits};

/// What begins a signature line.
const DASH: &str = "\u{2014} ";

/// Why a note is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is no signed note.
    #[error("it is no signed note: {what}")]
    Form {
        /// What is wrong.
        what: &'static str,
    },
    /// The text of the note is no checkpoint.
    #[error("its text is no checkpoint of origin, size and root")]
    NoCheckpoint,
    /// It is the checkpoint of another log.
    #[error("it is signed by another server: it is of `{origin}`, the key is of `{key}`")]
    OtherLog {
        /// Its origin.
        origin: String,
        /// Name of the key.
        key: String,
    },
    /// The key did not sign it.
    #[error("it is signed by another server: `{key}` did not sign it")]
    NotSigned {
        /// The key.
        key: String,
    },
    /// The key signed something else.
    #[error("it was changed: the signature of `{key}` does not fit")]
    Changed {
        /// Name of the key.
        key: String,
    },
}

impl NoteError {
    /// The same in both languages.
    pub fn text(&self) -> Text {
        let zh = match self {
            NoteError::Form { .. } => "不是一份签名文本".to_owned(),
            NoteError::NoCheckpoint => "内容不是由来源、条数和根组成的检查点".to_owned(),
            NoteError::OtherLog { origin, key } => {
                format!("由另一台服务器签名：它属于「{origin}」，而公钥属于「{key}」")
            }
            NoteError::NotSigned { key } => format!("由另一台服务器签名：没有「{key}」的签名"),
            NoteError::Changed { key } => format!("已被改动：与「{key}」的签名不符"),
        };
        Text::new(zh, self.to_string())
    }
}

/// A signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: [u8; 4],
    /// What the key made of the text.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// Reads one line, without its newline.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
        let signature = Base64::decode_vec(signature).ok()?;
        let (id, bytes) = signature.split_first_chunk::<4>()?;
        let fits = name_fits(name) && !bytes.is_empty();
        fits.then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.as_slice(), &self.bytes].concat();
        writeln!(f, "{DASH}{} {}", self.name, Base64::encode_string(&bytes))
    }
}

/// A text with signatures. Nothing in it is to be believed before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    pub(super) const fn new(text: String, signatures: Vec<NoteSignature>) -> Self {
        Self { text, signatures }
    }

    /// Reads a signed note.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        let form = |what| NoteError::Form { what };
        if note.len() > NOTE_MAX_BYTES {
            return Err(form("it is longer than any checkpoint"));
        }
        if note.chars().any(|char| char.is_ascii_control() && char != '\n') {
            return Err(form("there are control characters in it"));
        }
        let (text, lines) =
            note.rsplit_once("\n\n").ok_or(form("no empty line stands before its signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or(form("its last line does not end"))?;
        let signatures: Option<Vec<_>> = lines.split('\n').map(NoteSignature::parse).collect();
        let signatures = signatures.ok_or(form("a signature line cannot be read"))?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature; one of the same key takes the place of the older one.
    pub fn add(&mut self, signature: NoteSignature) {
        self.signatures.retain(|known| (known.id, &known.name) != (signature.id, &signature.name));
        self.signatures.push(signature);
    }

    /// Verifies the signature of `key`. Those of other keys are ignored. Gives the time at which a witness signed, in
    /// seconds since 1970.
    pub fn verify(&self, key: &VerifierKey) -> Result<Option<u64>, NoteError> {
        let of_key = |known: &&NoteSignature| known.id == key.id() && known.name == key.name();
        let mut found = None;
        for signature in self.signatures.iter().filter(of_key) {
            found = Some(key.verify(&self.text, &signature.bytes)?);
        }
        found.ok_or_else(|| NoteError::NotSigned { key: key.to_string() })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}
