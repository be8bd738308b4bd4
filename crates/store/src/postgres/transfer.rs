//! Exports and imports: the same statements for every table, made from its declaration.

mod export;

use std::collections::HashMap;

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use export::Snapshot;
use tokio_postgres::error::SqlState;
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
    open::FORGET_FIRST_KEY,
    pool::Via,
    target::Purpose,
    tree::is_led,
};
use crate::cells::{Cells, Put, unsigned, word};

/// Tables that do not travel and are removed with an organisation: view rows, sessions, vectors, what nodes hold for a moment.
const AT_HOME: [&str; 8] =
    ["tickets", "clocks", "tallies", "externals", "sessions", "vectors", "alarm_leases", "handed_out"];

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

/// Held from the beginning of an import to its end, in the session that does all of its work. So two imports never work on
/// one organisation: one that began anew would clear what the other one is about to put in service.
const TAKE: &str = "SELECT pg_advisory_lock(hashtextextended('yinuo/arrive/' || $1::text, 0))";
const GIVE: &str = "SELECT pg_advisory_unlock_all()";

/// The session of an import.
#[derive(Debug)]
pub(super) struct Arrivals {
    client: ClientWrapper,
    /// The organisation that it holds.
    of: Option<OrgId>,
}

impl Arrivals {
    /// Holds the organisation. Whoever was killed while holding it is waited for, until its session has ended.
    async fn hold(&mut self, org: &OrgId) -> Result<(), LedgerError> {
        if self.of.as_ref() == Some(org) {
            return Ok(());
        }
        self.let_go().await?;
        match self.client.query(TAKE, &[&org.as_str()]).await {
            Ok(_) => {}
            Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                return Err(LedgerError::InUse { server: false });
            }
            Err(error) => return Err(failed(&error)),
        }
        self.of = Some(org.clone());
        Ok(())
    }

    async fn let_go(&mut self) -> Result<(), LedgerError> {
        if self.of.take().is_some() {
            self.client.batch_execute(GIVE).await.map_err(|error| failed(&error))?;
        }
        Ok(())
    }
}

/// A transaction of the session of an import. Dropped, and its session with it, unless it was ended.
struct Work<'a> {
    session: Arrivals,
    org: &'a OrgId,
    /// Last position and standing; none if the database does not know the organisation.
    known: Option<(u64, Standing)>,
}

impl<'a> Work<'a> {
    /// Begins, and holds the lock on the organisation, as appends do.
    async fn begin(session: Arrivals, org: &'a OrgId) -> Result<Self, LedgerError> {
        session.client.batch_execute("BEGIN").await.map_err(|error| failed(&error))?;
        let known = look(&session.client, LOCK, org).await?;
        Ok(Self { session, org, known })
    }

