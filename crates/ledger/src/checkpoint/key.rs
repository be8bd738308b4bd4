//! Keys that sign notes, and keys that verify them.

use std::{fmt, str::FromStr};

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use yinuo_commitment::Text;

use super::{Checkpoint, Note, NoteError, NoteSignature};

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// The text of a note, as logs do.
    Log,
    /// The text of a checkpoint with the time at which it was seen, as witnesses do.
    Witness,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            KeyKind::Log => 1,
            KeyKind::Witness => 4,
        }
    }
}

/// The text is no verifier key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// It does not have the parts `name+id+key`.
    #[error("it is not of the form name+8 hexadecimal digits+base64")]
    Form,
    /// The name is empty or holds spaces or plus signs.
    #[error("its name is empty, or holds spaces")]
    Name,
    /// The kind of key is none that is known here.
    #[error("it is no Ed25519 key of a log (1) or a witness (4)")]
    Kind,
    /// The public key is no point of the curve.
    #[error("its public key is not 32 bytes of an Ed25519 key")]
    Point,
    /// The id does not follow from name and key: a typing error.
    #[error("its id does not fit its name and key: a character was changed or lost")]
    Id,
}

impl NoKey {
    /// The same in both languages.
    pub fn text(&self) -> Text {
        let zh = match self {
            NoKey::Form => "格式应为：名称+8 位十六进制数+base64",
            NoKey::Name => "名称为空或含有空格",
            NoKey::Kind => "不是日志（1）或见证方（4）的 Ed25519 公钥",
            NoKey::Point => "公钥部分不是 32 字节的 Ed25519 公钥",
            NoKey::Id => "编号与名称及公钥不符：有字符被改动或遗漏",
        };
        Text::new(zh, self.to_string())
    }
}

/// Whether a name may stand in a signature line.
pub(super) fn name_fits(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|char| char.is_whitespace() || char == '+' || char.is_control())
}

/// A public key with its name: what verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, kind: KeyKind, key: VerifyingKey) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(name.as_bytes());
        hasher.update([b'\n', kind.byte()]);
        hasher.update(key.as_bytes());
        let [a, b, c, d, ..]: [u8; 32] = hasher.finalize().into();
        Self { name: name.to_owned(), kind, id: [a, b, c, d], key }
    }

    /// Its name; for a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The beginning of a hash over name, kind and key.
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Verifies that `signature`, as a signature line carries it, is this key's over `text`. Gives the time at which a
    /// witness signed, in seconds since 1970.
    pub(super) fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, NoteError> {
        let changed = || NoteError::Changed { key: self.name.clone() };
        let (message, signature, at_s) = match self.kind {
            KeyKind::Log => (text.to_owned(), signature, None),
            KeyKind::Witness => {
                let (time, signature) = signature.split_first_chunk::<8>().ok_or_else(changed)?;
                let at_s = u64::from_be_bytes(*time);
                (cosigned(at_s, text), signature, Some(at_s))
            }
        };
        let signature = Signature::from_slice(signature).map_err(|_| changed())?;
        // Strict: no second encoding of a signature, no key of small order.
        self.key.verify_strict(message.as_bytes(), &signature).map_err(|_| changed())?;
        Ok(at_s)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.byte()];
        bytes.extend(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), Base64::encode_string(&bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoKey::Form);
        };
        if !name_fits(name) {
            return Err(NoKey::Name);
        }
        let mut given = [0; 4];
        hex::decode_to_slice(id, &mut given).map_err(|_| NoKey::Form)?;
        let bytes = Base64::decode_vec(key).map_err(|_| NoKey::Form)?;
        let (kind, public) = bytes.split_first().ok_or(NoKey::Form)?;
        let kind = [KeyKind::Log, KeyKind::Witness].into_iter().find(|known| known.byte() == *kind);
        let kind = kind.ok_or(NoKey::Kind)?;
        let public: &[u8; 32] = public.try_into().map_err(|_| NoKey::Point)?;
        let key = Self::new(name, kind, VerifyingKey::from_bytes(public).map_err(|_| NoKey::Point)?);
        if key.id == given { Ok(key) } else { Err(NoKey::Id) }
    }
}

/// What a witness signs.
fn cosigned(at_s: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {at_s}\n{text}")
}

/// A private key with its name: what signs. `Debug` prints no secret.
pub struct LogKey {
    signing: SigningKey,
    verifier: VerifierKey,
}

impl LogKey {
    /// The key that follows from these 32 secret bytes, under a name without spaces and plus signs.
    pub fn new(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, NoKey> {
        if !name_fits(name) {
            return Err(NoKey::Name);
        }
        let signing = SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, kind, signing.verifying_key());
        Ok(Self { signing, verifier })
    }

    /// The public half.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a checkpoint as its log. Its origin has to be the key's name.
    pub fn sign(&self, checkpoint: &Checkpoint) -> Note {
        let text = checkpoint.text();
        let bytes = self.signing.sign(text.as_bytes()).to_bytes().to_vec();
        let signature = NoteSignature { name: self.verifier.name.clone(), id: self.verifier.id, bytes };
        Note::new(text, vec![signature])
    }

    /// Signs a note's text as a witness that saw it at `at_s`, in seconds since 1970.
    pub fn cosign(&self, note: &Note, at_s: u64) -> NoteSignature {
        let mut bytes = at_s.to_be_bytes().to_vec();
        bytes.extend(self.signing.sign(cosigned(at_s, note.text()).as_bytes()).to_bytes());
        NoteSignature { name: self.verifier.name.clone(), id: self.verifier.id, bytes }
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({})", self.verifier)
    }
}
