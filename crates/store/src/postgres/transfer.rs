//! Exports and imports: the same statements for every table, made from its declaration.

mod export;

use std::collections::HashMap;

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use export::Snapshot;
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    LedgerError,
    transfer::{
        Cell, CellKind, Export, HeadRow, Piece, RecordRow, Standing, Table, Transfer, new_records, other_log,
    },
};

use super::{
    PostgresLedger,
    columns::{Columns, Value},
    errors::failed,
    target::Purpose,
};
use crate::cells::{Cells, Put, unsigned, word};

/// Tables that do not travel and are removed with an organisation: view rows, sessions, what nodes hold for a moment.
const AT_HOME: [&str; 7] =
    ["tickets", "clocks", "tallies", "externals", "sessions", "alarm_leases", "handed_out"];

const LOCK: &str = "SELECT last_position, standing FROM organisations WHERE org = $1 FOR UPDATE";
pub(super) const LOOK: &str = "SELECT last_position, standing FROM organisations WHERE org = $1";
const BEGIN: &str = "INSERT INTO organisations (org, last_position, standing) VALUES ($1, 0, 'arriving')
    ON CONFLICT (org) DO UPDATE SET standing = 'arriving'";
const HASHES: &str =
    "SELECT position, hash FROM records WHERE org = $1 AND position >= $2 AND position <= $3";
const HEADS: &str =
    "SELECT h.hash = r.hash FROM unnest($2::bytea[], $3::bigint[], $4::bytea[]) AS h(stream, seq, hash)
    LEFT JOIN records AS r ON r.org = $1 AND r.stream = h.stream AND r.seq = h.seq";
const ERASED: &str = "DELETE FROM contents WHERE org = $1 AND position IN (
    SELECT r.position FROM persons AS p
    JOIN custody AS c ON c.org = p.org AND c.person = p.person
    JOIN records AS r ON r.org = c.org AND r.stream = c.ticket
    WHERE p.org = $1 AND p.wrapped IS NULL)";

fn columns(table: Table) -> String {
    table.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// A transaction on a session of its own. Dropped unless it was committed, and with it whatever it did.
struct Work<'a> {
    client: ClientWrapper,
    org: &'a OrgId,
    /// Last position and standing; none if the database does not know the organisation.
    known: Option<(u64, Standing)>,
}

impl<'a> Work<'a> {
    /// Begins, and holds the lock on the organisation, as appends do.
    async fn begin(client: ClientWrapper, org: &'a OrgId) -> Result<Self, LedgerError> {
        client.batch_execute("BEGIN").await.map_err(|error| failed(&error))?;
        let known = look(&client, LOCK, org).await?;
        Ok(Self { client, org, known })
    }

    async fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, LedgerError> {
        let statement = self.client.prepare_cached(sql).await.map_err(|error| failed(&error))?;
        self.client.execute(&statement, values).await.map_err(|error| failed(&error))
    }

    /// The same with the organisation as the only value.
    async fn of_org(&self, sql: &str) -> Result<u64, LedgerError> {
        self.execute(sql, &[&self.org.as_str()]).await
    }

    async fn clear(&self, table: &str) -> Result<(), LedgerError> {
        self.of_org(&format!("DELETE FROM {table} WHERE org = $1")).await.map(drop)
    }

    fn must_arrive(&self) -> Result<u64, LedgerError> {
        match self.known {
            Some((last, Standing::Arriving)) => Ok(last),
            Some((_, standing)) => Err(LedgerError::NotOpen { standing }),
            None => Err(LedgerError::Unfit { what: "an import was not begun" }),
        }
    }

    async fn commit(self) -> Result<ClientWrapper, LedgerError> {
        self.client.batch_execute("COMMIT").await.map_err(|error| failed(&error))?;
        Ok(self.client)
    }

