//! The step from files that kept words in plain: every ticket gets its person, every content and every cell of a list is
//! sealed, and the plain tables vanish. It runs inside the migration's transaction, ticket by ticket.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};
use yinuo_core::{
    id::{OrgId, PersonId, TicketId},
    ticket::{Customer, Entry, Event},
    words::Words,
};
use yinuo_ledger::{
    Content, Custody, LedgerError, Stream, Vault,
    record::open_ticket,
    vault::{Cell, Contact, INDEX_KEY, IndexKey, Wrapped},
};

use super::{
    columns::{get, hash, id, unsigned},
    errors::{reading, writing},
    log::organisations,
};
use crate::cells::Cells as _;

const DROP: &str = "DROP TABLE contents_plain; DROP TABLE tickets_plain;";

/// Seals everything that the file holds in plain.
pub(super) fn what_older_versions_kept_in_plain(
    connection: &Connection,
    vault: &Vault,
) -> Result<(), LedgerError> {
    for org in organisations(connection)? {
        let (key, wrapped) = vault.new_secret(&org, INDEX_KEY, 32);
        execute(
            connection,
            "INSERT INTO secrets (org, name, wrapped) VALUES (?1, ?2, ?3)",
            params![org.as_str(), INDEX_KEY, wrapped.as_bytes()],
        )?;
        let index = IndexKey::from_bytes(&key)?;
        key_request_digests(connection, &org, &index)?;
        Sealing { connection, vault, org: &org, index, people: HashMap::new() }.run()?;
    }
    connection.execute_batch(DROP).map_err(writing)
}

fn execute(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(sql).map_err(writing)?;
    statement.execute(params).map_err(writing).map(drop)
}

/// Digests of requests become keyed: a bare digest of words can be tested against guesses.
fn key_request_digests(connection: &Connection, org: &OrgId, index: &IndexKey) -> Result<(), LedgerError> {
    let sql = "SELECT key, digest FROM idempotency WHERE org = ?1";
    let mut statement = connection.prepare(sql).map_err(reading)?;
    let mut rows = statement.query([org.as_str()]).map_err(reading)?;
    let mut digests: Vec<(String, [u8; 32])> = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        digests.push((get(row, 0)?, hash(row, 1)?));
    }
    for (key, digest) in digests {
        let sql = "UPDATE idempotency SET digest = ?3 WHERE org = ?1 AND key = ?2";
        execute(connection, sql, params![org.as_str(), key, index.request(digest)])?;
    }
    Ok(())
}

struct Sealing<'a> {
    connection: &'a Connection,
    vault: &'a Vault,
    org: &'a OrgId,
    index: IndexKey,
    /// Who is known by which contact so far.
    people: HashMap<Contact, (PersonId, Wrapped)>,
}

/// A record with its contents in plain.
struct Plain {
    position: i64,
    seq: u32,
    entry: Entry,
    contents: Vec<Content>,
}

