//! Persons, contacts and secrets.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use yinuo_core::id::{OrgId, PersonId, TicketId};
use yinuo_ledger::{
    KeptPerson, LedgerError, Persons, Rewrapping, Vault, Wrapping,
    vault::{Contact, Holder, KeyId, Wrapped},
};

use super::{
    SqliteLedger,
    columns::{get, id, org, unsigned},
    errors::{reading, writing},
    table::Rows,
};
use crate::{
    cells::{Cells, Put, damaged},
    custody::{PERSON, kept_person},
};

/// The organisation and something 16 bytes long, for a statement about each.
fn asked<T>(org: &OrgId, of: &[T], bytes: impl Fn(&T) -> [u8; 16]) -> Rows {
    let mut rows = Rows::default();
    for one in of {
        rows.row().text(org.as_str()).bytes(&bytes(one));
    }
    rows
}

fn contact(row: &impl Cells, index: usize) -> Result<Contact, LedgerError> {
    let bytes = row.bytes(index)?.try_into();
    bytes.map(Contact).map_err(|_| damaged("a contact is not 16 bytes long"))
}

fn by_contact(connection: &Connection, asked: &Rows) -> Result<BTreeMap<Contact, KeptPerson>, LedgerError> {
    let sql = format!(
        "SELECT c.digest, {PERSON} FROM contacts AS c
         CROSS JOIN persons AS p ON p.org = c.org AND p.person = c.person WHERE c.org = ?1 AND c.digest = ?2"
    );
    let mut found = BTreeMap::new();
    asked.query(connection, &sql, reading, |_, row| {
        found.insert(contact(row, 0)?, kept_person(row, 1)?);
        Ok(())
    })?;
    Ok(found)
}

fn by_id(connection: &Connection, asked: &Rows) -> Result<BTreeMap<PersonId, KeptPerson>, LedgerError> {
    let sql = format!("SELECT {PERSON} FROM persons AS p WHERE p.org = ?1 AND p.person = ?2");
    let mut found = BTreeMap::new();
    asked.query(connection, &sql, reading, |_, row| {
        let kept = kept_person(row, 0)?;
        found.insert(kept.person, kept);
        Ok(())
    })?;
    Ok(found)
}

/// Whoever has one of these contacts, or shares it.
fn sharing(connection: &Connection, asked: &Rows) -> Result<Vec<PersonId>, LedgerError> {
    let sql = "SELECT person FROM contacts WHERE org = ?1 AND digest = ?2
        UNION SELECT person FROM mentions WHERE org = ?1 AND digest = ?2";
    let mut found = BTreeSet::new();
    asked.query(connection, sql, reading, |_, row| {
        found.insert(id(row, 0, PersonId::from_uuid)?);
        Ok(())
    })?;
    Ok(found.into_iter().collect())
}

fn secret(connection: &Connection, org: &OrgId, name: &str) -> Result<Option<Wrapped>, LedgerError> {
    let sql = "SELECT wrapped FROM secrets WHERE org = ?1 AND name = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let found: Option<Vec<u8>> =
        statement.query_row([org.as_str(), name], |row| row.get(0)).optional().map_err(reading)?;
    found.map(Wrapped::from_bytes).transpose()
}

pub(super) fn wrapped_counts(connection: &Connection) -> Result<BTreeMap<KeyId, u64>, LedgerError> {
    let sql = "SELECT id, sum(keys) FROM (
            SELECT substr(wrapped, 2, 8) AS id, count(*) AS keys FROM persons WHERE wrapped IS NOT NULL GROUP BY 1
            UNION ALL SELECT substr(wrapped, 2, 8), count(*) FROM secrets GROUP BY 1)
        GROUP BY id";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query([]).map_err(reading)?;
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next().map_err(reading)? {
        counts.insert(KeyId(get(row, 0)?), unsigned(row, 1)?);
    }
    Ok(counts)
}

