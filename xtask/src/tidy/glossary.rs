//! Every word of the closed vocabularies stands in the glossary, with its label.

use super::Finding;
use crate::tree::Tree;

const GLOSSARY: &str = "docs/glossary.md";

/// Where vocabularies are declared: rows of `Variant = "word", …;`.
const SOURCES: &[&str] = &["crates/commitment/src/vocabulary.rs", "crates/core/src/ticket/command.rs"];

/// Words that the glossary does not have, and Chinese labels that it gives otherwise.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(glossary) = tree.file(GLOSSARY) else { return findings };
    let rows: Vec<&str> = glossary.text.lines().filter(|line| line.starts_with("| `")).collect();
    for file in SOURCES.iter().filter_map(|path| tree.file(path)) {
        for (line, text) in file.lines() {
            let Some((word, label)) = declared(text) else { continue };
            let head = format!("| `{word}` |");
            let mut same = rows.iter().filter(|row| row.starts_with(&head)).peekable();
            let what = if same.peek().is_none() {
                format!("{GLOSSARY} does not have `{word}`")
            } else if label.is_some_and(|label| !same.any(|row| row.contains(&format!("| {label} |")))) {
                format!("{GLOSSARY} has another Chinese label for `{word}`")
            } else {
                continue;
            };
            findings.push(Finding::new(&file.path, line, what, "say the same word in both places"));
        }
    }
    findings
}

/// The word and, if there is one, the Chinese label of a row `Variant = "word", "标签", "label";` or `} = "word";`.
fn declared(text: &str) -> Option<(&str, Option<&str>)> {
    let (left, right) = text.trim().split_once(" = \"")?;
    let name = left == "}"
        || (left.starts_with(|c: char| c.is_ascii_uppercase()) && left.chars().all(char::is_alphanumeric));
    if !name || !right.ends_with(';') {
        return None;
    }
    let mut quoted = right.split('"');
    let word = quoted.next()?;
    Some((word, quoted.nth(1)))
}
