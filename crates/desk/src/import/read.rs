//! Reading import files: JSON lines or CSV with a header line, UTF-8, with or without a byte order mark.

use serde::Deserialize;

/// One request with its dates. Only the text is obligatory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRow {
    /// Id in the other system; the same id again is left out.
    #[serde(default)]
    pub id: Option<String>,
    /// When it came in, RFC 3339; now if missing.
    #[serde(default)]
    pub received_at: Option<String>,
    /// Word of a channel; `api` if missing.
    #[serde(default)]
    pub channel: Option<String>,
    /// Word of a kind; by the rules of classification if missing.
    #[serde(default)]
    pub kind: Option<String>,
    /// `normal` or `urgent`.
    #[serde(default)]
    pub urgency: Option<String>,
    /// One line; the beginning of the text if missing.
    #[serde(default)]
    pub subject: Option<String>,
    /// The text.
    #[serde(alias = "body", alias = "question")]
    pub text: String,
    /// Name of the customer.
    #[serde(default)]
    pub name: Option<String>,
    /// Phone of the customer.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address of the customer.
    #[serde(default)]
    pub email: Option<String>,
    /// `zh` or `en`.
    #[serde(default, alias = "lang")]
    pub language: Option<String>,
    /// Topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// When the company replied, RFC 3339.
    #[serde(default)]
    pub replied_at: Option<String>,
    /// What it replied; needed with `replied_at`.
    #[serde(default, alias = "answer")]
    pub reply: Option<String>,
    /// When the ticket was closed, RFC 3339.
    #[serde(default)]
    pub closed_at: Option<String>,
}

/// A row of a file, or what is wrong with it.
#[derive(Debug, Clone)]
pub struct ImportLine {
    /// Line in the file, from 1.
    pub line: u64,
    /// The row.
    pub row: Result<ImportRow, String>,
}

/// Format of an import file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated values with a header line.
    Csv,
}

/// Reads a file. A line that cannot be read is reported, the others are read all the same.
pub fn read_rows(text: &str, format: Format) -> Vec<ImportLine> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::JsonLines => {
            let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
            lines.map(|(text, line)| ImportLine { line, row: json_row(text) }).collect()
        }
        Format::Csv => {
            // The reader counts lines by what ends them, and would be one behind after every CR LF.
            let text = text.replace("\r\n", "\n");
            let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
            let headers = match reader.headers() {
                Ok(headers) => headers.clone(),
                Err(error) => return vec![ImportLine { line: 1, row: Err(error.to_string()) }],
            };
            let mut lines = Vec::new();
            for record in reader.records() {
                let row = match record {
                    Ok(record) => {
                        let line = record.position().map_or(0, csv::Position::line);
                        let row = record
                            .deserialize::<ImportRow>(Some(&headers))
                            .map_err(|error| error.to_string());
                        ImportLine { line, row }
                    }
                    Err(error) => {
                        let line = error.position().map_or(0, csv::Position::line);
                        ImportLine { line, row: Err(error.to_string()) }
                    }
                };
                lines.push(row);
            }
            // A quote that is never closed swallows the rest of a file that was cut off.
            if text.matches('"').count() % 2 == 1
                && let Some(last) = lines.last_mut()
            {
                last.row = Err("a quotation mark is never closed: is the file cut off?".to_owned());
            }
            lines
        }
    }
}

fn json_row(line: &str) -> Result<ImportRow, String> {
    serde_json::from_str(line).map_err(|error| {
        // The parser sees one line only: its own line number would lead astray.
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or(&said);
        if error.column() == 0 { what.to_owned() } else { format!("{what} (column {})", error.column()) }
    })
}