    async fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, LedgerError> {
        let client = &self.session.client;
        let statement = client.prepare_cached(sql).await.map_err(|error| failed(&error))?;
        client.execute(&statement, values).await.map_err(|error| failed(&error))
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

    /// Refuses unless this session has begun the import: whoever lost it does not know what others did meanwhile.
    fn must_hold(&self) -> Result<u64, LedgerError> {
        let last = self.must_arrive()?;
        if self.session.of.as_ref() == Some(self.org) {
            Ok(last)
        } else {
            Err(LedgerError::InUse { server: false })
        }
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
        let statement = self.session.client.prepare_cached(HEADS).await.map_err(|error| failed(&error))?;
        let same = self.session.client.query(&statement, &values).await.map_err(|error| failed(&error))?;
        let all = same.iter().all(|row| matches!(row.try_get::<_, Option<bool>>(0), Ok(Some(true))));
        if all { Ok(()) } else { Err(other_log()) }
    }

    async fn records(&self, rows: Vec<RecordRow>, last: u64) -> Result<(), LedgerError> {
        let (first, end) =
            (rows.first().map_or(0, |row| row.position), rows.last().map_or(0, |row| row.position));
        let mut there: HashMap<u64, Vec<u8>> = HashMap::new();
        if first <= last {
            let statement =
                self.session.client.prepare_cached(HASHES).await.map_err(|error| failed(&error))?;
            let (from, to) = (first.cast_signed(), end.cast_signed());
            let values: [Value<'_>; 3] = [&self.org.as_str(), &from, &to];
            for row in self.session.client.query(&statement, &values).await.map_err(|error| failed(&error))? {
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

impl Work<'_> {
    async fn begin_import(&self) -> Result<u64, LedgerError> {
        let (records, standing) = self.known.unwrap_or((0, Standing::Open));
        match standing {
            Standing::Left => return Err(LedgerError::NotOpen { standing }),
            Standing::Open if records > 0 => return Err(LedgerError::Occupied { records }),
            // A server that began with nothing holds secrets that would be exchanged under it.
            _ if is_led(Via::One(&self.session.client), self.org).await? => {
                return Err(LedgerError::InUse { server: true });
            }
            _ => {}
        }
        self.of_org(BEGIN).await?;
        for table in Table::whole().map(Table::name).chain(AT_HOME) {
            self.clear(table).await?;
        }
        Ok(records)
    }

    async fn import(&self, piece: Piece) -> Result<(), LedgerError> {
        let last = self.must_hold()?;
        match piece {
            Piece::Heads(rows) => self.same_heads(&rows).await,
            Piece::Records(rows) => self.records(rows, last).await,
            other => self.insert(other).await,
        }
    }

    async fn open_import(&self) -> Result<(), LedgerError> {
        self.must_hold()?;
        self.stand(Standing::Open).await
    }

    async fn drop_erased(&self) -> Result<u64, LedgerError> {
        self.must_hold()?;
        self.of_org(ERASED).await
    }

    async fn discard_import(&self) -> Result<(), LedgerError> {
        self.must_arrive()?;
        let tables = Table::whole().map(Table::name).chain(AT_HOME);
        for table in tables.chain(["contents", "records"]) {
            self.clear(table).await?;
        }
        // The row stays: writers of all nodes count on it once they have seen it.
        self.of_org("UPDATE organisations SET last_position = 0, standing = 'open' WHERE org = $1").await?;
        self.execute(FORGET_FIRST_KEY, &[]).await.map(drop)
    }

    async fn leave(&self, last_position: u64) -> Result<bool, LedgerError> {
        match self.known {
            Some((_, standing @ Standing::Arriving)) => Err(LedgerError::NotOpen { standing }),
            Some((_, Standing::Left)) => Ok(true),
            Some((last, Standing::Open)) if last == last_position => {
                self.stand(Standing::Left).await.map(|()| true)
            }
            _ => Ok(false),
        }
    }

    async fn come_back(&self) -> Result<(), LedgerError> {
        if matches!(self.known, Some((_, Standing::Left))) {
            self.stand(Standing::Open).await?;
        }
        Ok(())
    }
}

impl PostgresLedger {
    /// The session of the import that is under way, or a new one whose statements take as long as they take.
    async fn arrivals(&self) -> Result<Arrivals, LedgerError> {
        if let Some(session) = self.arrivals.lock().await.take().filter(|session| !session.client.is_closed())
        {
            return Ok(session);
        }
        Ok(Arrivals { client: self.session(Purpose::Patient).await?, of: None })
    }

    async fn arrival<'a>(&self, org: &'a OrgId) -> Result<Work<'a>, LedgerError> {
        Work::begin(self.arrivals().await?, org).await
    }

    /// Ends a step, as it came out, and keeps the session for the next one. `last` lets go of the organisation.
    async fn ended<T>(
        &self,
        work: Work<'_>,
        outcome: Result<T, LedgerError>,
        last: bool,
    ) -> Result<T, LedgerError> {
        let mut session = work.session;
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = session.client.batch_execute(end).await;
        // A session that is not as it should be is dropped, and lets go by that.
        if ended.is_ok() && (!last || session.let_go().await.is_ok()) {
            *self.arrivals.lock().await = Some(session);
        }
        let value = outcome?;
        ended.map(|()| value).map_err(|error| failed(&error))
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
        let mut session = self.arrivals().await?;
        session.hold(org).await?;
        let work = Work::begin(session, org).await?;
        let outcome = work.begin_import().await;
        let refused = outcome.is_err();
        self.ended(work, outcome, refused).await
    }

    async fn import(&self, org: &OrgId, piece: Piece) -> Result<(), LedgerError> {
        let work = self.arrival(org).await?;
        let outcome = work.import(piece).await;
        self.ended(work, outcome, false).await
    }

    async fn open_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        let work = self.arrival(org).await?;
        let outcome = work.open_import().await;
        self.ended(work, outcome, true).await
    }

    async fn drop_erased(&self, org: &OrgId) -> Result<u64, LedgerError> {
        let work = self.arrival(org).await?;
        let outcome = work.drop_erased().await;
        self.ended(work, outcome, false).await
    }

    async fn discard_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        let mut session = self.arrivals().await?;
        session.hold(org).await?;
        let work = Work::begin(session, org).await?;
        let outcome = work.discard_import().await;
        self.ended(work, outcome, true).await
    }

    async fn leave(&self, org: &OrgId, last_position: u64) -> Result<bool, LedgerError> {
        let work = self.arrival(org).await?;
        let outcome = work.leave(last_position).await;
        self.ended(work, outcome, false).await
    }

    async fn come_back(&self, org: &OrgId) -> Result<(), LedgerError> {
        let work = self.arrival(org).await?;
        let outcome = work.come_back().await;
        self.ended(work, outcome, false).await
    }
}
