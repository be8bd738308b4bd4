//! Rows for one statement, which is run once for each of them. SQLite lies in this process: a statement that is prepared
//! costs a microsecond a row, less than taking a text apart that holds all rows.

use std::ops::Range;

use rusqlite::{
    Connection, Row, Statement, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use yinuo_ledger::LedgerError;

use super::errors::writing;
use crate::cells::Put;

/// Rows for one table, column by column in the order of its statement's parameters.
#[derive(Debug, Default)]
pub(super) struct Rows {
    cells: Vec<Cell>,
    /// Where each row begins among the cells.
    begins: Vec<usize>,
    /// What the texts and bytes of the cells lie in.
    bytes: Vec<u8>,
}

#[derive(Debug)]
enum Cell {
    Null,
    Number(i64),
    Text(Range<usize>),
    Bytes(Range<usize>),
}

/// A cell as a parameter.
struct Bound<'a>(&'a Cell, &'a [u8]);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let Self(cell, bytes) = self;
        let held = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        Ok(ToSqlOutput::Borrowed(match cell {
            Cell::Null => ValueRef::Null,
            Cell::Number(number) => ValueRef::Integer(*number),
            Cell::Text(range) => ValueRef::Text(held(range)),
            Cell::Bytes(range) => ValueRef::Blob(held(range)),
        }))
    }
}

impl Rows {
    /// Runs the statement for each row, in order; gives how many rows of the table it changed.
    pub(super) fn execute(&self, connection: &Connection, sql: &str) -> Result<usize, LedgerError> {
        if self.is_empty() {
            return Ok(0);
        }
        let mut statement = connection.prepare_cached(sql).map_err(writing)?;
        let mut changed = 0;
        for number in 0..self.begins.len() {
            self.bind(number, &mut statement).map_err(writing)?;
            changed += statement.raw_execute().map_err(writing)?;
        }
        Ok(changed)
    }

    /// Asks for each row, in order; `found` gets the number of the row and what it found.
    pub(super) fn query(
        &self,
        connection: &Connection,
        sql: &str,
        failed: fn(rusqlite::Error) -> LedgerError,
        mut found: impl FnMut(usize, &Row<'_>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        if self.is_empty() {
            return Ok(());
        }
        let mut statement = connection.prepare_cached(sql).map_err(failed)?;
        for number in 0..self.begins.len() {
            self.bind(number, &mut statement).map_err(failed)?;
            let mut answers = statement.raw_query();
            while let Some(row) = answers.next().map_err(failed)? {
                found(number, row)?;
            }
        }
        Ok(())
    }

    /// A statement that has fewer parameters than the row has cells takes the first ones.
    fn bind(&self, number: usize, statement: &mut Statement<'_>) -> rusqlite::Result<()> {
        let begin = self.begins.get(number).copied().unwrap_or_default();
        let end = self.begins.get(number + 1).copied().unwrap_or(self.cells.len());
        let cells = self.cells.get(begin..end).unwrap_or_default();
        for (index, cell) in cells.iter().take(statement.parameter_count()).enumerate() {
            statement.raw_bind_parameter(index + 1, Bound(cell, &self.bytes))?;
        }
        Ok(())
    }

    fn hold(&mut self, bytes: &[u8]) -> Range<usize> {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        begin..self.bytes.len()
    }

    fn put(&mut self, cell: Cell) -> &mut Self {
        self.cells.push(cell);
        self
    }
}

impl Put for Rows {
    fn row(&mut self) -> &mut Self {
        self.begins.push(self.cells.len());
        self
    }

    fn is_empty(&self) -> bool {
        self.begins.is_empty()
    }

    fn text_or_null(&mut self, text: Option<&str>) -> &mut Self {
        let cell = text.map_or(Cell::Null, |text| Cell::Text(self.hold(text.as_bytes())));
        self.put(cell)
    }

    fn number_or_null(&mut self, number: Option<i64>) -> &mut Self {
        self.put(number.map_or(Cell::Null, Cell::Number))
    }

    fn bytes_or_null(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        let cell = bytes.map_or(Cell::Null, |bytes| Cell::Bytes(self.hold(bytes)));
        self.put(cell)
    }

    fn flag(&mut self, flag: bool) -> &mut Self {
        self.number_or_null(Some(i64::from(flag)))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::Rows;
    use crate::{
        cells::{Cells, Put},
        sqlite::errors::reading,
    };

    #[test]
    fn any_cell_comes_back() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE kept (n ANY, text TEXT, number INTEGER, bytes BLOB) STRICT")
            .unwrap();
        let texts = ["", "plain", "引号\"和\\反斜线", "a\u{0}b\u{1f}\u{7f}\n\r\t", "𠮷🦀", "\u{2028}'"];
        let mut rows = Rows::default();
        for (n, text) in (0..).zip(texts) {
            rows.row().number(n).text(text).number(i64::MIN).bytes(&[0, 255, 16]);
            rows.row().number(n).text_or_null(None).number_or_null(None).bytes_or_null(None);
        }
        let kept = rows.execute(&connection, "INSERT INTO kept VALUES (?1, ?2, ?3, ?4)").unwrap();
        assert_eq!(kept, 2 * texts.len());
        let mut asked = Rows::default();
        for n in 0..3 {
            asked.row().number(2 * n);
        }
        let mut found = Vec::new();
        let sql = "SELECT text, number, bytes FROM kept WHERE n = ?1 ORDER BY text IS NULL";
        asked
            .query(&connection, sql, reading, |number, row| {
                let cells = (row.text_or_none(0)?, row.number_or_none(1)?, row.bytes_or_none(2)?);
                match cells {
                    (Some(text), Some(i64::MIN), Some([0, 255, 16])) => found.push((number, text.to_owned())),
                    cells => assert_eq!(cells, (None, None, None)),
                }
                Ok(())
            })
            .unwrap();
        let wanted = [0, 2, 4].map(|n| (n / 2, texts[n].to_owned()));
        assert_eq!(found, wanted);
    }
}
