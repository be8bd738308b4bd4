//! Exports and imports: the same statements for every table, made from its declaration.

mod export;

use std::path::Path;

use async_trait::async_trait;
use export::Snapshot;
use rusqlite::{
    Connection, OptionalExtension, Statement, ToSql, params, params_from_iter, types::ToSqlOutput,
};
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Hash, LedgerError,
    transfer::{
        Cell, Export, Extent, HeadRow, Piece, RecordRow, Standing, Table, Transfer, new_records, other_log,
    },
    tree::{Frontier, record_leaf},
};

use super::{
    OpenError, Options, SqliteLedger,
    columns::{hash, word},
    errors::{reading, writing},
    log::last_position,
};

/// Tables that do not travel and are removed with an organisation: view rows, sessions and vectors.
const AT_HOME: [&str; 6] = ["tickets", "clocks", "tallies", "externals", "sessions", "vectors"];

/// A value bound to a statement.
struct Bound<'a>(&'a Cell);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::{Value, ValueRef};
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Integer(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn columns(table: Table) -> String {
    table.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// How the organisation stands; none if the database does not know it.
pub(super) fn standing(connection: &Connection, org: &OrgId) -> Result<Option<Standing>, LedgerError> {
    let sql = "SELECT standing FROM organisations WHERE org = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query([org.as_str()]).map_err(reading)?;
    rows.next().map_err(reading)?.map(|row| word(row, 0, Standing::from_word)).transpose()
}

/// The record at a position as it is compared with one that arrives.
fn hash_at(connection: &Connection, org: &OrgId, position: u64) -> Result<Option<Vec<u8>>, LedgerError> {
    let sql = "SELECT hash FROM records WHERE org = ?1 AND position = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    statement.query_row(params![org.as_str(), position], |row| row.get(0)).optional().map_err(reading)
}

fn must_arrive(connection: &Connection, org: &OrgId) -> Result<(), LedgerError> {
    match standing(connection, org)? {
        Some(Standing::Arriving) => Ok(()),
        Some(standing) => Err(LedgerError::NotOpen { standing }),
        None => Err(LedgerError::Unfit { what: "an import was not begun" }),
    }
}

fn begin(connection: &Connection, org: &OrgId) -> Result<u64, LedgerError> {
    let records = last_position(connection, org)?;
    match standing(connection, org)? {
        Some(standing @ Standing::Left) => return Err(LedgerError::NotOpen { standing }),
        Some(Standing::Open) if records > 0 => return Err(LedgerError::Occupied { records }),
        _ => {}
    }
    for table in Table::whole() {
        clear(connection, org, table.name())?;
    }
    for table in AT_HOME {
        clear(connection, org, table)?;
    }
    let sql = "INSERT INTO organisations (org, last_position, standing) VALUES (?1, 0, 'arriving')
               ON CONFLICT (org) DO UPDATE SET standing = 'arriving'";
    connection.execute(sql, [org.as_str()]).map_err(writing)?;
    Ok(records)
}

fn clear(connection: &Connection, org: &OrgId, table: &str) -> Result<(), LedgerError> {
    connection.execute(&format!("DELETE FROM {table} WHERE org = ?1"), [org.as_str()]).map_err(writing)?;
    Ok(())
}

fn import(connection: &Connection, org: &OrgId, piece: Piece) -> Result<(), LedgerError> {
    must_arrive(connection, org)?;
    match piece {
        Piece::Heads(rows) => rows.iter().try_for_each(|row| same_head(connection, org, row)),
        Piece::Records(rows) => {
            let last = last_position(connection, org)?;
            let new = new_records(rows, last, |position| hash_at(connection, org, position))?;
            keep_records(connection, org, new)
        }
        other => {
            let (table, rows) = other.into_rows();
            insert(connection, org, table, &rows)
        }
    }
}

fn same_head(connection: &Connection, org: &OrgId, row: &HeadRow) -> Result<(), LedgerError> {
    let sql = "SELECT hash FROM records WHERE org = ?1 AND stream = ?2 AND seq = ?3";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let kept: Option<Vec<u8>> = statement
        .query_row(params![org.as_str(), row.stream, row.seq], |row| row.get(0))
        .optional()
        .map_err(reading)?;
    if kept.as_deref() == Some(&row.hash[..]) { Ok(()) } else { Err(other_log()) }
}

fn keep_records(connection: &Connection, org: &OrgId, rows: Vec<RecordRow>) -> Result<(), LedgerError> {
    let piece = Piece::Records(rows);
    let Some(last) = piece.last_position() else { return Ok(()) };
    let (table, rows) = piece.into_rows();
    insert(connection, org, table, &rows)?;
    let sql = "UPDATE organisations SET last_position = ?2 WHERE org = ?1";
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    connection.execute(sql, params![org.as_str(), last]).map_err(writing)?;
    Ok(())
}

fn insert(connection: &Connection, org: &OrgId, table: Table, rows: &[Vec<Cell>]) -> Result<(), LedgerError> {
    let marks = vec!["?"; table.columns().len() + 1].join(", ");
    let sql = format!(
        "INSERT INTO {} (org, {}) VALUES ({marks}) ON CONFLICT DO NOTHING",
        table.name(),
        columns(table)
    );
    let mut statement: Statement<'_> = connection.prepare(&sql).map_err(writing)?;
    let org = Cell::Text(org.to_string());
    for row in rows {
        let values = std::iter::once(&org).chain(row).map(Bound);
        statement.execute(params_from_iter(values)).map_err(writing)?;
    }
    Ok(())
}

fn open(connection: &Connection, org: &OrgId) -> Result<(), LedgerError> {
    must_arrive(connection, org)?;
    let sql = "UPDATE organisations SET standing = 'open' WHERE org = ?1";
    connection.execute(sql, [org.as_str()]).map_err(writing)?;
    Ok(())
}

fn drop_erased(connection: &Connection, org: &OrgId) -> Result<u64, LedgerError> {
    must_arrive(connection, org)?;
    let sql = "DELETE FROM contents WHERE org = ?1 AND position IN (
                   SELECT r.position FROM persons AS p
                   JOIN custody AS c ON c.org = p.org AND c.person = p.person
                   JOIN records AS r ON r.org = c.org AND r.stream = c.ticket
                   WHERE p.org = ?1 AND p.wrapped IS NULL)";
    Ok(connection.execute(sql, [org.as_str()]).map_err(writing)? as u64)
}

fn discard(connection: &Connection, org: &OrgId) -> Result<(), LedgerError> {
    must_arrive(connection, org)?;
    for table in
        Table::whole().map(Table::name).chain(AT_HOME).chain(["contents", "records", "organisations"])
    {
        clear(connection, org, table)?;
    }
    Ok(())
}

fn leave(connection: &Connection, org: &OrgId, last: u64) -> Result<bool, LedgerError> {
    match standing(connection, org)? {
        Some(standing @ Standing::Arriving) => return Err(LedgerError::NotOpen { standing }),
        Some(Standing::Left) => return Ok(true),
        Some(Standing::Open) if last_position(connection, org)? == last => {}
        _ => return Ok(false),
    }
    let sql = "UPDATE organisations SET standing = 'left' WHERE org = ?1";
    Ok(connection.execute(sql, [org.as_str()]).map_err(writing)? == 1)
}

fn come_back(connection: &Connection, org: &OrgId) -> Result<(), LedgerError> {
    let sql = "UPDATE organisations SET standing = 'open' WHERE org = ?1 AND standing = 'left'";
    connection.execute(sql, [org.as_str()]).map_err(writing)?;
    Ok(())
}

/// The root over the records up to a position.
fn root(connection: &Connection, org: &OrgId, until: u64) -> Result<Hash, LedgerError> {
    let sql = "SELECT hash FROM records WHERE org = ?1 AND position <= ?2 ORDER BY position";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query(params![org.as_str(), until.cast_signed()]).map_err(reading)?;
    let mut edge = Frontier::new();
    while let Some(row) = rows.next().map_err(reading)? {
        edge.push(record_leaf(Hash(hash(row, 0)?)), |_| {});
    }
    Ok(edge.root())
}

/// What the snapshot of this transaction holds.
fn extent(connection: &Connection, org: &OrgId, since: u64) -> Result<Extent, LedgerError> {
    let last_position = last_position(connection, org)?;
    let rows = export::whole(connection, org, Table::Checkpoints)?;
    let Piece::Checkpoints(mut rows) = Piece::from_rows(Table::Checkpoints, rows)? else {
        return Err(LedgerError::corrupt("the checkpoint cannot be read"));
    };
    let since = since.min(last_position);
    Ok(Extent { since, root: root(connection, org, since)?, last_position, checkpoint: rows.pop() })
}

impl SqliteLedger {
    /// An export of a file that another process may be serving, and how the organisation stands in it. Nothing is
    /// written, no lock is taken; the file has to be of the format of this program.
    pub async fn export_beside(
        path: impl AsRef<Path>,
        org: &OrgId,
        since: u64,
    ) -> Result<(Standing, Box<dyn Export>), OpenError> {
        let path = path.as_ref();
        let connection = super::open::beside(path, &Options::default())?;
        let failed = |error: LedgerError| OpenError::Failed { path: path.into(), what: error.to_string() };
        let standing = standing(&connection, org).map_err(failed)?.unwrap_or(Standing::Open);
        let snapshot = Snapshot::start(connection, org, since).await.map_err(failed)?;
        Ok((standing, Box::new(snapshot)))
    }
}

#[async_trait]
impl Transfer for SqliteLedger {
    async fn standing(&self, org: &OrgId) -> Result<Standing, LedgerError> {
        let org = org.clone();
        let read = move |connection: &Connection| standing(connection, &org);
        Ok(self.readers.read(read).await?.unwrap_or(Standing::Open))
    }

    async fn export(&self, org: &OrgId, since: u64) -> Result<Box<dyn Export>, LedgerError> {
        let connection = super::open::reader(&self.path, &self.options)
            .map_err(|error| LedgerError::unavailable("the database cannot be opened once more", error))?;
        Ok(Box::new(Snapshot::start(connection, org, since).await?))
    }

    async fn begin_import(&self, org: &OrgId) -> Result<u64, LedgerError> {
        let org = org.clone();
        self.writer.transfer(move |connection| begin(connection, &org)).await
    }

    async fn import(&self, org: &OrgId, piece: Piece) -> Result<(), LedgerError> {
        let org = org.clone();
        self.writer.transfer(move |connection| import(connection, &org, piece)).await
    }

    async fn open_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        self.forget_numbers(org);
        let org = org.clone();
        self.writer.transfer(move |connection| open(connection, &org)).await
    }

    async fn drop_erased(&self, org: &OrgId) -> Result<u64, LedgerError> {
        let org = org.clone();
        self.writer.transfer(move |connection| drop_erased(connection, &org)).await
    }

    async fn discard_import(&self, org: &OrgId) -> Result<(), LedgerError> {
        let org = org.clone();
        self.writer.transfer(move |connection| discard(connection, &org)).await
    }

    async fn leave(&self, org: &OrgId, last_position: u64) -> Result<bool, LedgerError> {
        let org = org.clone();
        self.writer.transfer(move |connection| leave(connection, &org, last_position)).await
    }

    async fn come_back(&self, org: &OrgId) -> Result<(), LedgerError> {
        let org = org.clone();
        self.writer.transfer(move |connection| come_back(connection, &org)).await
    }
}
