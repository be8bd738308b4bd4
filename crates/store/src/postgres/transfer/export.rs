//! One snapshot, read through cursors: whoever takes the pieces decides how fast.

use std::collections::VecDeque;

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use tokio_postgres::Row;
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Hash, LedgerError,
    transfer::{Cell, CellKind, Export, Extent, PIECE_ROWS, Piece, Table},
    tree::{Frontier, record_leaf},
};

use super::{LOOK, columns, look};
use crate::{
    cells::{Cells, damaged, hash},
    postgres::errors::failed,
};

/// Hashes that are read at a time.
const LEAVES: u64 = 10_000;

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// An export of a PostgreSQL database. The transaction ends with its session when this is dropped.
pub(super) struct Snapshot {
    client: ClientWrapper,
    org: OrgId,
    extent: Extent,
    /// Queries that are still to be read, with what they give.
    queries: VecDeque<(Table, String)>,
    /// Records after this position are still to be read.
    after: u64,
    /// What the open cursor gives.
    open: Option<Table>,
}

impl Snapshot {
    pub(super) async fn start(client: ClientWrapper, org: &OrgId, since: u64) -> Result<Self, LedgerError> {
        client.batch_execute(SNAPSHOT).await.map_err(|error| failed(&error))?;
        let last_position = look(&client, LOOK, org).await?.map_or(0, |(last, _)| last);
        let since = since.min(last_position);
        let root = root(&client, org, since).await?;
        let extent = Extent { since, root, last_position, checkpoint: None };
        let mut snapshot =
            Self { client, org: org.clone(), extent, queries: VecDeque::new(), after: since, open: None };
        let rows = snapshot.client.query(&snapshot.whole(Table::Checkpoints), &[]).await;
        let rows = rows.map_err(|error| failed(&error))?;
        if let Piece::Checkpoints(mut rows) = piece(Table::Checkpoints, &rows)? {
            snapshot.extent.checkpoint = rows.pop();
        }
        if since > 0 {
            // A short name is letters, digits and hyphens: it can stand in a statement as it is.
            let heads = format!(
                "SELECT p.stream, p.seq, p.hash FROM records AS r
                 JOIN records AS p ON p.org = r.org AND p.stream = r.stream AND p.seq = r.seq - 1
                 WHERE r.org = '{org}' AND r.position > {since} AND p.position <= {since} ORDER BY p.stream"
            );
            snapshot.queries.push_back((Table::Heads, heads));
        }
        snapshot.more();
        Ok(snapshot)
    }

    fn whole(&self, table: Table) -> String {
        let (columns, name, key) = (columns(table), table.name(), table.key().join(", "));
        format!("SELECT {columns} FROM {name} WHERE org = '{}' ORDER BY {key}", self.org)
    }

    /// The next stretch of the log; after the last one, all other tables.
    fn more(&mut self) {
        if self.after >= self.extent.last_position {
            self.after = u64::MAX;
            for table in Table::whole() {
                self.queries.push_back((table, self.whole(table)));
            }
            return;
        }
        let until = self.after + u64::from(PIECE_ROWS);
        for table in [Table::Contents, Table::Records] {
            let (columns, name, key) = (columns(table), table.name(), table.key().join(", "));
            let sql = format!(
                "SELECT {columns} FROM {name} WHERE org = '{}' AND position > {} AND position <= {until} ORDER BY {key}",
                self.org, self.after
            );
            self.queries.push_back((table, sql));
        }
        self.after = until;
    }

    /// The next rows of the open cursor; it is closed when there are none.
    async fn fetch(&mut self, table: Table) -> Result<Option<Piece>, LedgerError> {
        let fetch = format!("FETCH {PIECE_ROWS} FROM travel");
        let rows = self.client.query(&fetch, &[]).await.map_err(|error| failed(&error))?;
        if rows.is_empty() {
            self.client.batch_execute("CLOSE travel").await.map_err(|error| failed(&error))?;
            self.open = None;
            return Ok(None);
        }
        piece(table, &rows).map(Some)
    }
}

#[async_trait]
impl Export for Snapshot {
    fn extent(&self) -> &Extent {
        &self.extent
    }

    async fn next(&mut self) -> Result<Option<Piece>, LedgerError> {
        loop {
            if let Some(table) = self.open {
                if let Some(piece) = self.fetch(table).await? {
                    return Ok(Some(piece));
                }
            } else if let Some((table, sql)) = self.queries.pop_front() {
                let declare = format!("DECLARE travel NO SCROLL CURSOR FOR {sql}");
                self.client.batch_execute(&declare).await.map_err(|error| failed(&error))?;
                self.open = Some(table);
            } else if self.after == u64::MAX {
                return Ok(None);
            } else {
                self.more();
            }
        }
    }
}

/// The root over the records up to a position.
async fn root(client: &ClientWrapper, org: &OrgId, until: u64) -> Result<Hash, LedgerError> {
    let mut edge = Frontier::new();
    while edge.size() < until {
        let (after, next) = (edge.size(), (edge.size() + LEAVES).min(until));
        let sql = format!(
            "SELECT hash FROM records WHERE org = '{org}' AND position > {after} AND position <= {next} ORDER BY position"
        );
        let rows = client.query(&sql, &[]).await.map_err(|error| failed(&error))?;
        if rows.is_empty() {
            return Err(damaged("records are missing"));
        }
        for row in &rows {
            edge.push(record_leaf(Hash(hash(row, 0)?)), |_| {});
        }
    }
    Ok(edge.root())
}

fn piece(table: Table, rows: &[Row]) -> Result<Piece, LedgerError> {
    let cell = |row: &Row, index: usize, kind: CellKind| -> Result<Cell, LedgerError> {
        Ok(match kind {
            CellKind::Integer => row.number_or_none(index)?.map_or(Cell::Null, Cell::Integer),
            CellKind::Text => row.text_or_none(index)?.map_or(Cell::Null, |text| Cell::Text(text.into())),
            CellKind::Bytes => {
                row.bytes_or_none(index)?.map_or(Cell::Null, |bytes| Cell::Bytes(bytes.into()))
            }
        })
    };
    let row = |row: &Row| -> Result<Vec<Cell>, LedgerError> {
        table.columns().iter().enumerate().map(|(index, column)| cell(row, index, column.kind)).collect()
    };
    Piece::from_rows(table, rows.iter().map(row).collect::<Result<_, _>>()?)
}
