//! Reading and appending records.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Params, params};
use tokio::sync::watch;
use yinuo_core::{
    id::{OrgId, PersonId, TicketId},
    organisation::OrganisationEntry,
    ticket::Entry,
};
use yinuo_ledger::{
    Append, Appended, Custody, Hash, Head, LedgerError, Loaded, Log, SealedContent, Stored, Stream, Vault,
    Verified, reading as from_stored,
};

use super::{
    SqliteLedger, closed,
    columns::{get, hash, id, org, stream, stream_bytes, unsigned},
    errors::reading,
    table::Rows,
};
use crate::{
    cells::Put,
    custody::{Owners, open_owners, wrapped_or_none},
};

const OF_STREAM: &str =
    "SELECT position, stream, seq, hash, body FROM records WHERE org = ?1 AND stream = ?2 ORDER BY seq";
const AFTER: &str = "SELECT position, stream, seq, hash, body FROM records WHERE org = ?1 AND position > ?2 ORDER BY position LIMIT ?3";
const NEXT_BY_STREAM: &str = "SELECT position, stream, seq, hash, body FROM records
    WHERE org = ?1 AND (stream, seq) > (?2, ?3) ORDER BY stream, seq LIMIT ?4";
const OWNERS: &str = "SELECT k.ticket, p.person, p.wrapped FROM custody AS k
    CROSS JOIN persons AS p ON p.org = k.org AND p.person = k.person WHERE k.org = ?1 AND k.ticket = ?2";
const CONTENTS: &str = "SELECT n, sealed FROM contents WHERE org = ?1 AND position = ?2 ORDER BY n";

/// Records that a verification or a rebuild holds in memory at a time.
pub(super) const CHUNK: u32 = 256;

fn records(
    connection: &Connection,
    org: &OrgId,
    sql: &str,
    params: impl Params,
) -> Result<Vec<Stored>, LedgerError> {
    let mut records = bare_records(connection, sql, params)?;
    add_contents(connection, org, &mut records)?;
    Ok(records)
}

/// Records without their contents.
fn bare_records(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<Stored>, LedgerError> {
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query(params).map_err(reading)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        let stream = stream(&get::<Vec<u8>>(row, 1)?)?;
        let (position, seq) = (unsigned(row, 0)?, unsigned(row, 2)?);
        records.push(Stored {
            position,
            stream,
            seq,
            hash: Hash(hash(row, 3)?),
            body: get(row, 4)?,
            contents: Vec::new(),
        });
    }
    Ok(records)
}

fn add_contents(connection: &Connection, org: &OrgId, records: &mut [Stored]) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(CONTENTS).map_err(reading)?;
    for stored in records {
        let position = i64::try_from(stored.position).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![org.as_str(), position]).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            let sealed = get::<Vec<u8>>(row, 1)?.into();
            stored.contents.push(SealedContent { n: unsigned(row, 0)?, sealed });
        }
    }
    Ok(())
}

/// Records in the order of their streams, after one of them.
pub(super) fn next_by_stream(
    connection: &Connection,
    org: &OrgId,
    after: &(Stream, u32),
) -> Result<Vec<Stored>, LedgerError> {
    records(connection, org, NEXT_BY_STREAM, params![org.as_str(), stream_bytes(after.0), after.1, CHUNK])
}

pub(super) fn load_ticket(
    connection: &Connection,
    vault: &Vault,
    org: &OrgId,
    ticket: TicketId,
) -> Result<Option<Loaded<Entry>>, LedgerError> {
    let stream = stream_bytes(Stream::Ticket(ticket));
    let records = records(connection, org, OF_STREAM, params![org.as_str(), stream])?;
    let custody = open_owners(vault, org, &owners(connection, org, &[ticket])?)?;
    from_stored::ticket(org, ticket, &records, custody.get(&ticket))
}

