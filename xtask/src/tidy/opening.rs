//! Every crate opens with what it is, what it is not, its invariants, and where to start reading.

use super::Finding;
use crate::tree::Tree;

/// What the opening has to speak of: any one of the words of each row.
const PARTS: &[(&str, &[&str])] = &[
    ("what it is not", &["not here", "what it is not", "no ", "never"]),
    ("its invariants", &["invariant"]),
    ("where to start reading", &["start reading"]),
];

/// Crates whose `lib.rs` does not say these things.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("/src/lib.rs")) {
        let opening: Vec<&str> = file.text.lines().take_while(|line| line.starts_with("//!")).collect();
        let text = opening.join("\n").to_lowercase();
        let missing: Vec<&str> = PARTS
            .iter()
            .filter(|(_, words)| !words.iter().any(|word| text.contains(word)))
            .map(|(part, _)| *part)
            .collect();
        if opening.is_empty() || !missing.is_empty() {
            let what = format!("the crate's opening does not say {}", missing.join(", "));
            findings.push(Finding::new(
                &file.path,
                1,
                what,
                "write it; crates/calendar/src/lib.rs shows the form",
            ));
        }
    }
    findings
}
