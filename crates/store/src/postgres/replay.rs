//! Making the view rows anew, and comparing them.

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use jiff::Timestamp;
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{
    Custody, LedgerError, Refold, Replay, SealedViews, Stored, Stream, Vault, reading as from_stored, record,
    rows,
};

use super::{
    PostgresLedger,
    batch::EXTERNALS,
    columns::Columns,
    errors::failed,
    log::{custody_of, next_by_stream},
    pool::Via,
    show::{CLOCKS, TALLIES, TICKETS},
    target::Purpose,
    views::{counts, open_by_member, opened},
};
use crate::{
    cells::{CLOCK, Cells, Put, TICKET, at, clock, id, ticket},
    plan::Shown,
    show::{Before, Changes},
};

/// Nobody appends to the organisation from here to the commit.
const LOCK: &str = "SELECT FROM organisations WHERE org = $1 FOR UPDATE";

const CLEAR: [&str; 5] = [
    "DELETE FROM tickets WHERE org = $1",
    "DELETE FROM clocks WHERE org = $1",
    "DELETE FROM tallies WHERE org = $1",
    "DELETE FROM externals WHERE org = $1",
    "DELETE FROM alarm_leases WHERE org = $1",
];

/// Tickets whose rows are written at a time.
const TICKETS_AT_ONCE: usize = 512;

struct Rebuild<'a> {
    client: &'a ClientWrapper,
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
        Ok(())
    }

    async fn put(&self, sql: &str, rows: &Columns) -> Result<(), LedgerError> {
        if rows.is_empty() {
            return Ok(());
        }
        Via::One(self.client).query(sql, &rows.values()).await.map(drop)
    }

    async fn write(&mut self) -> Result<(), LedgerError> {
        let views = std::mem::take(&mut self.views);
        let shown: Shown<'_> =
            views.iter().map(|(ticket, views)| ((self.org, *ticket), (views, true))).collect();
        let changes: Changes<Columns> = Changes::of(&shown, &Before::default());
        self.put(TICKETS, &changes.tickets).await?;
        self.put(CLOCKS, &changes.clocks).await?;
        self.put(TALLIES, &changes.tallies).await
    }

    async fn run(mut self) -> Result<u64, LedgerError> {
        let via = Via::One(self.client);
        via.query(LOCK, &[&self.org.as_str()]).await?;
        for sql in CLEAR {
            via.query(sql, &[&self.org.as_str()]).await?;
        }
        let mut after = (Stream::Organisation, 0);
        let (mut stream, mut owner): (Vec<Stored>, Option<Custody>) = (Vec::new(), None);
        loop {
            let chunk = next_by_stream(via, self.org, &after).await?;
            let Some(last) = chunk.last() else { break };
            after = (last.stream, last.seq);
            let mut custody = custody_of(via, self.vault, self.org, &chunk).await?;
            for stored in chunk {
                if stream.last().is_some_and(|last| last.stream != stored.stream) {
                    self.fold(&std::mem::take(&mut stream), owner.take().as_ref())?;
                }
                if owner.is_none() {
                    owner = stored.stream.ticket().and_then(|ticket| custody.remove(&ticket));
                }
                stream.push(stored);
            }
            if self.views.len() >= TICKETS_AT_ONCE {
                self.write().await?;
            }
        }
        self.fold(&stream, owner.as_ref())?;
        self.write().await?;
        self.externals.sort_by_key(|(_, position, _)| *position);
        let mut rows = Columns::default();
        for (external, _, ticket) in &self.externals {
            rows.row().text(self.org.as_str()).text(external).uuid(ticket.uuid());
        }
        self.put(EXTERNALS, &rows).await?;
        Ok(self.folded)
    }
}

async fn dump(client: &ClientWrapper, vault: &Vault, org: &OrgId) -> Result<String, LedgerError> {
    let via = Via::One(client);
    let key = org.as_str();
    let mut all = rows::Rows { counts: counts(via, org, Timestamp::MIN).await?, ..rows::Rows::default() };
    all.by_member = open_by_member(via, org).await?;
    let tickets = via.query(&format!("SELECT {TICKET} FROM tickets WHERE org = $1"), &[&key]).await?;
    let tickets = tickets.iter().map(ticket).collect::<Result<_, _>>()?;
    for row in opened(via, vault, org, tickets).await? {
        all.tickets.insert(row.ticket, row);
    }
    for row in via.query(&format!("SELECT {CLOCK} FROM clocks AS c WHERE org = $1"), &[&key]).await? {
        all.clocks.push(clock(&row)?);
    }
    let alarms = "SELECT ticket, alarm_at_us FROM tickets WHERE org = $1 AND alarm_at_us IS NOT NULL";
    for row in via.query(alarms, &[&key]).await? {
        all.alarms.insert(id(&row, 0, TicketId::from_uuid)?, at(&row, 1)?);
    }
    for row in via.query("SELECT external, ticket FROM externals WHERE org = $1", &[&key]).await? {
        all.externals.insert(row.text(0)?.to_owned(), id(&row, 1, TicketId::from_uuid)?);
    }
    Ok(all.dump())
}

#[async_trait]
impl Replay for PostgresLedger {
    async fn rebuild(&self, org: &OrgId, refold: Refold) -> Result<u64, LedgerError> {
        // Dropping the session undoes what was not committed.
        let client = self.session(Purpose::Patient).await?;
        client.batch_execute("BEGIN").await.map_err(|error| failed(&error))?;
        let rebuild = Rebuild {
            client: &client,
            vault: &self.vault,
            org,
            refold: &refold,
            folded: 0,
            views: Vec::new(),
            externals: Vec::new(),
        };
        let folded = rebuild.run().await?;
        client.batch_execute("COMMIT").await.map_err(|error| failed(&error))?;
        Ok(folded)
    }

    async fn dump_views(&self, org: &OrgId) -> Result<String, LedgerError> {
        dump(&self.snapshot().await?, &self.vault, org).await
    }
}