/// Whose these tickets are.
pub(super) fn owners(
    connection: &Connection,
    org: &OrgId,
    tickets: &[TicketId],
) -> Result<Owners, LedgerError> {
    let mut owners = Owners::new();
    let mut asked = Rows::default();
    for ticket in tickets {
        asked.row().text(org.as_str()).uuid(ticket.uuid());
    }
    asked.query(connection, OWNERS, reading, |_, row| {
        let person = id(row, 1, PersonId::from_uuid)?;
        owners.insert(id(row, 0, TicketId::from_uuid)?, (person, wrapped_or_none(row, 2, person)?));
        Ok(())
    })?;
    Ok(owners)
}

/// The custody of every ticket among these records.
pub(super) fn custody_of(
    connection: &Connection,
    vault: &Vault,
    org: &OrgId,
    records: &[Stored],
) -> Result<HashMap<TicketId, Custody>, LedgerError> {
    let mut tickets: Vec<TicketId> = records.iter().filter_map(|stored| stored.stream.ticket()).collect();
    tickets.dedup();
    open_owners(vault, org, &owners(connection, org, &tickets)?)
}

fn load_tickets(
    connection: &Connection,
    vault: &Vault,
    org: &OrgId,
    tickets: &[TicketId],
) -> Result<BTreeMap<TicketId, Loaded<Entry>>, LedgerError> {
    let owners = open_owners(vault, org, &owners(connection, org, tickets)?)?;
    let mut loaded = BTreeMap::new();
    for ticket in tickets {
        let stream = stream_bytes(Stream::Ticket(*ticket));
        let stream = records(connection, org, OF_STREAM, params![org.as_str(), stream])?;
        if let Some(found) = from_stored::ticket(org, *ticket, &stream, owners.get(ticket))? {
            loaded.insert(*ticket, found);
        }
    }
    Ok(loaded)
}

pub(super) fn last_position(connection: &Connection, org: &OrgId) -> Result<u64, LedgerError> {
    let mut statement = connection
        .prepare_cached("SELECT last_position FROM organisations WHERE org = ?1")
        .map_err(reading)?;
    let last: Option<i64> =
        statement.query_row([org.as_str()], |row| row.get(0)).optional().map_err(reading)?;
    Ok(last.and_then(|last| u64::try_from(last).ok()).unwrap_or_default())
}

pub(super) fn organisations(connection: &Connection) -> Result<Vec<OrgId>, LedgerError> {
    organisations_of(connection, "SELECT org FROM organisations ORDER BY org")
}

/// Those that are in service.
pub(super) fn open_organisations(connection: &Connection) -> Result<Vec<OrgId>, LedgerError> {
    organisations_of(connection, "SELECT org FROM organisations WHERE standing = 'open' ORDER BY org")
}

fn organisations_of(connection: &Connection, sql: &str) -> Result<Vec<OrgId>, LedgerError> {
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query([]).map_err(reading)?;
    let mut organisations = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        organisations.push(org(row, 0)?);
    }
    Ok(organisations)
}

fn verify(connection: &Connection, vault: &Vault, org: &OrgId) -> Result<Verified, LedgerError> {
    let mut verifier = from_stored::Verifier::new(org);
    let mut after = (Stream::Organisation, 0);
    loop {
        let records = next_by_stream(connection, org, &after)?;
        let custody = custody_of(connection, vault, org, &records)?;
        for stored in &records {
            verifier.check(stored, stored.stream.ticket().and_then(|ticket| custody.get(&ticket)))?;
        }
        match records.last() {
            Some(last) => after = (last.stream, last.seq),
            None => return verifier.finish(last_position(connection, org)?),
        }
    }
}

type Used = Option<(Stream, u32, [u8; 32])>;

fn find_idempotency(connection: &Connection, org: &OrgId, key: &str) -> Result<Used, LedgerError> {
    let sql = "SELECT stream, seq, digest FROM idempotency WHERE org = ?1 AND key = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query([org.as_str(), key]).map_err(reading)?;
    match rows.next().map_err(reading)? {
        Some(row) => Ok(Some((stream(&get::<Vec<u8>>(row, 0)?)?, unsigned(row, 1)?, hash(row, 2)?))),
        None => Ok(None),
    }
}

