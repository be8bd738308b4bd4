//! Cells of SQLite's rows. What they mean is said in `cells.rs`.

use rusqlite::{Row, types::FromSql};
use yinuo_ledger::LedgerError;

use super::errors::reading;
pub(super) use crate::cells::{
    CLOCK, TICKET, at, at_or_none, clock, hash, id, id_or_none, instant, org, stream, stream_bytes, ticket,
    unsigned, word,
};
use crate::cells::{Cells, damaged};

pub(super) fn get<T: FromSql>(row: &Row<'_>, index: usize) -> Result<T, LedgerError> {
    row.get(index).map_err(reading)
}

impl Cells for Row<'_> {
    fn text_or_none(&self, index: usize) -> Result<Option<&str>, LedgerError> {
        let cell = self.get_ref(index).map_err(reading)?;
        cell.as_str_or_null().map_err(|_| damaged("a text is none"))
    }

    fn number_or_none(&self, index: usize) -> Result<Option<i64>, LedgerError> {
        get(self, index)
    }

    fn bytes_or_none(&self, index: usize) -> Result<Option<&[u8]>, LedgerError> {
        let cell = self.get_ref(index).map_err(reading)?;
        cell.as_blob_or_null().map_err(|_| damaged("bytes are none"))
    }

    fn flag(&self, index: usize) -> Result<bool, LedgerError> {
        get(self, index)
    }
}
