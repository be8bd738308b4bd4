//! Pieces as bytes, for archives.
//!
//! ```text
//! piece = table code (1) || rows (varint) || cells
//! cell  = 0 | 1 zigzag varint | 2 length text | 3 length bytes
//! ```

use super::{Cell, Piece, Table};
use crate::LedgerError;

impl Piece {
    /// As bytes.
    pub fn encode(self) -> Vec<u8> {
        let (table, rows) = self.into_rows();
        let mut bytes = vec![table.code()];
        put_varint(&mut bytes, rows.len() as u64);
        for cell in rows.into_iter().flatten() {
            put_cell(&mut bytes, &cell);
        }
        bytes
    }

    /// From bytes, read strictly: nothing unknown, nothing left over.
    pub fn decode(bytes: &[u8]) -> Result<Self, LedgerError> {
        let mut rest = bytes;
        let table = take_byte(&mut rest).and_then(Table::from_code).ok_or_else(|| unread("its table"))?;
        let count = take_varint(&mut rest).ok_or_else(|| unread("how many rows it has"))?;
        let mut rows = Vec::new();
        for _ in 0..count {
            let mut row = Vec::with_capacity(table.columns().len());
            for _ in table.columns() {
                row.push(take_cell(&mut rest).ok_or_else(|| unread("a value"))?);
            }
            rows.push(row);
        }
        if rest.is_empty() { Piece::from_rows(table, rows) } else { Err(unread("what follows its last row")) }
    }
}

fn unread(what: &str) -> LedgerError {
    LedgerError::corrupt(format!("a piece of an export cannot be read: {what}"))
}

fn put_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7f) as u8);
}

fn put_cell(bytes: &mut Vec<u8>, cell: &Cell) {
    match cell {
        Cell::Null => bytes.push(0),
        Cell::Integer(number) => {
            bytes.push(1);
            put_varint(bytes, ((number << 1) ^ (number >> 63)).cast_unsigned());
        }
        Cell::Text(text) => put_string(bytes, 2, text.as_bytes()),
        Cell::Bytes(string) => put_string(bytes, 3, string),
    }
}

fn put_string(bytes: &mut Vec<u8>, tag: u8, string: &[u8]) {
    bytes.push(tag);
    put_varint(bytes, string.len() as u64);
    bytes.extend_from_slice(string);
}

fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (byte, after) = rest.split_first()?;
    *rest = after;
    Some(*byte)
}

fn take_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number: u64 = 0;
    for shift in (0..64).step_by(7) {
        let byte = take_byte(rest)?;
        let part = u64::from(byte & 0x7f);
        // The tenth byte has room for one bit.
        if shift == 63 && part > 1 {
            return None;
        }
        number |= part << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn take_cell(rest: &mut &[u8]) -> Option<Cell> {
    match take_byte(rest)? {
        0 => Some(Cell::Null),
        1 => {
            let zigzag = take_varint(rest)?;
            let number = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
            Some(Cell::Integer(number))
        }
        2 => String::from_utf8(take_string(rest)?.to_vec()).ok().map(Cell::Text),
        3 => Some(Cell::Bytes(take_string(rest)?.to_vec())),
        _ => None,
    }
}

fn take_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_varint(rest)?).ok()?;
    let (string, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(string)
}