/// Two walks along the index of master keys: those before the first key and those after it.
const PERSONS_ELSEWHERE: &str = "SELECT org, person, wrapped FROM persons
        WHERE wrapped IS NOT NULL AND substr(wrapped, 2, 8) < ?1
    UNION ALL SELECT org, person, wrapped FROM persons
        WHERE wrapped IS NOT NULL AND substr(wrapped, 2, 8) > ?1 LIMIT ?2";
const SECRETS_ELSEWHERE: &str =
    "SELECT org, name, wrapped FROM secrets WHERE substr(wrapped, 2, 8) <> ?1 LIMIT ?2";

fn elsewhere(connection: &Connection, first: KeyId, limit: u32) -> Result<Vec<Wrapping>, LedgerError> {
    let mut found = Vec::new();
    let mut statement = connection.prepare_cached(SECRETS_ELSEWHERE).map_err(reading)?;
    let mut rows = statement.query(params![first.0, limit]).map_err(reading)?;
    while let Some(row) = rows.next().map_err(reading)? {
        let wrapped = Wrapped::from_bytes(row.bytes(2)?)?;
        found.push(Wrapping { org: org(row, 0)?, holder: Holder::Secret(get(row, 1)?), wrapped });
    }
    let limit = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
    let mut statement = connection.prepare_cached(PERSONS_ELSEWHERE).map_err(reading)?;
    let mut rows = statement.query(params![first.0, limit]).map_err(reading)?;
    while let Some(row) = rows.next().map_err(reading)? {
        let holder = Holder::Person(id(row, 1, PersonId::from_uuid)?);
        found.push(Wrapping { org: org(row, 0)?, holder, wrapped: Wrapped::from_bytes(row.bytes(2)?)? });
    }
    Ok(found)
}

fn rewrap(connection: &Connection, rewrappings: &[Rewrapping]) -> Result<u64, LedgerError> {
    let person = "UPDATE persons SET wrapped = ?1 WHERE org = ?2 AND person = ?3 AND wrapped = ?4";
    let secret = "UPDATE secrets SET wrapped = ?1 WHERE org = ?2 AND name = ?3 AND wrapped = ?4";
    let mut done = 0;
    for Rewrapping { before, wrapped } in rewrappings {
        let (org, new, old) = (before.org.as_str(), wrapped.as_bytes(), before.wrapped.as_bytes());
        let changed = match &before.holder {
            Holder::Person(of) => {
                let mut statement = connection.prepare_cached(person).map_err(writing)?;
                statement.execute(params![new, org, of.uuid().as_bytes(), old]).map_err(writing)?
            }
            Holder::Secret(name) => {
                let mut statement = connection.prepare_cached(secret).map_err(writing)?;
                statement.execute(params![new, org, name, old]).map_err(writing)?
            }
        };
        done += changed as u64;
    }
    Ok(done)
}

#[async_trait]
impl Persons for SqliteLedger {
    fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    async fn persons_by_contact(
        &self,
        org: &OrgId,
        contacts: &[Contact],
    ) -> Result<BTreeMap<Contact, KeptPerson>, LedgerError> {
        if contacts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let asked = asked(org, contacts, |contact| contact.0);
        self.readers.look(move |connection| by_contact(connection, &asked)).await
    }

    async fn contacts_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<Contact>, LedgerError> {
        let org = org.clone();
        let read = move |connection: &Connection| {
            let sql = "SELECT digest FROM contacts WHERE org = ?1 AND person = ?2 ORDER BY digest";
            let mut statement = connection.prepare_cached(sql).map_err(reading)?;
            let mut rows =
                statement.query(params![org.as_str(), person.uuid().as_bytes()]).map_err(reading)?;
            let mut contacts = Vec::new();
            while let Some(row) = rows.next().map_err(reading)? {
                contacts.push(contact(row, 0)?);
            }
            Ok(contacts)
        };
        self.readers.read(read).await
    }

