//! The line format of holiday tables; `data/README.md` describes it for people who write one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{HolidayYear, TableStatus};

/// Why a text is no holiday table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct TableError {
    /// Line of the text, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: TableErrorKind,
}

/// What is wrong with a line of a holiday table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableErrorKind {
    /// The line is none of the three kinds.
    #[error("`{word}` begins no line; lines are `2026 official`, `off DATE NAME` or `work DATE NAME`")]
    UnknownLine {
        /// Its first word.
        word: String,
    },
    /// The status after a year is unknown.
    #[error("`{status}` is no status; write `official` or `statutory-only`")]
    UnknownStatus {
        /// The word given.
        status: String,
    },
    /// The year has a heading already.
    #[error("the year {year} is here twice")]
    RepeatedYear {
        /// The year.
        year: i16,
    },
    /// A date stands before the first year heading.
    #[error("a date stands before the first year; begin with a line such as `2026 official`")]
    NoYear,
    /// A date is missing or cannot be read.
    #[error("`{text}` is no date such as 2026-10-01 and no span such as 2026-10-01..2026-10-07")]
    BadDate {
        /// The text given.
        text: String,
    },
    /// A span ends before it begins.
    #[error("the span {first}..{last} ends before it begins")]
    BackwardSpan {
        /// Its first date.
        first: Date,
        /// Its last date.
        last: Date,
    },
    /// A date stands under another year than its own.
    #[error("{date} stands under {year}; a date stands under its own year")]
    OtherYear {
        /// The date.
        date: Date,
        /// The year whose heading it follows.
        year: i16,
    },
    /// A date is in the table twice, or both off and worked.
    #[error("{date} is in the table twice")]
    RepeatedDate {
        /// The date.
        date: Date,
    },
    /// The name of the holiday is missing.
    #[error("the name of the holiday is missing after the date")]
    NoName,
}

impl TableError {
    /// The same reason in Chinese.
    pub fn zh(&self) -> String {
        format!("第 {} 行：{}", self.line, self.kind.zh())
    }
}

impl TableErrorKind {
    /// The same reason in Chinese, without the line.
    pub fn zh(&self) -> String {
        match self {
            Self::UnknownLine { word } => {
                format!("无法识别以“{word}”开头的行；应为“2026 official”“off 日期 名称”或“work 日期 名称”")
            }
            Self::UnknownStatus { status } => {
                format!("未知状态“{status}”，应为 official 或 statutory-only")
            }
            Self::RepeatedYear { year } => format!("{year} 年重复出现"),
            Self::NoYear => "日期之前缺少年份行，例如“2026 official”".to_owned(),
            Self::BadDate { text } => {
                format!("“{text}”不是日期（如 2026-10-01）或日期段（如 2026-10-01..2026-10-07）")
            }
            Self::BackwardSpan { first, last } => format!("日期段 {first}..{last} 的结束早于开始"),
            Self::OtherYear { date, year } => format!("{date} 写在了 {year} 年之下，应写在其所属年份之下"),
            Self::RepeatedDate { date } => format!("{date} 重复出现"),
            Self::NoName => "日期之后缺少节日名称".to_owned(),
        }
    }
}

/// The years of the table in `text`.
pub(super) fn parse(text: &str) -> Result<BTreeMap<i16, HolidayYear>, TableError> {
    let mut years = BTreeMap::new();
    let mut current = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if !line.is_empty() {
            read_line(line, &mut current, &mut years).map_err(|kind| TableError { line: index + 1, kind })?;
        }
    }
    Ok(years)
}

fn read_line(
    line: &str,
    current: &mut Option<i16>,
    years: &mut BTreeMap<i16, HolidayYear>,
) -> Result<(), TableErrorKind> {
    let (word, rest) = split_word(line);
    if word == "off" || word == "work" {
        let year = current.ok_or(TableErrorKind::NoYear)?;
        let entries = years.get_mut(&year).ok_or(TableErrorKind::NoYear)?;
        return read_dates(word == "work", rest, year, entries);
    }
    let Ok(year) = word.parse::<i16>() else {
        return Err(TableErrorKind::UnknownLine { word: word.to_owned() });
    };
    let status = match rest {
        "official" => TableStatus::Official,
        "statutory-only" => TableStatus::StatutoryOnly,
        other => return Err(TableErrorKind::UnknownStatus { status: other.to_owned() }),
    };
    if years.contains_key(&year) {
        return Err(TableErrorKind::RepeatedYear { year });
    }
    years.insert(year, HolidayYear { status, off: BTreeMap::new(), work: BTreeMap::new() });
    *current = Some(year);
    Ok(())
}

