//! The holiday tables that a commitment may name.

use std::collections::BTreeMap;

use yinuo_calendar::{HolidayTable, TableError, TableStatus, china};

/// Holiday tables by name. The official Chinese table is always there as `china`; an organisation's own tables are
/// added by name. Files reach this crate as text only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables(BTreeMap<String, HolidayTable>);

impl Default for Tables {
    fn default() -> Self {
        Self::shipped()
    }
}

impl Tables {
    /// The tables that ship with the product.
    pub fn shipped() -> Self {
        let china = china::holidays();
        Self(BTreeMap::from([(china.name().to_owned(), china.clone())]))
    }

    /// Adds or replaces the table called `name` from the line format of the calendar's tables.
    ///
    /// Fails with the line that is no table line; the tables then stay as they were.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), TableError> {
        let table = HolidayTable::parse(name, text)?;
        self.0.insert(name.to_owned(), table);
        Ok(())
    }

    /// The table called `name`.
    pub fn get(&self, name: &str) -> Option<&HolidayTable> {
        self.0.get(name)
    }

    /// The names of all tables, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// The canonical text of a table: one line for each year with its status, then its days off and its make-up days in
/// order of date. Two tables that rule alike have the same text, however their files were laid out.
pub fn canonical_text(table: &HolidayTable) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    for (year, entries) in table.years() {
        let status = match entries.status {
            TableStatus::Official => "official",
            TableStatus::StatutoryOnly => "statutory-only",
        };
        line(format!("{year} {status}"));
        for (date, name) in &entries.off {
            line(format!("off {date} {name}"));
        }
        for (date, name) in &entries.work {
            line(format!("work {date} {name}"));
        }
    }
    text
}