    async fn persons(
        &self,
        org: &OrgId,
        persons: &[PersonId],
    ) -> Result<BTreeMap<PersonId, KeptPerson>, LedgerError> {
        let asked = asked(org, persons, |person| *person.uuid().as_bytes());
        self.readers.look(move |connection| by_id(connection, &asked)).await
    }

    async fn persons_after(
        &self,
        org: &OrgId,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<KeptPerson>, LedgerError> {
        let org = org.clone();
        let read = move |connection: &Connection| {
            let sql = format!(
                "SELECT {PERSON} FROM persons AS p WHERE p.org = ?1 AND p.person > ?2 ORDER BY p.person LIMIT ?3"
            );
            let after = after.map(|after| after.uuid().as_bytes().to_vec()).unwrap_or_default();
            let mut statement = connection.prepare_cached(&sql).map_err(reading)?;
            let mut rows = statement.query(params![org.as_str(), after, limit]).map_err(reading)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().map_err(reading)? {
                found.push(kept_person(row, 0)?);
            }
            Ok(found)
        };
        self.readers.read(read).await
    }

    async fn persons_sharing(&self, org: &OrgId, contacts: &[Contact]) -> Result<Vec<PersonId>, LedgerError> {
        let asked = asked(org, contacts, |contact| contact.0);
        self.readers.read(move |connection| sharing(connection, &asked)).await
    }

    async fn persons_of(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, PersonId>, LedgerError> {
        let (org, tickets) = (org.clone(), tickets.to_vec());
        let read = move |connection: &Connection| super::log::owners(connection, &org, &tickets);
        let owners = self.readers.read(read).await?;
        Ok(owners.into_iter().map(|(ticket, (person, _))| (ticket, person)).collect())
    }

    async fn tickets_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<TicketId>, LedgerError> {
        let org = org.clone();
        let read = move |connection: &Connection| {
            let sql = "SELECT ticket FROM custody WHERE org = ?1 AND person = ?2 ORDER BY ticket";
            let mut statement = connection.prepare_cached(sql).map_err(reading)?;
            let mut rows =
                statement.query(params![org.as_str(), person.uuid().as_bytes()]).map_err(reading)?;
            let mut tickets = Vec::new();
            while let Some(row) = rows.next().map_err(reading)? {
                tickets.push(id(row, 0, TicketId::from_uuid)?);
            }
            Ok(tickets)
        };
        self.readers.read(read).await
    }

    async fn secret(&self, org: &OrgId, name: &str) -> Result<Option<Wrapped>, LedgerError> {
        let (org, name) = (org.clone(), name.to_owned());
        self.readers.look(move |connection| secret(connection, &org, &name)).await
    }

    async fn keep_secret(&self, org: &OrgId, name: &str, wrapped: Wrapped) -> Result<Wrapped, LedgerError> {
        let (org, name) = (org.clone(), name.to_owned());
        let change = move |connection: &Connection| {
            let sql = "INSERT INTO secrets (org, name, wrapped) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            let mut statement = connection.prepare_cached(sql).map_err(writing)?;
            statement.execute(params![org.as_str(), name, wrapped.as_bytes()]).map_err(writing)?;
            Ok(secret(connection, &org, &name)?.unwrap_or(wrapped))
        };
        self.writer.change(change).await
    }

    async fn wrapped_counts(&self) -> Result<BTreeMap<KeyId, u64>, LedgerError> {
        self.readers.read(wrapped_counts).await
    }

    async fn wrapped_elsewhere(&self, first: KeyId, limit: u32) -> Result<Vec<Wrapping>, LedgerError> {
        self.readers.read(move |connection| elsewhere(connection, first, limit)).await
    }

    async fn rewrap(&self, rewrappings: Vec<Rewrapping>) -> Result<u64, LedgerError> {
        self.writer.change(move |connection| rewrap(connection, &rewrappings)).await
    }
}
