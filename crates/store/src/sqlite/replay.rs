//! Making the view rows anew, and comparing them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{
    Custody, LedgerError, Refold, Replay, SealedViews, Stored, Stream, Vault, reading as from_stored, record,
    rows,
};

use super::{
    SqliteLedger,
    batch::EXTERNALS,
    columns::{CLOCK, TICKET, at, clock, get, id, ticket},
    errors::{reading, writing},
    log::{custody_of, next_by_stream},
    show::show,
    table::Rows,
    views::{counts, open_by_member, opened},
};
use crate::cells::Put;

const CLEAR: [&str; 4] = [
    "DELETE FROM tickets WHERE org = ?1",
    "DELETE FROM clocks WHERE org = ?1",
    "DELETE FROM tallies WHERE org = ?1",
    "DELETE FROM externals WHERE org = ?1",
];

/// Tickets whose rows are written at a time.
const TICKETS: usize = 256;

struct Rebuild<'a> {
    connection: &'a Connection,
    vault: &'a Vault,
    org: &'a OrgId,
    refold: &'a Refold,
    folded: u64,
    views: Vec<(TicketId, SealedViews)>,
    /// External id, position and ticket: the lowest position holds.
    externals: Vec<(String, u64, TicketId)>,
}

impl Rebuild<'_> {
    /// Takes one whole stream.
    fn fold(&mut self, stream: &[Stored], custody: Option<&Custody>) -> Result<(), LedgerError> {
        let Some(first) = stream.first() else { return Ok(()) };
        let Some(ticket) = first.stream.ticket() else { return Ok(()) };
        let Some(loaded) = from_stored::ticket(self.org, ticket, stream, custody)? else { return Ok(()) };
        for (stored, entry) in stream.iter().zip(&loaded.entries) {
            if let Some(external) = record::external(entry) {
                self.externals.push((external.to_owned(), stored.position, ticket));
            }
        }
        self.views.push((ticket, (self.refold)(ticket, &loaded)?));
        self.folded += 1;
        if self.views.len() == TICKETS { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), LedgerError> {
        let views = std::mem::take(&mut self.views);
        let shown: BTreeMap<_, _> =
            views.iter().map(|(ticket, views)| ((self.org, *ticket), (views, true))).collect();
        show(self.connection, &shown)
    }

    fn run(mut self) -> Result<u64, LedgerError> {
        for sql in CLEAR {
            self.connection.execute(sql, [self.org.as_str()]).map_err(writing)?;
        }
        let mut after = (Stream::Organisation, 0);
        let (mut stream, mut owner): (Vec<Stored>, Option<Custody>) = (Vec::new(), None);
        loop {
            let chunk = next_by_stream(self.connection, self.org, &after)?;
            let Some(last) = chunk.last() else { break };
            after = (last.stream, last.seq);
            let mut custody = custody_of(self.connection, self.vault, self.org, &chunk)?;
            for stored in chunk {
                if stream.last().is_some_and(|last| last.stream != stored.stream) {
                    self.fold(&std::mem::take(&mut stream), owner.take().as_ref())?;
                }
                if owner.is_none() {
                    owner = stored.stream.ticket().and_then(|ticket| custody.remove(&ticket));
                }
                stream.push(stored);
            }
        }
        self.fold(&stream, owner.as_ref())?;
        self.write()?;
        self.externals.sort_by_key(|(_, position, _)| *position);
        let mut rows = Rows::default();
        for (external, _, ticket) in &self.externals {
            rows.row().text(self.org.as_str()).text(external).bytes(ticket.uuid().as_bytes());
        }
        rows.execute(self.connection, EXTERNALS)?;
        Ok(self.folded)
    }
}

fn dump(connection: &Connection, vault: &Vault, org: &OrgId) -> Result<String, LedgerError> {
    let mut all = rows::Rows { counts: counts(connection, org, Timestamp::MIN)?, ..rows::Rows::default() };
    all.by_member = open_by_member(connection, org)?;
    let mut tickets = Vec::new();
    each(connection, &format!("SELECT {TICKET} FROM tickets WHERE org = ?1"), org, |row| {
        tickets.push(ticket(row)?);
        Ok(())
    })?;
    for row in opened(connection, vault, org, tickets)? {
        all.tickets.insert(row.ticket, row);
    }
    each(connection, &format!("SELECT {CLOCK} FROM clocks AS c WHERE org = ?1"), org, |row| {
        all.clocks.push(clock(row)?);
        Ok(())
    })?;
    let alarms = "SELECT ticket, alarm_at_us FROM tickets WHERE org = ?1 AND alarm_at_us IS NOT NULL";
    each(connection, alarms, org, |row| {
        all.alarms.insert(id(row, 0, TicketId::from_uuid)?, at(row, 1)?);
        Ok(())
    })?;
    each(connection, "SELECT external, ticket FROM externals WHERE org = ?1", org, |row| {
        all.externals.insert(get(row, 0)?, id(row, 1, TicketId::from_uuid)?);
        Ok(())
    })?;
    Ok(all.dump())
}

fn each(
    connection: &Connection,
    sql: &str,
    org: &OrgId,
    mut found: impl FnMut(&rusqlite::Row<'_>) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let mut statement = connection.prepare(sql).map_err(reading)?;
    let mut rows = statement.query([org.as_str()]).map_err(reading)?;
    while let Some(row) = rows.next().map_err(reading)? {
        found(row)?;
    }
    Ok(())
}

#[async_trait]
impl Replay for SqliteLedger {
    async fn rebuild(&self, org: &OrgId, refold: Refold) -> Result<u64, LedgerError> {
        let (org, vault) = (org.clone(), self.shared_vault());
        let change = move |connection: &Connection| {
            let (vault, org, refold) = (&*vault, &org, &refold);
            Rebuild { connection, vault, org, refold, folded: 0, views: Vec::new(), externals: Vec::new() }
                .run()
        };
        self.writer.change(change).await
    }

    async fn dump_views(&self, org: &OrgId) -> Result<String, LedgerError> {
        let (org, vault) = (org.clone(), self.shared_vault());
        self.readers.read(move |connection| dump(connection, &vault, &org)).await
    }
}
