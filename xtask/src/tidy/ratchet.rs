//! The ratchet: what was too long when the ceilings came, and may only get shorter.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::{Finding, size};
use crate::tree::Tree;

/// Where it lies.
pub const PATH: &str = "xtask/tidy-ratchet.txt";

/// One line: so many lines are allowed to one file or function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `file PATH` or `function PATH::NAME`.
    pub name: String,
    /// Lines allowed.
    pub lines: usize,
    /// Line of the entry in the ratchet file, from 1.
    pub line: usize,
}

/// The ratchet as it is written.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    /// In the order of the file.
    pub all: Vec<Entry>,
    /// Lines that are no entries.
    pub complaints: Vec<Finding>,
}

impl Entries {
    /// The entry for `name`.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.all.iter().find(|entry| entry.name == name)
    }
}

/// Reads the ratchet of `tree`: lines of `NUMBER file PATH` or `NUMBER function PATH::NAME`, and `#` comments.
pub fn entries(tree: &Tree) -> Entries {
    let mut entries = Entries::default();
    let Some(file) = tree.file(PATH) else { return entries };
    for (line, text) in file.lines().filter(|(_, text)| !text.trim().is_empty() && !text.starts_with('#')) {
        let parsed = text.split_once(' ').and_then(|(number, name)| {
            let known = name.starts_with("file ") || name.starts_with("function ");
            Some(Entry { name: known.then(|| name.trim().to_owned())?, lines: number.parse().ok()?, line })
        });
        match parsed {
            Some(entry) => entries.all.push(entry),
            None => entries.complaints.push(Finding::new(
                PATH,
                line,
                format!("`{text}` is no entry"),
                "write `612 file crates/x/src/y.rs` or `83 function crates/x/src/y.rs::name`",
            )),
        }
    }
    entries
}

/// Lowers every entry to what is measured and removes those that are not needed any more. Gives how many changed.
pub fn shrink(root: &Path) -> Result<usize> {
    let tree = Tree::load(root)?;
    let measures = size::measures(&tree);
    let entries = entries(&tree);
    let text = tree.file(PATH).map(|file| file.text.clone()).unwrap_or_default();
    let mut changed = 0;
    let mut kept = String::new();
    for (row, line) in text.lines().zip(1..) {
        let Some(entry) = entries.all.iter().find(|entry| entry.line == line) else {
            kept.push_str(row);
            kept.push('\n');
            continue;
        };
        let same = measures.iter().filter(|measure| measure.name == entry.name);
        let measured = same.max_by_key(|measure| measure.lines);
        match measured.filter(|measure| measure.lines > measure.ceiling) {
            Some(measure) if measure.lines >= entry.lines => {
                kept.push_str(row);
                kept.push('\n');
            }
            Some(measure) => {
                changed += 1;
                kept.extend([measure.lines.to_string().as_str(), " ", &entry.name, "\n"]);
            }
            None => changed += 1,
        }
    }
    if changed > 0 {
        fs::write(root.join(PATH), kept).with_context(|| format!("cannot write {PATH}"))?;
    }
    Ok(changed)
}