fn read_dates(work: bool, rest: &str, year: i16, entries: &mut HolidayYear) -> Result<(), TableErrorKind> {
    let (dates, name) = split_word(rest);
    let (first, last) = parse_span(dates)?;
    if name.is_empty() {
        return Err(TableErrorKind::NoName);
    }
    if let Some(date) = [first, last].into_iter().find(|date| date.year() != year) {
        return Err(TableErrorKind::OtherYear { date, year });
    }
    for date in first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last) {
        if entries.off.contains_key(&date) || entries.work.contains_key(&date) {
            return Err(TableErrorKind::RepeatedDate { date });
        }
        let side = if work { &mut entries.work } else { &mut entries.off };
        side.insert(date, name.to_owned());
    }
    Ok(())
}

/// One date, or a span `first..last` with both ends in it.
fn parse_span(text: &str) -> Result<(Date, Date), TableErrorKind> {
    let bad = || TableErrorKind::BadDate { text: text.to_owned() };
    // Ten characters: `2026-10-01` and none of the other forms that ISO 8601 knows.
    let date =
        |part: &str| if part.len() == 10 { part.parse::<Date>().map_err(|_| bad()) } else { Err(bad()) };
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last) = (date(first)?, date(last)?);
    if last < first {
        return Err(TableErrorKind::BackwardSpan { first, last });
    }
    Ok((first, last))
}

fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_table_is_read() {
        let table = parse(
            "# Our own\n2026 official\noff 2026-01-01..2026-01-03 元旦 # three days\n  work 2026-01-04  元旦 \n\n\
             2027 statutory-only\noff 2027-01-01 New Year's Day\r\n",
        )
        .unwrap();
        assert_eq!(table.keys().copied().collect::<Vec<_>>(), [2026, 2027]);
        assert_eq!(table[&2026].status, TableStatus::Official);
        assert_eq!(table[&2026].off.len(), 3);
        assert_eq!(table[&2026].off[&date(2026, 1, 3)], "元旦");
        assert_eq!(table[&2026].work[&date(2026, 1, 4)], "元旦");
        assert_eq!(table[&2027].status, TableStatus::StatutoryOnly);
        assert_eq!(table[&2027].off[&date(2027, 1, 1)], "New Year's Day");
        assert!(parse("").unwrap().is_empty());
    }

    /// The text's error as people see it, after the line number.
    fn refusal(text: &str) -> String {
        let error = parse(text).unwrap_err();
        assert!(error.zh().starts_with(&format!("第 {} 行：", error.line)), "{}", error.zh());
        error.to_string()
    }

    #[test]
    fn every_error_names_its_line() {
        let off = |line: &str| refusal(&format!("2026 official\n{line}"));
        assert_eq!(
            refusal("\nholiday 2026-01-01 x"),
            "line 2: `holiday` begins no line; lines are `2026 official`, `off DATE NAME` or `work DATE NAME`"
        );
        assert_eq!(
            refusal("2026 certain"),
            "line 1: `certain` is no status; write `official` or `statutory-only`"
        );
        assert_eq!(refusal("2026 official\n2026 official"), "line 2: the year 2026 is here twice");
        assert_eq!(
            refusal("off 2026-01-01 元旦"),
            "line 1: a date stands before the first year; begin with a line such as `2026 official`"
        );
        for text in ["2026-02-30", "20260101", "2026-01-01..", "2026-01-01..2026-01-xx", "元旦"] {
            assert_eq!(
                off(&format!("off {text} 元旦")),
                format!(
                    "line 2: `{text}` is no date such as 2026-10-01 and no span such as 2026-10-01..2026-10-07"
                )
            );
        }
        assert_eq!(
            off("off 2026-01-03..2026-01-01 元旦"),
            "line 2: the span 2026-01-03..2026-01-01 ends before it begins"
        );
        assert_eq!(
            off("off 2026-12-30..2027-01-01 元旦"),
            "line 2: 2027-01-01 stands under 2026; a date stands under its own year"
        );
        assert_eq!(
            off("off 2026-01-01..2026-01-03 元旦\nwork 2026-01-03 元旦"),
            "line 3: 2026-01-03 is in the table twice"
        );
        assert_eq!(off("work 2026-01-04"), "line 2: the name of the holiday is missing after the date");
    }
}
