//! A thread of its own reads one snapshot and hands out pieces through a bounded channel.

use async_trait::async_trait;
use rusqlite::{Connection, Row, params, types::ValueRef};
use tokio::sync::{mpsc, oneshot};
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    LedgerError,
    transfer::{Cell, Export, Extent, PIECE_ROWS, Piece, Table},
};

use super::{columns, extent};
use crate::cells::damaged;
use crate::sqlite::{closed, errors::reading};

/// Pieces that wait to be taken.
const AHEAD: usize = 4;

const HEADS: &str = "SELECT p.stream, p.seq, p.hash FROM records AS r
    JOIN records AS p ON p.org = r.org AND p.stream = r.stream AND p.seq = r.seq - 1
    WHERE r.org = ?1 AND r.position > ?2 AND p.position <= ?2 ORDER BY p.stream";

/// An export of an SQLite file.
pub(in crate::sqlite) struct Snapshot {
    extent: Extent,
    pieces: mpsc::Receiver<Result<Piece, LedgerError>>,
}

impl Snapshot {
    /// Begins to read. The snapshot is taken when this returns.
    pub(super) async fn start(connection: Connection, org: &OrgId, since: u64) -> Result<Self, LedgerError> {
        let (begun, begins) = oneshot::channel();
        let (sender, pieces) = mpsc::channel(AHEAD);
        let org = org.clone();
        std::thread::Builder::new()
            .name("yinuo-export".into())
            .spawn(move || run(&connection, &org, since, begun, &sender))
            .map_err(|error| LedgerError::unavailable("a thread cannot be started", error))?;
        let extent = begins.await.map_err(|_| closed())??;
        Ok(Self { extent, pieces })
    }
}

#[async_trait]
impl Export for Snapshot {
    fn extent(&self) -> &Extent {
        &self.extent
    }

    async fn next(&mut self) -> Result<Option<Piece>, LedgerError> {
        self.pieces.recv().await.transpose()
    }
}

/// Whoever took the pieces has gone.
struct Gone;

fn run(
    connection: &Connection,
    org: &OrgId,
    since: u64,
    begun: oneshot::Sender<Result<Extent, LedgerError>>,
    pieces: &mpsc::Sender<Result<Piece, LedgerError>>,
) {
    let begin = || {
        connection.execute_batch("BEGIN").map_err(reading)?;
        extent(connection, org, since)
    };
    let extent = match begin() {
        Ok(extent) => extent,
        Err(error) => {
            let _ = begun.send(Err(error));
            return;
        }
    };
    if begun.send(Ok(extent.clone())).is_err() {
        return;
    }
    let mut put = |piece: Piece| {
        if piece.is_empty() { Ok(()) } else { pieces.blocking_send(Ok(piece)).map_err(|_| Gone) }
    };
    // An error of the receiver ends the export as if it were done: nobody hears the difference.
    if let Err(error) = all(connection, org, &extent, &mut put) {
        let _ = pieces.blocking_send(Err(error));
    }
}

fn all(
    connection: &Connection,
    org: &OrgId,
    extent: &Extent,
    put: &mut dyn FnMut(Piece) -> Result<(), Gone>,
) -> Result<(), LedgerError> {
    let since = extent.since.cast_signed();
    if since > 0 {
        let params = params![org.as_str(), since];
        if stream(connection, Table::Heads, HEADS, params, put)?.is_err() {
            return Ok(());
        }
    }
    let mut after = since;
    while after < extent.last_position.cast_signed() {
        let until = after + i64::from(PIECE_ROWS);
        for table in [Table::Contents, Table::Records] {
            let (name, columns, key) = (table.name(), columns(table), table.key().join(", "));
            let sql = format!(
                "SELECT {columns} FROM {name} WHERE org = ?1 AND position > ?2 AND position <= ?3 ORDER BY {key}"
            );
            if stream(connection, table, &sql, params![org.as_str(), after, until], put)?.is_err() {
                return Ok(());
            }
        }
        after = until;
    }
    for table in Table::whole() {
        if stream(connection, table, &select(table), [org.as_str()], put)?.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn select(table: Table) -> String {
    let (name, columns, key) = (table.name(), columns(table), table.key().join(", "));
    format!("SELECT {columns} FROM {name} WHERE org = ?1 ORDER BY {key}")
}

/// All rows of a small table.
pub(super) fn whole(
    connection: &Connection,
    org: &OrgId,
    table: Table,
) -> Result<Vec<Vec<Cell>>, LedgerError> {
    let mut statement = connection.prepare_cached(&select(table)).map_err(reading)?;
    let mut rows = statement.query([org.as_str()]).map_err(reading)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        all.push(cells(row, table)?);
    }
    Ok(all)
}

/// Puts the rows of a query out in pieces.
fn stream(
    connection: &Connection,
    table: Table,
    sql: &str,
    params: impl rusqlite::Params,
    put: &mut dyn FnMut(Piece) -> Result<(), Gone>,
) -> Result<Result<(), Gone>, LedgerError> {
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query(params).map_err(reading)?;
    let mut piece = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        piece.push(cells(row, table)?);
        if piece.len() == usize::from(PIECE_ROWS)
            && put(Piece::from_rows(table, std::mem::take(&mut piece))?).is_err()
        {
            return Ok(Err(Gone));
        }
    }
    Ok(put(Piece::from_rows(table, piece)?))
}

fn cells(row: &Row<'_>, table: Table) -> Result<Vec<Cell>, LedgerError> {
    let mut cells = Vec::with_capacity(table.columns().len());
    for index in 0..table.columns().len() {
        cells.push(match row.get_ref(index).map_err(reading)? {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(number) => Cell::Integer(number),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).map_err(|_| unreadable(table))?;
                Cell::Text(text.into())
            }
            ValueRef::Blob(bytes) => Cell::Bytes(bytes.into()),
            ValueRef::Real(_) => return Err(unreadable(table)),
        });
    }
    Ok(cells)
}

fn unreadable(table: Table) -> LedgerError {
    damaged(&format!("a value in `{}`", table.name()))
}
