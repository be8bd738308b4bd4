//! The coverage table as text.

use unicode_width::UnicodeWidthStr;

use super::{Cell, Coverage, Row};
use crate::{
    vocabulary::{Kind, Language, Mark},
    words::pick,
};

/// A clock that has a column: what starts it and what stops it.
type Column = (Mark, Vec<Mark>);

pub(super) fn draw(coverage: &Coverage, language: Language) -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        let rows: Vec<&Row> = coverage.rows.iter().filter(|row| row.case.kind == *kind).collect();
        if !rows.is_empty() {
            text.push_str(kind.label(language));
            text.push('\n');
            block(&rows, language, &mut text);
            text.push('\n');
        }
    }
    let gaps = coverage.gaps().count();
    let summary = match (gaps, language) {
        (0, Language::Zh) => "没有空白。\n".to_owned(),
        (0, Language::En) => "No gaps.\n".to_owned(),
        (_, Language::Zh) => format!("有空白的组合：{gaps} 行。\n"),
        (1, Language::En) => "1 row with gaps.\n".to_owned(),
        (_, Language::En) => format!("{gaps} rows with gaps.\n"),
    };
    text + &summary
}

fn block(rows: &[&Row], language: Language, text: &mut String) {
    let mut columns: Vec<Column> = Vec::new();
    for cell in rows.iter().flat_map(|row| &row.cells) {
        let column = (cell.from, cell.until.clone());
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let has_gaps = rows.iter().any(|row| !row.gaps.is_empty());
    let mut lines = vec![header(&columns, has_gaps, language)];
    for row in rows {
        let details = row.case.details(language);
        let mut line = vec![if details.is_empty() { pick(language, "全部", "all") } else { details }];
        line.extend(columns.iter().map(|column| entry(&row.cells, column, language)));
        if has_gaps {
            let gaps = row.gaps.iter().map(|gap| gap.label(language)).collect::<Vec<_>>();
            line.push(gaps.join(&pick(language, "；", "; ")));
        }
        lines.push(line);
    }
    aligned(&lines, text);
}

fn header(columns: &[Column], has_gaps: bool, language: Language) -> Vec<String> {
    let mut header = vec![pick(language, "情形", "case")];
    header.extend(columns.iter().map(|(from, until)| {
        let ends = until.iter().map(|mark| mark.label(language)).collect::<Vec<_>>().join(" / ");
        if *from == Mark::Received { ends } else { format!("{} → {ends}", from.label(language)) }
    }));
    if has_gaps {
        header.push(pick(language, "空白", "missing"));
    }
    header
}

fn entry(cells: &[Cell], (from, until): &Column, language: Language) -> String {
    let matching = cells.iter().filter(|cell| cell.from == *from && cell.until == *until);
    let mut words: Vec<&str> = Vec::new();
    for cell in matching {
        // Two letters that promise the same: once is enough.
        if !words.contains(&cell.words.get(language)) {
            words.push(cell.words.get(language));
        }
    }
    if words.is_empty() { "–".to_owned() } else { words.join(" + ") }
}

/// Columns side by side, two blanks between them, a rule under the first line.
fn aligned(lines: &[Vec<String>], text: &mut String) {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    for (number, line) in lines.iter().enumerate() {
        let mut drawn = String::from("  ");
        for (cell, width) in line.iter().zip(&widths) {
            drawn.push_str(cell);
            drawn.push_str(&" ".repeat(width - cell.width() + 2));
        }
        text.push_str(drawn.trim_end());
        text.push('\n');
        if number == 0 {
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            text.push_str("  ");
            text.push_str(&rules.join("  "));
            text.push('\n');
        }
    }
}
