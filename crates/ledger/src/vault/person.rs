//! The key of a person, and what is sealed under it.

use std::fmt;

use subtle::ConstantTimeEq;
use yinuo_core::{
    id::{OrgId, PersonId, TicketId},
    words::Words,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::aead;
use crate::{Content, LedgerError, Stored, Stream};

/// The key under which all words of one person are sealed. Its memory is wiped when it is dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PersonKey([u8; 32]);

impl PersonKey {
    /// From 32 unpredictable bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl PartialEq for PersonKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for PersonKey {}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonKey")
    }
}

/// A content as it is kept: `nonce || ciphertext` of salt and text.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedContent {
    /// Index within its record, from 0.
    pub n: u32,
    /// The sealed bytes.
    pub sealed: Box<[u8]>,
}

impl fmt::Debug for SealedContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedContent({}, {} bytes)", self.n, self.sealed.len())
    }
}

/// A column of a ticket's row that holds words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The subject.
    Subject,
    /// The customer's name.
    Customer,
}

impl Cell {
    const fn word(self) -> &'static str {
        match self {
            Cell::Subject => "subject",
            Cell::Customer => "customer",
        }
    }
}

/// Whose a ticket's words are, and the key that opens them: none once the person was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custody {
    person: PersonId,
    key: Option<PersonKey>,
}

impl Custody {
    /// Of a person with a key.
    pub const fn new(person: PersonId, key: PersonKey) -> Self {
        Self { person, key: Some(key) }
    }

    /// Of a person who was erased.
    pub const fn erased(person: PersonId) -> Self {
        Self { person, key: None }
    }

    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// Whether the person was erased: words read as erased, and new ones are not kept.
    pub const fn is_erased(&self) -> bool {
        self.key.is_none()
    }

    /// Seals the contents of a record; nothing is kept for an erased person.
    pub fn seal_contents(
        &self,
        (org, stream, seq): (&OrgId, Stream, u32),
        contents: &[Content],
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Vec<SealedContent> {
        let Some(key) = &self.key else { return Vec::new() };
        let seal = |content: &Content| {
            let mut nonce = [0; aead::NONCE];
            random(&mut nonce);
            let mut plain = Zeroizing::new(Vec::with_capacity(16 + content.text.len()));
            plain.extend(content.salt);
            plain.extend(content.text.as_bytes());
            let sealed = aead::seal(&key.0, nonce, &place(org, stream, seq, content.n), &plain);
            SealedContent { n: content.n, sealed: sealed.into() }
        };
        contents.iter().map(seal).collect()
    }

    /// Opens the contents of a record; none for an erased person, whatever is still kept. The error names the position.
    pub fn open(&self, org: &OrgId, stored: &Stored) -> Result<Vec<Content>, LedgerError> {
        self.open_contents((org, stored.stream, stored.seq), &stored.contents)
            .map_err(|error| error.at(stored.position))
    }

    /// Opens sealed contents of the record at this place.
    pub fn open_contents(
        &self,
        (org, stream, seq): (&OrgId, Stream, u32),
        contents: &[SealedContent],
    ) -> Result<Vec<Content>, LedgerError> {
        let Some(key) = &self.key else { return Ok(Vec::new()) };
        let open = |content: &SealedContent| {
            let plain = aead::open(&key.0, &place(org, stream, seq, content.n), &content.sealed);
            let read = plain.as_deref().and_then(|plain| {
                let (salt, text) = plain.split_first_chunk::<16>()?;
                Some(Content { n: content.n, salt: *salt, text: std::str::from_utf8(text).ok()?.into() })
            });
            read.ok_or_else(|| {
                LedgerError::corrupt(format!(
                    "content {} of the record cannot be opened: it was changed, moved, or sealed under another key",
                    content.n
                ))
            })
        };
        contents.iter().map(open).collect()
    }

    /// Seals a cell of a ticket's row; none for erased words or an erased person.
    pub fn seal_cell(
        &self,
        (org, ticket, cell): (&OrgId, TicketId, Cell),
        words: &Words,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Option<Box<[u8]>> {
        let (key, text) = (self.key.as_ref()?, words.text()?);
        let mut nonce = [0; aead::NONCE];
        random(&mut nonce);
        Some(aead::seal(&key.0, nonce, &cell_place(org, ticket, cell), text.as_bytes()).into())
    }

    /// Opens a cell of a ticket's row. View rows are a cache: damage there is mended by making them anew.
    pub fn open_cell(
        &self,
        org: &OrgId,
        ticket: TicketId,
        cell: Cell,
        sealed: Option<&[u8]>,
    ) -> Result<Words, LedgerError> {
        let (Some(key), Some(sealed)) = (&self.key, sealed) else { return Ok(Words::erased()) };
        let plain = aead::open(&key.0, &cell_place(org, ticket, cell), sealed);
        let text = plain.as_deref().and_then(|plain| std::str::from_utf8(plain).ok());
        text.map(Words::new).ok_or_else(|| {
            let cell = cell.word();
            LedgerError::corrupt(format!(
                "the {cell} in the list row of {ticket} cannot be opened; `yinuo replay` makes lists anew"
            ))
        })
    }
}

fn place(org: &OrgId, stream: Stream, seq: u32, n: u32) -> Vec<u8> {
    let stream = stream.to_string();
    let parts = [org.as_str().as_bytes(), stream.as_bytes(), &seq.to_be_bytes(), &n.to_be_bytes()];
    aead::bound("yinuo/content/v1", &parts)
}

fn cell_place(org: &OrgId, ticket: TicketId, cell: Cell) -> Vec<u8> {
    let ticket = ticket.to_string();
    aead::bound("yinuo/cell/v1", &[org.as_str().as_bytes(), ticket.as_bytes(), cell.word().as_bytes()])
}