    async fn insert(&self, piece: Piece) -> Result<(), LedgerError> {
        let (table, rows) = piece.into_rows();
        let mut cells = Columns::default();
        for row in &rows {
            cells.row();
            for (cell, column) in row.iter().zip(table.columns()) {
                put(&mut cells, cell, column.kind);
            }
        }
        let arrays: Vec<String> = table
            .columns()
            .iter()
            .zip(2..)
            .map(|(column, number)| format!("${number}::{}[]", kind(column.kind)))
            .collect();
        let sql = format!(
            "INSERT INTO {} (org, {}) SELECT $1::text, u.* FROM unnest({}) AS u ON CONFLICT DO NOTHING",
            table.name(),
            columns(table),
            arrays.join(", ")
        );
        let org = self.org.as_str();
        let mut values: Vec<Value<'_>> = vec![&org];
        values.extend(cells.values());
        self.execute(&sql, &values).await.map(drop)
    }

    async fn same_heads(&self, rows: &[HeadRow]) -> Result<(), LedgerError> {
        let mut heads = Columns::default();
        for row in rows {
            heads.row().bytes(&row.stream).number(row.seq.into()).bytes(&row.hash);
        }
        let org = self.org.as_str();
        let mut values: Vec<Value<'_>> = vec![&org];
        values.extend(heads.values());
        let statement = self.client.prepare_cached(HEADS).await.map_err(|error| failed(&error))?;
        let same = self.client.query(&statement, &values).await.map_err(|error| failed(&error))?;
        let all = same.iter().all(|row| matches!(row.try_get::<_, Option<bool>>(0), Ok(Some(true))));
        if all { Ok(()) } else { Err(other_log()) }
    }

    async fn records(&self, rows: Vec<RecordRow>, last: u64) -> Result<(), LedgerError> {
        let (first, end) =
            (rows.first().map_or(0, |row| row.position), rows.last().map_or(0, |row| row.position));
        let mut there: HashMap<u64, Vec<u8>> = HashMap::new();
        if first <= last {
            let statement = self.client.prepare_cached(HASHES).await.map_err(|error| failed(&error))?;
            let (from, to) = (first.cast_signed(), end.cast_signed());
            let values: [Value<'_>; 3] = [&self.org.as_str(), &from, &to];
            for row in self.client.query(&statement, &values).await.map_err(|error| failed(&error))? {
                there.insert(unsigned(&row, 0)?, row.bytes_or_none(1)?.unwrap_or_default().to_vec());
            }
        }
        let new = Piece::Records(new_records(rows, last, |position| Ok(there.remove(&position)))?);
        let Some(last) = new.last_position() else { return Ok(()) };
        self.insert(new).await?;
        let values: [Value<'_>; 2] = [&self.org.as_str(), &last.cast_signed()];
        self.execute("UPDATE organisations SET last_position = $2 WHERE org = $1", &values).await.map(drop)
    }

    async fn stand(&self, standing: Standing) -> Result<(), LedgerError> {
        let values: [Value<'_>; 2] = [&self.org.as_str(), &standing.word()];
        self.execute("UPDATE organisations SET standing = $2 WHERE org = $1", &values).await.map(drop)
    }
}

pub(super) async fn look(
    client: &ClientWrapper,
    sql: &str,
    org: &OrgId,
) -> Result<Option<(u64, Standing)>, LedgerError> {
    let statement = client.prepare_cached(sql).await.map_err(|error| failed(&error))?;
    let row = client.query_opt(&statement, &[&org.as_str()]).await.map_err(|error| failed(&error))?;
    row.map(|row| Ok((unsigned(&row, 0)?, word(&row, 1, Standing::from_word)?))).transpose()
}

const fn kind(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Integer => "bigint",
        CellKind::Text => "text",
        CellKind::Bytes => "bytea",
    }
}

fn put(cells: &mut Columns, cell: &Cell, kind: CellKind) {
    match (cell, kind) {
        (Cell::Integer(number), _) => cells.number_or_null(Some(*number)),
        (Cell::Text(text), _) => cells.text_or_null(Some(text)),
        (Cell::Bytes(bytes), _) => cells.bytes_or_null(Some(bytes)),
        (Cell::Null, CellKind::Integer) => cells.number_or_null(None),
        (Cell::Null, CellKind::Text) => cells.text_or_null(None),
        (Cell::Null, CellKind::Bytes) => cells.bytes_or_null(None),
    };
}

impl PostgresLedger {
    /// A session whose statements take as long as they take.
    async fn patient(&self) -> Result<ClientWrapper, LedgerError> {
        if let Some(client) = self.arrivals.lock().await.take().filter(|client| !client.is_closed()) {
            return Ok(client);
        }
        self.session(Purpose::Patient).await
    }

    async fn arrival<'a>(&self, org: &'a OrgId) -> Result<Work<'a>, LedgerError> {
        Work::begin(self.patient().await?, org).await
    }

