//! Rows for one statement. A batch goes to SQLite as one JSON text, an array of arrays, and the statement takes it apart
//! with `json_each`; so each table takes one statement a batch, however many rows it gets.

use std::fmt::Write as _;

use rusqlite::Connection;
use yinuo_ledger::LedgerError;

use super::errors::writing;
use crate::cells::Put;

/// Rows for one table, column by column in the order of its statement.
#[derive(Debug, Default)]
pub(super) struct Rows {
    json: String,
    count: usize,
    first: bool,
}

/// `WITH r(v)`: each row once, as JSON text, in order. Without `MATERIALIZED`, each column would render it anew.
macro_rules! with_rows {
    ($sql:literal) => {
        concat!("WITH r(v) AS MATERIALIZED (SELECT value FROM json_each(?1)) ", $sql)
    };
}

pub(super) use with_rows;

impl Rows {
    fn comma(&mut self) {
        if self.first {
            self.first = false;
        } else {
            self.json.push(',');
        }
    }

    fn null(&mut self) -> &mut Self {
        self.comma();
        self.json.push_str("null");
        self
    }

    /// The parameter of the statement.
    pub(super) fn json(&self) -> String {
        if self.count == 0 { "[]".into() } else { format!("{}]]", self.json) }
    }

    /// Runs the statement with these rows; does nothing without rows.
    pub(super) fn execute(&self, connection: &Connection, sql: &str) -> Result<usize, LedgerError> {
        if self.is_empty() {
            return Ok(0);
        }
        let mut statement = connection.prepare_cached(sql).map_err(writing)?;
        statement.execute([self.json()]).map_err(writing)
    }
}

impl Put for Rows {
    fn row(&mut self) -> &mut Self {
        self.json.push_str(if self.count == 0 { "[[" } else { "],[" });
        self.count += 1;
        self.first = true;
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.comma();
        self.json.push('"');
        // Everything that JSON does not allow in a string is ASCII, so bytes can be looked at one by one.
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
            let (plain, tail) = rest.split_at(at);
            self.json.push_str(plain);
            let mut chars = tail.chars();
            match chars.next() {
                Some('\n') => self.json.push_str("\\n"),
                Some(special @ ('"' | '\\')) => {
                    self.json.push('\\');
                    self.json.push(special);
                }
                Some(control) => {
                    let code = u32::from(control);
                    let _ = write!(self.json, "\\u{code:04x}");
                }
                None => {}
            }
            rest = chars.as_str();
        }
        self.json.push_str(rest);
        self.json.push('"');
        self
    }

    fn text_or_null(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    fn number(&mut self, number: i64) -> &mut Self {
        self.comma();
        // Writing to a string does not fail.
        let _ = write!(self.json, "{number}");
        self
    }

    fn number_or_null(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    /// As hexadecimal digits; the statement says `unhex`, which keeps null as null.
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        const DIGITS: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        self.comma();
        self.json.reserve(2 * bytes.len() + 2);
        self.json.push('"');
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] {
                #[expect(clippy::indexing_slicing, reason = "four bits are below 16")]
                self.json.push(DIGITS[usize::from(digit)]);
            }
        }
        self.json.push('"');
        self
    }

    fn flag(&mut self, flag: bool) -> &mut Self {
        self.number(i64::from(flag))
    }

    fn bytes_or_null(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        match bytes {
            Some(bytes) => self.bytes(bytes),
            None => self.null(),
        }
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use crate::cells::Put;

    #[test]
    fn any_text_comes_back_from_json() {
        let texts = ["", "plain", "引号\"和\\反斜线", "a\u{0}b\u{1f}\u{7f}\n\r\t", "𠮷🦀", "\u{2028}'"];
        let mut rows = Rows::default();
        for text in texts {
            rows.row().text(text).number(i64::MIN).bytes(&[0, 255, 16]).text_or_null(None);
        }
        let read: Vec<(String, i64, String, Option<String>)> = serde_json::from_str(&rows.json()).unwrap();
        assert_eq!(read.len(), texts.len());
        for (row, text) in read.iter().zip(texts) {
            assert_eq!(*row, (text.to_owned(), i64::MIN, "00ff10".to_owned(), None));
        }
    }
}
