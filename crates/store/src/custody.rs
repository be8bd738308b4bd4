//! Whose tickets are, as a query found it, and opening what is sealed for them; the same for every database.

use std::collections::HashMap;

use yinuo_core::{
    id::{OrgId, PersonId, TicketId},
    view::TicketRow,
};
use yinuo_ledger::{Custody, KeptPerson, LedgerError, SealedViews, Vault, vault::Wrapped};

use crate::cells::{Cells, SealedRow, at, at_or_none, damaged, id};

/// Whose each ticket is, and that person's key: none once erased.
pub(crate) type Owners = HashMap<TicketId, (PersonId, Option<Wrapped>)>;

/// Columns of a person, as [`kept_person`] reads them.
pub(crate) const PERSON: &str = "p.person, p.wrapped, p.created_at_us, p.erased_at_us";

/// Reads the columns of [`PERSON`], from `index` on.
pub(crate) fn kept_person(row: &impl Cells, index: usize) -> Result<KeptPerson, LedgerError> {
    let person = id(row, index, PersonId::from_uuid)?;
    Ok(KeptPerson {
        person,
        wrapped: wrapped_or_none(row, index + 1, person)?,
        created_at: at(row, index + 2)?,
        erased_at: at_or_none(row, index + 3)?,
    })
}

/// Reads a wrapped key; none once the person was erased.
pub(crate) fn wrapped_or_none(
    row: &impl Cells,
    index: usize,
    person: PersonId,
) -> Result<Option<Wrapped>, LedgerError> {
    let wrapped = row.bytes_or_none(index)?.map(Wrapped::from_bytes).transpose();
    wrapped.map_err(|error| match error {
        LedgerError::Corrupt { what, .. } => damaged(&format!("{what}, that of {person}")),
        other => other,
    })
}

/// The custody of each ticket, its key unwrapped.
pub(crate) fn open_owners(
    vault: &Vault,
    org: &OrgId,
    owners: &Owners,
) -> Result<HashMap<TicketId, Custody>, LedgerError> {
    let open = |(ticket, (person, wrapped)): (&TicketId, &(PersonId, Option<Wrapped>))| {
        Ok((*ticket, vault.custody(org, *person, wrapped.as_ref())?))
    };
    owners.iter().map(open).collect()
}

/// Puts the words back into rows.
pub(crate) fn open_rows(
    vault: &Vault,
    org: &OrgId,
    rows: Vec<SealedRow>,
    owners: &Owners,
) -> Result<Vec<TicketRow>, LedgerError> {
    let mut opened = Vec::with_capacity(rows.len());
    for SealedRow { mut row, subject, customer } in rows {
        let (person, wrapped) = owners
            .get(&row.ticket)
            .ok_or_else(|| damaged(&format!("it is not known whose {} is", row.ticket)))?;
        let custody = vault.custody(org, *person, wrapped.as_ref())?;
        SealedViews::open_row(&mut row, org, &custody, subject.as_deref(), customer.as_deref())?;
        opened.push(row);
    }
    Ok(opened)
}
