//! Values of columns: the little that every database can hold.

use crate::LedgerError;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// A whole number; instants are microseconds since 1970 UTC.
    Integer,
    /// UTF-8 text.
    Text,
    /// Bytes: ids, hashes, what is sealed.
    Bytes,
}

/// One value.
#[derive(Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

// Rows hold password hashes and words that were not meant for logs.
impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Null => f.write_str("Null"),
            Cell::Integer(number) => write!(f, "Integer({number})"),
            Cell::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Cell::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

/// A type that a column can hold.
pub trait Field: Sized {
    /// Its kind.
    const KIND: CellKind;
    /// Whether the column may be empty.
    const OPTIONAL: bool = false;

    /// As a value.
    fn cell(self) -> Cell;

    /// From a value; none if it is of another kind or out of range.
    fn from_cell(cell: Cell) -> Option<Self>;
}

impl Field for i64 {
    const KIND: CellKind = CellKind::Integer;

    fn cell(self) -> Cell {
        Cell::Integer(self)
    }

    fn from_cell(cell: Cell) -> Option<Self> {
        if let Cell::Integer(number) = cell { Some(number) } else { None }
    }
}

macro_rules! whole_numbers {
    ($($number:ty)+) => {$(
        impl Field for $number {
            const KIND: CellKind = CellKind::Integer;

            fn cell(self) -> Cell {
                Cell::Integer(i64::try_from(self).unwrap_or(i64::MAX))
            }

            fn from_cell(cell: Cell) -> Option<Self> {
                i64::from_cell(cell)?.try_into().ok()
            }
        }
    )+};
}

whole_numbers!(u32 u64);

impl Field for String {
    const KIND: CellKind = CellKind::Text;

    fn cell(self) -> Cell {
        Cell::Text(self)
    }

    fn from_cell(cell: Cell) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text) } else { None }
    }
}

impl Field for Vec<u8> {
    const KIND: CellKind = CellKind::Bytes;

    fn cell(self) -> Cell {
        Cell::Bytes(self)
    }

    fn from_cell(cell: Cell) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { Some(bytes) } else { None }
    }
}

impl<const N: usize> Field for [u8; N] {
    const KIND: CellKind = CellKind::Bytes;

    fn cell(self) -> Cell {
        Cell::Bytes(self.to_vec())
    }

    fn from_cell(cell: Cell) -> Option<Self> {
        Vec::from_cell(cell)?.try_into().ok()
    }
}

impl<T: Field> Field for Option<T> {
    const KIND: CellKind = T::KIND;
    const OPTIONAL: bool = true;

    fn cell(self) -> Cell {
        self.map_or(Cell::Null, T::cell)
    }

    fn from_cell(cell: Cell) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name, the same in every database.
    pub name: &'static str,
    /// What it holds.
    pub kind: CellKind,
    /// Whether it may be empty.
    pub optional: bool,
}

/// Takes the values of one row one by one.
pub(super) struct Cells {
    table: &'static str,
    cells: std::vec::IntoIter<Cell>,
}

impl Cells {
    pub(super) fn new(table: &'static str, cells: Vec<Cell>) -> Self {
        Self { table, cells: cells.into_iter() }
    }

    pub(super) fn take<T: Field>(&mut self, column: &str) -> Result<T, LedgerError> {
        let unfit =
            || LedgerError::corrupt(format!("`{column}` of a row of `{}` cannot be read", self.table));
        self.cells.next().and_then(T::from_cell).ok_or_else(unfit)
    }

    pub(super) fn end(mut self) -> Result<(), LedgerError> {
        match self.cells.next() {
            None => Ok(()),
            Some(_) => Err(LedgerError::corrupt(format!("a row of `{}` has too many values", self.table))),
        }
    }
}