    /// Commits, and keeps the session for the next step.
    async fn done(&self, work: Work<'_>) -> Result<(), LedgerError> {
        *self.arrivals.lock().await = Some(work.commit().await?);
        Ok(())
    }
}

#[async_trait]
impl Transfer for PostgresLedger {
    async fn standing(&self, org: &OrgId) -> Result<Standing, LedgerError> {
        let rows = self.readers.query(LOOK, &[&org.as_str()]).await?;
        rows.first().map_or(Ok(Standing::Open), |row| word(row, 1, Standing::from_word))
    }

    async fn export(&self, org: &OrgId, since: u64) -> Result<Box<dyn Export>, LedgerError> {
        let client = self.session(Purpose::Patient).await?;
        Ok(Box::new(Snapshot::start(client, org, since).await?))
    }

    async fn begin_import(&self, org: &OrgId) -> Result<u64, LedgerError> {
        let work = self.arrival(org).await?;
        let (records, standing) = work.known.unwrap_or((0, Standing::Open));
        match standing {
            Standing::Left => return Err(LedgerError::NotOpen { standing }),
            Standing::Open if records > 0 => return Err(LedgerError::Occupied { records }),
            _ => {}
        }
        work.of_org(BEGIN).await?;
        for table in Table::whole().map(Table::name).chain(AT_HOME) {
            work.clear(table).await?;
        }
        self.done(work).await?;
        Ok(records)
    }

    async fn import(&self, org: &OrgId, piece: Piece) -> Result<(), LedgerError> {
        let work = self.arrival(org).await?;
        let last = work.must_arrive()?;
        match piece {
            Piece::Heads(rows) => work.same_heads(&rows).await?,
            Piece::Records(rows) => work.records(rows, last).await?,
            other => work.insert(other).await?,
        }
        self.done(work).await
    }

    async fn open_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        let work = self.arrival(org).await?;
        work.must_arrive()?;
        work.stand(Standing::Open).await?;
        self.done(work).await
    }

    async fn drop_erased(&self, org: &OrgId) -> Result<u64, LedgerError> {
        let work = self.arrival(org).await?;
        work.must_arrive()?;
        let dropped = work.of_org(ERASED).await?;
        self.done(work).await?;
        Ok(dropped)
    }

    async fn discard_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        let work = self.arrival(org).await?;
        work.must_arrive()?;
        let tables = Table::whole().map(Table::name).chain(AT_HOME);
        for table in tables.chain(["contents", "records"]) {
            work.clear(table).await?;
        }
        // The row stays: writers of all nodes count on it once they have seen it.
        work.of_org("UPDATE organisations SET last_position = 0, standing = 'open' WHERE org = $1").await?;
        self.done(work).await
    }

    async fn leave(&self, org: &OrgId, last_position: u64) -> Result<bool, LedgerError> {
        let work = self.arrival(org).await?;
        match work.known {
            Some((_, standing @ Standing::Arriving)) => Err(LedgerError::NotOpen { standing }),
            Some((_, Standing::Left)) => Ok(true),
            Some((last, Standing::Open)) if last == last_position => {
                work.stand(Standing::Left).await?;
                self.done(work).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn come_back(&self, org: &OrgId) -> Result<(), LedgerError> {
        let work = self.arrival(org).await?;
        if matches!(work.known, Some((_, Standing::Left))) {
            work.stand(Standing::Open).await?;
        }
        self.done(work).await
    }
}
