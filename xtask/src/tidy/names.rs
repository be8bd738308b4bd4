//! Names that say nothing: a drawer called `common` fills up with what has no owner.

use super::Finding;
use crate::{mask::Masked, tree::Tree};

const DRAWERS: &[&str] =
    &["common", "util", "utils", "helper", "helpers", "manager", "managers", "service", "services", "misc"];

const SUFFIXES: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "ServiceImpl"];

const INSTEAD: &str = "name it after the noun of docs/glossary.md that it is about";

/// Files, directories and types with a name that says nothing, and marks of unfinished work.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in &tree.paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.split('.').next().unwrap_or(name).to_lowercase();
        if DRAWERS.contains(&stem.as_str()) {
            findings.push(Finding::new(path, 1, format!("`{stem}` says nothing"), INSTEAD));
        }
        if name == "mod.rs" && path.contains("/src/") {
            let instead = "name it after its directory: `foo.rs` beside `foo/`";
            findings.push(Finding::new(path, 1, "ten files called `mod.rs` are hard to tell apart", instead));
        }
    }
    for file in tree.ending(&["rs"]) {
        for (line, code) in Masked::new(&file.text).lines() {
            for name in declared(code) {
                let suffix =
                    SUFFIXES.iter().find(|suffix| name.ends_with(**suffix) && name.len() > suffix.len());
                if suffix.is_some() || DRAWERS.contains(&name) {
                    findings.push(Finding::new(&file.path, line, format!("`{name}` says nothing"), INSTEAD));
                }
            }
        }
    }
    for file in tree.ending(&["rs", "ts", "vue", "mjs", "sql", "toml", "css"]) {
        for (line, text) in file.lines() {
            // Put together, so that this file does not find itself.
            for mark in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")] {
                if text.contains(mark) {
                    let what = format!("`{mark}` leaves work to nobody");
                    findings.push(Finding::new(
                        &file.path,
                        line,
                        what,
                        "finish it, or write an issue and take this out",
                    ));
                }
            }
        }
    }
    findings
}

/// Names of types and modules that a line of code declares.
fn declared(code: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let mut names = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if ["struct", "enum", "trait", "mod", "type"].contains(&word) {
            names.extend(words.next());
        }
    }
    names.into_iter()
}
