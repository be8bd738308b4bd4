//! What an archive says about itself before anything sealed.

use std::{
    fmt,
    io::{self, Read, Write},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use yinuo_core::id::OrgId;

use super::{ArchiveError, FORMAT, MAGIC, MAX_HEADER_BYTES};
use crate::{Hash, vault::KeyId};

/// Names an archive: sixteen random bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArchiveId(pub [u8; 16]);

impl fmt::Display for ArchiveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ArchiveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What an archive is. Readable without a key, bound to every chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Names it.
    pub id: ArchiveId,
    /// The archive that it goes on from; none if it begins with the first record.
    pub parent: Option<ArchiveId>,
    /// How many archives come before it.
    pub parents: u32,
    /// Whose log.
    pub org: OrgId,
    /// Origin line of its checkpoints; empty if nothing was signed yet.
    pub origin: String,
    /// When the snapshot was taken.
    pub made_at: Timestamp,
    /// It holds the records after this position.
    pub since: u64,
    /// It holds the records up to this position.
    pub last_position: u64,
    /// Size and root of the signed checkpoint in it.
    pub checkpoint: Option<(u64, Hash)>,
    /// The master key that it is sealed under.
    pub master: KeyId,
    /// Makes its key one of its own.
    pub salt: [u8; 32],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    id: String,
    parent: Option<String>,
    parents: u32,
    org: String,
    origin: String,
    made_at: String,
    since: u64,
    last_position: u64,
    checkpoint: Option<CheckpointForm>,
    master_key: String,
    salt: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointForm {
    size: u64,
    root: String,
}

fn bytes<const N: usize>(text: &str, what: &str) -> Result<[u8; N], ArchiveError> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| ArchiveError::Header { what: format!("`{what}` cannot be read") })?;
    Ok(bytes)
}

impl Header {
    /// Whether it is a full archive: a restore begins with one.
    pub const fn is_full(&self) -> bool {
        self.parent.is_none()
    }

    fn form(&self) -> Form {
        Form {
            id: self.id.to_string(),
            parent: self.parent.map(|parent| parent.to_string()),
            parents: self.parents,
            org: self.org.to_string(),
            origin: self.origin.clone(),
            made_at: self.made_at.to_string(),
            since: self.since,
            last_position: self.last_position,
            checkpoint: self.checkpoint.map(|(size, root)| CheckpointForm { size, root: root.to_string() }),
            master_key: self.master.to_string(),
            salt: hex::encode(self.salt),
        }
    }

    fn from_form(form: Form) -> Result<Self, ArchiveError> {
        let unfit = |what: &str| Err(ArchiveError::Header { what: what.into() });
        let header = Self {
            id: ArchiveId(bytes(&form.id, "id")?),
            parent: form.parent.map(|parent| bytes(&parent, "parent").map(ArchiveId)).transpose()?,
            parents: form.parents,
            org: OrgId::new(&form.org).map_err(|error| ArchiveError::Header { what: error.to_string() })?,
            origin: form.origin,
            made_at: form
                .made_at
                .parse()
                .map_err(|_| ArchiveError::Header { what: "`made_at` cannot be read".into() })?,
            since: form.since,
            last_position: form.last_position,
            checkpoint: form
                .checkpoint
                .map(|kept| Ok::<_, ArchiveError>((kept.size, Hash(bytes(&kept.root, "root")?))))
                .transpose()?,
            master: KeyId(bytes(&form.master_key, "master_key")?),
            salt: bytes(&form.salt, "salt")?,
        };
        if header.since > header.last_position {
            return unfit("it begins after its end");
        }
        if header.parent.is_some() != (header.parents > 0) || (header.parent.is_none() && header.since > 0) {
            return unfit("its parents do not fit");
        }
        Ok(header)
    }
}

/// Everything before the first chunk, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preamble {
    /// The header.
    pub header: Header,
    /// SHA-256 over all bytes of it.
    pub(super) digest: [u8; 32],
    /// How many bytes it took.
    pub(super) length: u64,
}

impl Preamble {
    pub(super) fn write(header: &Header, out: &mut impl Write) -> io::Result<Self> {
        let text = serde_json::to_vec(&header.form())?;
        let length = u32::try_from(text.len()).map_err(io::Error::other)?;
        let mut all = MAGIC.to_vec();
        all.extend(FORMAT.to_be_bytes());
        all.extend(length.to_be_bytes());
        all.extend(text);
        out.write_all(&all)?;
        Ok(Self { header: header.clone(), digest: Sha256::digest(&all).into(), length: all.len() as u64 })
    }

    /// Reads the header of an archive. What it says is not proven until a chunk was opened.
    pub fn read(input: &mut impl Read) -> Result<Self, ArchiveError> {
        let mut all = vec![0; MAGIC.len()];
        fill(input, &mut all, || ArchiveError::Foreign)?;
        if all != MAGIC {
            return Err(ArchiveError::Foreign);
        }
        let cut = || ArchiveError::Header { what: "the file ends in it".into() };
        let (mut format, mut length) = ([0; 2], [0; 4]);
        fill(input, &mut format, cut)?;
        let found = u16::from_be_bytes(format);
        if found > FORMAT {
            return Err(ArchiveError::Newer { found, known: FORMAT });
        }
        fill(input, &mut length, cut)?;
        let wanted = u32::from_be_bytes(length);
        if found == 0 || wanted > MAX_HEADER_BYTES {
            return Err(ArchiveError::Header { what: "its length or format is none".into() });
        }
        let mut text = vec![0; wanted as usize];
        fill(input, &mut text, cut)?;
        let form: Form = serde_json::from_slice(&text)
            .map_err(|error| ArchiveError::Header { what: error.to_string() })?;
        all.extend(format.into_iter().chain(length));
        all.extend(text);
        Ok(Self {
            header: Header::from_form(form)?,
            digest: Sha256::digest(&all).into(),
            length: all.len() as u64,
        })
    }
}

/// Reads exactly as many bytes as there is room for; `cut` if the file ends before.
fn fill(input: &mut impl Read, bytes: &mut [u8], cut: impl Fn() -> ArchiveError) -> Result<(), ArchiveError> {
    match input.read_exact(bytes) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(cut()),
        Err(error) => Err(error.into()),
    }
}
