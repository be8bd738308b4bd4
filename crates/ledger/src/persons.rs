//! Persons: whose key seals which ticket, by which contacts people are known, and the secrets of the organisation.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_core::{
    id::{OrgId, PersonId, TicketId},
    view,
    words::Words,
};

use crate::{
    LedgerError,
    vault::{Cell, Contact, Custody, Holder, KeyId, Vault, Wrapped},
};

/// A person as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPerson {
    /// Id.
    pub person: PersonId,
    /// The key; none once the person was erased.
    pub wrapped: Option<Wrapped>,
    /// Since when.
    pub created_at: Timestamp,
    /// When the person was erased.
    pub erased_at: Option<Timestamp>,
}

/// Whose a new ticket is, or by which contacts the person of a ticket is known from now on. Part of an append.
///
/// The store refuses the append with [`LedgerError::PersonChanged`] if the person was erased meanwhile, or if a *new*
/// person brings a contact that belongs to somebody by now: look the contacts up again. A contact that a known person
/// brings and that belongs to somebody else stays there, and it is kept that the person named it, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The person. Has to be the one under whose key the record is sealed.
    pub person: PersonId,
    /// The key of a person who is new with this append, and when the person came.
    pub new: Option<(Wrapped, Timestamp)>,
    /// Contacts, in any order.
    pub contacts: Vec<Contact>,
}

/// The view rows of a ticket with subject and customer sealed, as an append brings them.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedViews {
    /// The rows; subject and customer read as erased.
    pub rows: view::Views,
    /// The sealed subject.
    pub subject: Option<Box<[u8]>>,
    /// The sealed names of the customer: the present one, then those that were corrected.
    pub customer: Option<Box<[u8]>>,
}

impl SealedViews {
    /// Seals the words of the rows under the key of the ticket's person.
    pub fn seal(
        org: &OrgId,
        mut rows: view::Views,
        custody: &Custody,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Self {
        let (ticket, erased) = (rows.ticket.ticket, Words::erased());
        let subject = custody.seal_cell((org, ticket, Cell::Subject), &rows.ticket.subject, random);
        let names = joined(&rows.ticket.customer, &rows.ticket.names_before);
        let customer = custody.seal_cell((org, ticket, Cell::Customer), &names, random);
        rows.ticket.names_before.clear();
        rows.ticket.subject = erased.clone();
        rows.ticket.customer = erased;
        Self { rows, subject, customer }
    }

    /// Puts the words back into `row`, which is the ticket's row.
    pub fn open_row(
        row: &mut view::TicketRow,
        org: &OrgId,
        custody: &Custody,
        subject: Option<&[u8]>,
        customer: Option<&[u8]>,
    ) -> Result<(), LedgerError> {
        row.subject = custody.open_cell(org, row.ticket, Cell::Subject, subject)?;
        let names = custody.open_cell(org, row.ticket, Cell::Customer, customer)?;
        (row.customer, row.names_before) = parted(&names);
        Ok(())
    }
}

/// Parts names in one cell: a sign that nobody can type and that no name needs.
const BETWEEN_NAMES: char = '\u{1f}';

/// The present name and those before it, as one cell holds them.
fn joined(name: &Words, before: &[Words]) -> Words {
    let Some(name) = name.text() else { return Words::erased() };
    let before: Vec<&str> = before.iter().filter_map(Words::text).collect();
    if before.is_empty() && !name.contains(BETWEEN_NAMES) {
        return Words::new(name);
    }
    let names = std::iter::once(name).chain(before).map(|name| name.replace(BETWEEN_NAMES, " "));
    names.collect::<Vec<_>>().join(&BETWEEN_NAMES.to_string()).into()
}

/// The names of a cell: the present one, and those before it.
fn parted(names: &Words) -> (Words, Vec<Words>) {
    let Some(text) = names.text() else { return (Words::erased(), Vec::new()) };
    let mut names = text.split(BETWEEN_NAMES).map(Words::new);
    (names.next().unwrap_or_default(), names.collect())
}

/// A wrapped key and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapping {
    /// Organisation.
    pub org: OrgId,
    /// Whose it is.
    pub holder: Holder,
    /// The key.
    pub wrapped: Wrapped,
}

