//! Reading and appending records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use jiff::{Timestamp, civil::Date};
use tokio::sync::watch;
use tokio_postgres::Row;
use yinuo_core::{
    id::{OrgId, PersonId, TicketId},
    organisation::OrganisationEntry,
    ticket::Entry,
};
use yinuo_ledger::{
    Append, Appended, Custody, Hash, Head, LedgerError, Loaded, Log, SealedContent, Stored, Stream, Vault,
    Verified, reading as from_stored,
};

use super::{PostgresLedger, closed, columns::Value, errors::failed, pool::Via, target::Purpose};
use crate::{
    cells::{Cells, at_or_none, hash, id, org, stream, stream_bytes, unsigned},
    custody::{Owners, open_owners, wrapped_or_none},
};

const OF_STREAM: &str =
    "SELECT position, stream, seq, hash, body FROM records WHERE org = $1 AND stream = $2 ORDER BY seq";
const OF_STREAMS: &str =
    "SELECT r.position, r.stream, r.seq, r.hash, r.body FROM unnest($2::bytea[]) AS s(stream)
    CROSS JOIN LATERAL (SELECT * FROM records AS x WHERE x.org = $1 AND x.stream = s.stream OFFSET 0) AS r
    ORDER BY r.stream, r.seq";
const AFTER: &str = "SELECT position, stream, seq, hash, body FROM records WHERE org = $1 AND position > $2
    ORDER BY position LIMIT $3";
const NEXT_BY_STREAM: &str = "SELECT position, stream, seq, hash, body FROM records
    WHERE org = $1 AND (stream, seq) > ($2, $3) ORDER BY stream, seq LIMIT $4";
const OWNERS: &str = "SELECT k.ticket, p.person, p.wrapped FROM unnest($2::bytea[]) AS w(ticket)
    CROSS JOIN LATERAL (SELECT * FROM custody AS x WHERE x.org = $1 AND x.ticket = w.ticket LIMIT 1) AS k
    CROSS JOIN LATERAL (SELECT * FROM persons AS x WHERE x.org = $1 AND x.person = k.person LIMIT 1) AS p";
const CONTENTS: &str = "SELECT c.position, c.n, c.sealed FROM unnest($2::bigint[]) AS p(position)
    CROSS JOIN LATERAL (SELECT * FROM contents AS x WHERE x.org = $1 AND x.position = p.position OFFSET 0) AS c
    ORDER BY c.position, c.n";

/// Records that a verification or a rebuild holds in memory at a time.
const CHUNK: i64 = 1024;

/// Records without their contents.
async fn bare_records(via: Via<'_>, sql: &str, values: &[Value<'_>]) -> Result<Vec<Stored>, LedgerError> {
    let read = |row: &Row| {
        Ok(Stored {
            position: unsigned(row, 0)?,
            stream: stream(row.bytes(1)?)?,
            seq: unsigned(row, 2)?,
            hash: Hash(hash(row, 3)?),
            body: row.text(4)?.to_owned(),
            contents: Vec::new(),
        })
    };
    via.query(sql, values).await?.iter().map(read).collect()
}

