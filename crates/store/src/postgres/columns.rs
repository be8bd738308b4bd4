//! Cells of PostgreSQL's rows, and rows for `unnest`: one array a column. What cells mean is said in `cells.rs`.

use tokio_postgres::{Row, types::ToSql};
use yinuo_ledger::LedgerError;

use crate::cells::{Cells, Put, damaged};

/// A parameter of a statement.
pub(super) type Value<'a> = &'a (dyn ToSql + Sync);

#[derive(Debug)]
enum Column {
    Text(Vec<Option<String>>),
    Number(Vec<Option<i64>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Flag(Vec<bool>),
}

/// Rows for one statement, column by column.
#[derive(Debug, Default)]
pub(super) struct Columns {
    cells: Vec<Column>,
    rows: usize,
    next: usize,
}

/// Puts a cell into the next column, which the first row makes. A row of another shape than the first is a mistake of
/// the program; its cell is left out, and the database refuses arrays of different lengths.
macro_rules! put {
    ($self:ident, $kind:ident, $cell:expr) => {{
        if $self.next == $self.cells.len() {
            $self.cells.push(Column::$kind(Vec::new()));
        }
        if let Some(Column::$kind(cells)) = $self.cells.get_mut($self.next) {
            cells.push($cell);
        }
        $self.next += 1;
        $self
    }};
}

impl Put for Columns {
    fn row(&mut self) -> &mut Self {
        self.rows += 1;
        self.next = 0;
        self
    }

    fn is_empty(&self) -> bool {
        self.rows == 0
    }

    fn text_or_null(&mut self, text: Option<&str>) -> &mut Self {
        put!(self, Text, text.map(str::to_owned))
    }

    fn number_or_null(&mut self, number: Option<i64>) -> &mut Self {
        put!(self, Number, number)
    }

    fn bytes_or_null(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        put!(self, Bytes, bytes.map(<[u8]>::to_vec))
    }

    fn flag(&mut self, flag: bool) -> &mut Self {
        put!(self, Flag, flag)
    }
}

impl Columns {
    /// The parameters of the statement: one array a column.
    pub(super) fn values(&self) -> Vec<Value<'_>> {
        self.cells.iter().map(Column::value).collect()
    }
}

impl Column {
    fn value(&self) -> Value<'_> {
        match self {
            Column::Text(cells) => cells,
            Column::Number(cells) => cells,
            Column::Bytes(cells) => cells,
            Column::Flag(cells) => cells,
        }
    }
}

fn read<'a, T: tokio_postgres::types::FromSql<'a>>(row: &'a Row, index: usize) -> Result<T, LedgerError> {
    row.try_get(index).map_err(|_| damaged("a cell is not of its kind"))
}

impl Cells for Row {
    fn text_or_none(&self, index: usize) -> Result<Option<&str>, LedgerError> {
        read(self, index)
    }

    fn number_or_none(&self, index: usize) -> Result<Option<i64>, LedgerError> {
        read(self, index)
    }

    fn bytes_or_none(&self, index: usize) -> Result<Option<&[u8]>, LedgerError> {
        read(self, index)
    }

    fn flag(&self, index: usize) -> Result<bool, LedgerError> {
        read(self, index)
    }
}
