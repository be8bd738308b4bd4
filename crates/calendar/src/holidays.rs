//! Holiday tables: days off and make-up working days by year, each year with its status.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// The table that ships with the product.
pub mod china;
mod parse;

pub use parse::{TableError, TableErrorKind};

/// Days off and make-up working days by calendar year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayTable {
    name: String,
    years: BTreeMap<i16, HolidayYear>,
}

/// What a table says about one calendar year. A date stands under its own year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayYear {
    /// How far it can be trusted.
    pub status: TableStatus,
    /// Days off with their names, weekends inside a span included.
    pub off: BTreeMap<Date, String>,
    /// Make-up working days with the name of the holiday that they make up for.
    pub work: BTreeMap<Date, String>,
}

/// How far a table can be trusted for a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableStatus {
    /// The year's notice is published; the year is complete.
    Official,
    /// Only the days that follow from the law: bridge days and make-up days are still missing, so a due instant that
    /// depends on this year is provisional.
    StatutoryOnly,
}

impl HolidayTable {
    /// Reads a table in the line format of `data/README.md`; `name` says which table it is, such as `china`.
    pub fn parse(name: impl Into<String>, text: &str) -> Result<Self, TableError> {
        Ok(Self { name: name.into(), years: parse::parse(text)? })
    }

    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The years in order.
    pub fn years(&self) -> impl Iterator<Item = (i16, &HolidayYear)> {
        self.years.iter().map(|(year, entries)| (*year, entries))
    }

    /// One year, if the table has it.
    pub fn year(&self, year: i16) -> Option<&HolidayYear> {
        self.years.get(&year)
    }
}