async fn records(
    via: Via<'_>,
    org: &OrgId,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Vec<Stored>, LedgerError> {
    let mut records = bare_records(via, sql, values).await?;
    add_contents(via, org, &mut records).await?;
    Ok(records)
}

async fn add_contents(via: Via<'_>, org: &OrgId, records: &mut [Stored]) -> Result<(), LedgerError> {
    if records.is_empty() {
        return Ok(());
    }
    let position = |stored: &Stored| i64::try_from(stored.position).unwrap_or(i64::MAX);
    let positions: Vec<i64> = records.iter().map(position).collect();
    let mut found: HashMap<u64, Vec<SealedContent>> = HashMap::new();
    for row in via.query(CONTENTS, &[&org.as_str(), &positions]).await? {
        let (position, sealed) = (unsigned(&row, 0)?, row.bytes(2)?.into());
        found.entry(position).or_default().push(SealedContent { n: unsigned(&row, 1)?, sealed });
    }
    for stored in records {
        stored.contents = found.remove(&stored.position).unwrap_or_default();
    }
    Ok(())
}

/// Whose these tickets are.
pub(super) async fn owners(via: Via<'_>, org: &OrgId, tickets: &[TicketId]) -> Result<Owners, LedgerError> {
    let mut owners = Owners::new();
    if tickets.is_empty() {
        return Ok(owners);
    }
    let asked: Vec<Vec<u8>> = tickets.iter().map(|ticket| ticket.uuid().as_bytes().to_vec()).collect();
    for row in via.query(OWNERS, &[&org.as_str(), &asked]).await? {
        let person = id(&row, 1, PersonId::from_uuid)?;
        owners.insert(id(&row, 0, TicketId::from_uuid)?, (person, wrapped_or_none(&row, 2, person)?));
    }
    Ok(owners)
}

/// The custody of every ticket among these records.
pub(super) async fn custody_of(
    via: Via<'_>,
    vault: &Vault,
    org: &OrgId,
    records: &[Stored],
) -> Result<HashMap<TicketId, Custody>, LedgerError> {
    let mut tickets: Vec<TicketId> = records.iter().filter_map(|stored| stored.stream.ticket()).collect();
    tickets.dedup();
    open_owners(vault, org, &owners(via, org, &tickets).await?)
}

/// Runs a statement inside the transaction of a session, and says how many rows it changed.
pub(super) async fn execute(
    client: &ClientWrapper,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64, LedgerError> {
    let run = async { client.execute(&client.prepare_cached(sql).await?, values).await };
    run.await.map_err(|error| failed(&error))
}

/// Records in the order of their streams, after one of them.
pub(super) async fn next_by_stream(
    via: Via<'_>,
    org: &OrgId,
    after: &(Stream, u32),
) -> Result<Vec<Stored>, LedgerError> {
    let values: [Value<'_>; 4] = [&org.as_str(), &stream_bytes(after.0), &i64::from(after.1), &CHUNK];
    records(via, org, NEXT_BY_STREAM, &values).await
}

pub(super) async fn last_position(via: Via<'_>, org: &OrgId) -> Result<u64, LedgerError> {
    let rows = via.query("SELECT last_position FROM organisations WHERE org = $1", &[&org.as_str()]).await?;
    rows.first().map_or(Ok(0), |row| unsigned(row, 0))
}

async fn verify(client: &ClientWrapper, vault: &Vault, org: &OrgId) -> Result<Verified, LedgerError> {
    let via = Via::One(client);
    let mut verifier = from_stored::Verifier::new(org);
    let mut after = (Stream::Organisation, 0);
    loop {
        let records = next_by_stream(via, org, &after).await?;
        let custody = custody_of(via, vault, org, &records).await?;
        for stored in &records {
            verifier.check(stored, stored.stream.ticket().and_then(|ticket| custody.get(&ticket)))?;
        }
        match records.last() {
            Some(last) => after = (last.stream, last.seq),
            None => return verifier.finish(last_position(via, org).await?),
        }
    }
}

impl PostgresLedger {
    /// A session of its own in which everything is seen as of one moment. It ends with the value.
    pub(super) async fn snapshot(&self) -> Result<ClientWrapper, LedgerError> {
        let client = self.session(Purpose::Patient).await?;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        client.batch_execute(begin).await.map_err(|error| failed(&error))?;
        Ok(client)
    }

    async fn of_stream(&self, org: &OrgId, stream: Stream) -> Result<Vec<Stored>, LedgerError> {
        let values: [Value<'_>; 2] = [&org.as_str(), &stream_bytes(stream)];
        records(Via::Any(&self.readers), org, OF_STREAM, &values).await
    }
}

#[async_trait]
impl Log for PostgresLedger {
    async fn append(&self, append: Append) -> Result<Appended, LedgerError> {
        let mut answers = self.append_many(vec![append]).await;
        answers.pop().unwrap_or_else(|| Err(closed()))
    }

    async fn append_many(&self, appends: Vec<Append>) -> Vec<Result<Appended, LedgerError>> {
        let count = appends.len();
        match self.writer.append(appends).await {
            Ok(answers) => answers,
            Err(error) => {
                let reason = error.to_string();
                (0..count).map(|_| Err(super::errors::unavailable(reason.clone()))).collect()
            }
        }
    }

    async fn load_ticket(&self, org: &OrgId, ticket: TicketId) -> Result<Option<Loaded<Entry>>, LedgerError> {
        let records = self.of_stream(org, Stream::Ticket(ticket)).await?;
        let custody = custody_of(Via::Any(&self.readers), &self.vault, org, &records).await?;
        from_stored::ticket(org, ticket, &records, custody.get(&ticket))
    }

    async fn load_tickets(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, Loaded<Entry>>, LedgerError> {
        let asked: BTreeSet<Vec<u8>> =
            tickets.iter().map(|ticket| stream_bytes(Stream::Ticket(*ticket))).collect();
        let asked: Vec<Vec<u8>> = asked.into_iter().collect();
        let values: [Value<'_>; 2] = [&org.as_str(), &asked];
        let via = Via::Any(&self.readers);
        let records = records(via, org, OF_STREAMS, &values).await?;
        let custody = custody_of(via, &self.vault, org, &records).await?;
        let mut loaded = BTreeMap::new();
        for stream in records.chunk_by(|a, b| a.stream == b.stream) {
            let Some(ticket) = stream.first().and_then(|stored| stored.stream.ticket()) else { continue };
            if let Some(found) = from_stored::ticket(org, ticket, stream, custody.get(&ticket))? {
                loaded.insert(ticket, found);
            }
        }
        Ok(loaded)
    }

    async fn load_organisation(&self, org: &OrgId) -> Result<Option<Loaded<OrganisationEntry>>, LedgerError> {
        let records = self.of_stream(org, Stream::Organisation).await?;
        from_stored::organisation(org, &records)
    }

    async fn records_of(&self, org: &OrgId, stream: Stream) -> Result<Vec<Stored>, LedgerError> {
        self.of_stream(org, stream).await
    }

    async fn read_all(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Stored>, LedgerError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let values: [Value<'_>; 3] = [&org.as_str(), &after, &i64::from(limit)];
        records(Via::Any(&self.readers), org, AFTER, &values).await
    }

    async fn read_heads(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Head>, LedgerError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let values: [Value<'_>; 3] = [&org.as_str(), &after, &i64::from(limit)];
        let records = bare_records(Via::Any(&self.readers), AFTER, &values).await?;
        records.iter().map(from_stored::head).collect()
    }

    async fn last_position(&self, org: &OrgId) -> Result<u64, LedgerError> {
        last_position(Via::Any(&self.readers), org).await
    }

    async fn organisations(&self) -> Result<Vec<OrgId>, LedgerError> {
        let sql = "SELECT org FROM organisations WHERE last_position > 0 ORDER BY org";
        self.readers.query(sql, &[]).await?.iter().map(|row| org(row, 0)).collect()
    }

    async fn verify(&self, org: &OrgId) -> Result<Verified, LedgerError> {
        verify(&self.snapshot().await?, &self.vault, org).await
    }

    async fn find_idempotency(
        &self,
        org: &OrgId,
        key: &str,
    ) -> Result<Option<(Stream, u32, [u8; 32])>, LedgerError> {
        if key.contains('\0') {
            return Ok(None);
        }
        let sql = "SELECT stream, seq, digest FROM idempotency WHERE org = $1 AND key = $2";
        let rows = self.readers.query(sql, &[&org.as_str(), &key]).await?;
        let read = |row: &Row| Ok((stream(row.bytes(0)?)?, unsigned(row, 1)?, hash(row, 2)?));
        rows.first().map(read).transpose()
    }

    async fn next_number(&self, org: &OrgId, day: Date) -> Result<u32, LedgerError> {
        self.numbers.next(org, day).await
    }

    fn appended(&self) -> watch::Receiver<u64> {
        self.ear.appended()
    }

    async fn database_now(&self) -> Result<Option<Timestamp>, LedgerError> {
        let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        let rows = self.readers.query(sql, &[]).await?;
        rows.first().map_or(Ok(None), |row| at_or_none(row, 0))
    }
}