/// A key that was wrapped anew: takes the place of the one before, if that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrapping {
    /// As it was read.
    pub before: Wrapping,
    /// As it is to be kept.
    pub wrapped: Wrapped,
}

/// Persons and secrets. An erasure is an append: [`crate::Append::erases`].
#[async_trait]
pub trait Persons: Send + Sync {
    /// The vault that opens what this ledger keeps.
    fn vault(&self) -> &Arc<Vault>;

    /// Who is known by these contacts; contacts of nobody are left out.
    async fn persons_by_contact(
        &self,
        org: &OrgId,
        contacts: &[Contact],
    ) -> Result<BTreeMap<Contact, KeptPerson>, LedgerError>;

    /// The contacts of a person, in order; none after an erasure.
    async fn contacts_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<Contact>, LedgerError>;

    /// Persons by id; unknown ones are left out.
    async fn persons(
        &self,
        org: &OrgId,
        persons: &[PersonId],
    ) -> Result<BTreeMap<PersonId, KeptPerson>, LedgerError>;

    /// Persons in the order of their ids: those after `after`, at most `limit`; also those who were erased.
    async fn persons_after(
        &self,
        org: &OrgId,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<KeptPerson>, LedgerError>;

    /// Everybody who is known by one of these contacts or has named one that belongs to somebody else; in order.
    async fn persons_sharing(&self, org: &OrgId, contacts: &[Contact]) -> Result<Vec<PersonId>, LedgerError>;

    /// Whose these tickets are; tickets that do not exist are left out.
    async fn persons_of(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, PersonId>, LedgerError>;

    /// The tickets of a person, in order; also after an erasure.
    async fn tickets_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<TicketId>, LedgerError>;

    /// A secret of the organisation, such as [`crate::vault::INDEX_KEY`].
    async fn secret(&self, org: &OrgId, name: &str) -> Result<Option<Wrapped>, LedgerError>;

    /// Keeps a secret unless there is one of this name. Answers what is there then: several processes that start at the
    /// same moment agree.
    async fn keep_secret(&self, org: &OrgId, name: &str, wrapped: Wrapped) -> Result<Wrapped, LedgerError>;

    /// How many keys of persons and secrets, of all organisations, are wrapped under which master key.
    async fn wrapped_counts(&self) -> Result<BTreeMap<KeyId, u64>, LedgerError>;

    /// Keys of persons and secrets, of all organisations, that are wrapped under another master key than `first`; at
    /// most `limit`, in any order.
    async fn wrapped_elsewhere(&self, first: KeyId, limit: u32) -> Result<Vec<Wrapping>, LedgerError>;

    /// Keeps keys that were wrapped anew, in one transaction, and says how many. One that is no longer as it was read
    /// (erased, or wrapped anew by another process) is left as it is.
    async fn rewrap(&self, rewrappings: Vec<Rewrapping>) -> Result<u64, LedgerError>;
}

/// Wraps up to `limit` keys anew under the first master key, and says how many were looked at: 0 when all are under it.
pub async fn rewrap_some(ledger: &(impl Persons + ?Sized), limit: u32) -> Result<u64, LedgerError> {
    let vault = ledger.vault();
    let found = ledger.wrapped_elsewhere(vault.first(), limit).await?;
    let mut anew = Vec::with_capacity(found.len());
    for before in found {
        let wrapped = vault.rewrap(&before.org, &before.holder, &before.wrapped)?;
        anew.push(Rewrapping { before, wrapped });
    }
    let count = anew.len() as u64;
    if count > 0 {
        ledger.rewrap(anew).await?;
    }
    Ok(count)
}

/// The secret of this name, unwrapped; made from `bytes` unpredictable ones if there is none.
pub async fn secret_or_new(
    ledger: &(impl Persons + ?Sized),
    org: &OrgId,
    name: &str,
    bytes: usize,
) -> Result<zeroize::Zeroizing<Vec<u8>>, LedgerError> {
    let (vault, holder) = (ledger.vault(), Holder::Secret(name.to_owned()));
    let wrapped = match ledger.secret(org, name).await? {
        Some(wrapped) => wrapped,
        None => ledger.keep_secret(org, name, vault.new_secret(org, name, bytes).1).await?,
    };
    vault.unwrap(org, &holder, &wrapped)
}