fn last_number(connection: &Connection, org: &OrgId, day: Date) -> Result<u32, LedgerError> {
    let sql = "SELECT last FROM numbers WHERE org = ?1 AND day = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let last = statement
        .query_row([org.as_str(), &day.to_string()], |row| row.get(0))
        .optional()
        .map_err(reading)?;
    Ok(last.unwrap_or_default())
}

#[async_trait]
impl Log for SqliteLedger {
    async fn append(&self, append: Append) -> Result<Appended, LedgerError> {
        let mut answers = self.append_many(vec![append]).await;
        answers.pop().unwrap_or_else(|| Err(closed()))
    }

    async fn append_many(&self, appends: Vec<Append>) -> Vec<Result<Appended, LedgerError>> {
        let count = appends.len();
        for append in &appends {
            self.note_number(append);
        }
        match self.writer.append(appends).await {
            Ok(answers) => answers,
            Err(error) => {
                let failure = super::errors::Failure::of(&error);
                (0..count).map(|_| Err(failure.error())).collect()
            }
        }
    }

    async fn load_ticket(&self, org: &OrgId, ticket: TicketId) -> Result<Option<Loaded<Entry>>, LedgerError> {
        let (org, vault) = (org.clone(), self.shared_vault());
        self.readers.look(move |connection| load_ticket(connection, &vault, &org, ticket)).await
    }

    async fn load_tickets(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, Loaded<Entry>>, LedgerError> {
        let (org, vault, tickets) = (org.clone(), self.shared_vault(), tickets.to_vec());
        self.readers.read(move |connection| load_tickets(connection, &vault, &org, &tickets)).await
    }

    async fn load_organisation(&self, org: &OrgId) -> Result<Option<Loaded<OrganisationEntry>>, LedgerError> {
        let org = org.clone();
        let read = move |connection: &Connection| {
            let stream = stream_bytes(Stream::Organisation);
            let records = records(connection, &org, OF_STREAM, params![org.as_str(), stream])?;
            from_stored::organisation(&org, &records)
        };
        self.readers.read(read).await
    }

    async fn records_of(&self, org: &OrgId, stream: Stream) -> Result<Vec<Stored>, LedgerError> {
        let org = org.clone();
        let read = move |connection: &Connection| {
            records(connection, &org, OF_STREAM, params![org.as_str(), stream_bytes(stream)])
        };
        self.readers.read(read).await
    }

    async fn read_all(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Stored>, LedgerError> {
        let org = org.clone();
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let read = move |connection: &Connection| {
            records(connection, &org, AFTER, params![org.as_str(), after, limit])
        };
        self.readers.read(read).await
    }

    async fn read_heads(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Head>, LedgerError> {
        let org = org.clone();
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let read = move |connection: &Connection| {
            let records = bare_records(connection, AFTER, params![org.as_str(), after, limit])?;
            records.iter().map(from_stored::head).collect()
        };
        self.readers.read(read).await
    }

    async fn last_position(&self, org: &OrgId) -> Result<u64, LedgerError> {
        let org = org.clone();
        self.readers.look(move |connection| last_position(connection, &org)).await
    }

    async fn organisations(&self) -> Result<Vec<OrgId>, LedgerError> {
        self.readers.read(organisations).await
    }

    async fn verify(&self, org: &OrgId) -> Result<Verified, LedgerError> {
        let (org, vault) = (org.clone(), self.shared_vault());
        self.readers.read(move |connection| verify(connection, &vault, &org)).await
    }

    async fn find_idempotency(&self, org: &OrgId, key: &str) -> Result<Used, LedgerError> {
        let (org, key) = (org.clone(), key.to_owned());
        self.readers.look(move |connection| find_idempotency(connection, &org, &key)).await
    }

    async fn next_number(&self, org: &OrgId, day: Date) -> Result<u32, LedgerError> {
        if self.handed_out(org, day) {
            return Ok(self.hand_out(org, day, 0));
        }
        let asked = org.clone();
        let last = self.readers.read(move |connection| last_number(connection, &asked, day)).await?;
        Ok(self.hand_out(org, day, last))
    }

    fn appended(&self) -> watch::Receiver<u64> {
        self.writer.appended()
    }
}