impl Sealing<'_> {
    fn run(mut self) -> Result<(), LedgerError> {
        // In the order in which tickets came in: whoever came first is the person whom later ones join.
        let sql =
            "SELECT stream FROM records WHERE org = ?1 AND seq = 1 AND length(stream) = 16 ORDER BY position";
        let mut statement = self.connection.prepare(sql).map_err(reading)?;
        let mut rows = statement.query([self.org.as_str()]).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            self.ticket(id(row, 0, TicketId::from_uuid)?)?;
        }
        Ok(())
    }

    fn ticket(&mut self, ticket: TicketId) -> Result<(), LedgerError> {
        let records = self.records(ticket)?;
        let customers =
            records.iter().flat_map(|record| &record.entry.events).filter_map(|event| match event {
                Event::Received { customer, .. } | Event::CustomerCorrected { customer, .. } => {
                    Some(customer)
                }
                _ => None,
            });
        let custody = self.owner(ticket, &customers.collect::<Vec<_>>(), &records)?;
        let mut random = |bytes: &mut [u8]| self.vault.fill(bytes);
        for record in &records {
            let place = (self.org, Stream::Ticket(ticket), record.seq);
            for content in custody.seal_contents(place, &record.contents, &mut random) {
                let sql = "INSERT INTO contents (org, position, n, sealed) VALUES (?1, ?2, ?3, ?4)";
                let row = params![self.org.as_str(), record.position, content.n, content.sealed];
                execute(self.connection, sql, row)?;
            }
        }
        self.cells(ticket, &custody)
    }

    /// Whose the ticket is: somebody known by one of its contacts, or somebody new.
    fn owner(
        &mut self,
        ticket: TicketId,
        customers: &[&Customer],
        records: &[Plain],
    ) -> Result<Custody, LedgerError> {
        let contacts: Vec<Contact> =
            customers.iter().flat_map(|customer| self.index.contacts_of(customer)).collect();
        let known = contacts.iter().find_map(|contact| self.people.get(contact)).cloned();
        let (person, wrapped) = match known {
            Some(known) => known,
            None => self.new_person(records)?,
        };
        let (org, of) = (self.org.as_str(), person.uuid());
        let sql = "INSERT INTO custody (org, ticket, person) VALUES (?1, ?2, ?3)";
        execute(self.connection, sql, params![org, ticket.uuid().as_bytes(), of.as_bytes()])?;
        for contact in contacts {
            self.people.entry(contact).or_insert_with(|| (person, wrapped.clone()));
            let sql = "INSERT INTO contacts (org, digest, person) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            execute(self.connection, sql, params![org, contact.0, of.as_bytes()])?;
        }
        self.vault.custody(self.org, person, Some(&wrapped))
    }

    fn new_person(&self, records: &[Plain]) -> Result<(PersonId, Wrapped), LedgerError> {
        let came_at = records.first().map_or(jiff::Timestamp::UNIX_EPOCH, |record| record.entry.at);
        let mut random = [0; 10];
        self.vault.fill(&mut random);
        let millis = u64::try_from(came_at.as_millisecond()).unwrap_or(0);
        let person = PersonId::from_parts(millis, random);
        let (_, wrapped) = self.vault.new_person(self.org, person);
        let sql = "INSERT INTO persons (org, person, wrapped, created_at_us) VALUES (?1, ?2, ?3, ?4)";
        let (org, came_at_us) = (self.org.as_str(), came_at.as_microsecond());
        execute(
            self.connection,
            sql,
            params![org, person.uuid().as_bytes(), wrapped.as_bytes(), came_at_us],
        )?;
        Ok((person, wrapped))
    }

    fn records(&self, ticket: TicketId) -> Result<Vec<Plain>, LedgerError> {
        let sql = "SELECT position, seq, body FROM records WHERE org = ?1 AND stream = ?2 ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql).map_err(reading)?;
        let mut rows =
            statement.query(params![self.org.as_str(), ticket.uuid().as_bytes()]).map_err(reading)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next().map_err(reading)? {
            let position = row.number(0)?;
            let contents = self.contents(position)?;
            let opened = open_ticket(row.text(2)?, &contents)
                .map_err(|error| error.at(u64::try_from(position).unwrap_or(0)))?;
            records.push(Plain { position, seq: unsigned(row, 1)?, entry: opened.entry, contents });
        }
        Ok(records)
    }

    fn contents(&self, position: i64) -> Result<Vec<Content>, LedgerError> {
        let sql = "SELECT n, salt, text FROM contents_plain WHERE org = ?1 AND position = ?2 ORDER BY n";
        let mut statement = self.connection.prepare_cached(sql).map_err(reading)?;
        let mut rows = statement.query(params![self.org.as_str(), position]).map_err(reading)?;
        let mut contents = Vec::new();
        while let Some(row) = rows.next().map_err(reading)? {
            let salt = *id(row, 1, |uuid| uuid)?.as_bytes();
            contents.push(Content { n: unsigned(row, 0)?, salt, text: row.text(2)?.into() });
        }
        Ok(contents)
    }

    fn cells(&self, ticket: TicketId, custody: &Custody) -> Result<(), LedgerError> {
        let sql = "SELECT subject, customer FROM tickets_plain WHERE org = ?1 AND ticket = ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(reading)?;
        let (org, of) = (self.org.as_str(), ticket.uuid());
        let place = params![org, of.as_bytes()];
        let plain =
            statement.query_row(place, |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(reading)?;
        let Some((subject, customer)): Option<(Option<String>, Option<String>)> = plain else {
            return Ok(());
        };
        let mut random = |bytes: &mut [u8]| self.vault.fill(bytes);
        let mut seal = |cell, text: Option<String>| {
            let words = text.map_or_else(Words::erased, Words::from);
            custody.seal_cell((self.org, ticket, cell), &words, &mut random)
        };
        let (subject, customer) = (seal(Cell::Subject, subject), seal(Cell::Customer, customer));
        let sql = "UPDATE tickets SET subject = ?3, customer = ?4 WHERE org = ?1 AND ticket = ?2";
        execute(self.connection, sql, params![org, of.as_bytes(), subject, customer])
    }
}
