//! The habits of the project as checks. `STYLE.md` says why; each finding says what to do instead.

use std::{fmt, path::Path};

use anyhow::Result;

use crate::{process, tree::Tree};

pub mod crates;
pub mod decisions;
pub mod glossary;
pub mod links;
pub mod names;
pub mod opening;
pub mod places;
pub mod ratchet;
pub mod readmes;
pub mod size;
pub mod tests;

/// Something that the habits forbid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// File, from the root.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do instead.
    pub instead: String,
}

impl Finding {
    /// A finding.
    pub fn new(path: &str, line: usize, what: impl Into<String>, instead: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, what: what.into(), instead: instead.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n    instead: {}", self.path, self.line, self.what, self.instead)
    }
}

/// Rules that need the files only.
const RULES: &[fn(&Tree) -> Vec<Finding>] = &[
    size::check,
    names::check,
    places::check,
    tests::check,
    opening::check,
    links::check,
    decisions::check,
    glossary::check,
    readmes::check,
];

/// Everything that the habits forbid in `tree`, the project under `root`, in order of place.
pub fn check(tree: &Tree, root: &Path) -> Result<Vec<Finding>> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(tree)).collect();
    let metadata =
        process::output(process::cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    findings.extend(crates::check(tree, &crates::packages(&metadata)?));
    findings.sort();
    Ok(findings)
}

/// The findings for people, with a closing line.
pub fn report(findings: &[Finding]) -> String {
    let mut lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.push(match findings.len() {
        0 => "tidy: nothing found\n".to_owned(),
        1 => "tidy: 1 finding\n".to_owned(),
        many => format!("tidy: {many} findings\n"),
    });
    lines.join("\n")
}
