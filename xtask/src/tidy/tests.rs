//! Tests that wait, tests that are switched off.

use super::Finding;
use crate::{
    mask::{Masked, is_word},
    tree::Tree,
};

/// Sleeps in test code, and tests that do not run.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(&["rs"]) {
        let masked = Masked::new(&file.text);
        let tests = masked.test_lines();
        for (line, code) in masked.lines() {
            // Put together, so that this file does not find itself.
            if code.contains(concat!("#[", "ignore")) {
                let what = "a test that does not run";
                findings.push(Finding::new(
                    &file.path,
                    line,
                    what,
                    "mend it or take it out; say in a decision record why",
                ));
            }
            let test = file.is_test() || tests.get(line - 1).is_some_and(|test| *test);
            if test && calls(code, "sleep") {
                let what = "a test that sleeps is slow when it passes and lies when it fails";
                findings.push(Finding::new(
                    &file.path,
                    line,
                    what,
                    "step the Clock port, or wait for the event itself",
                ));
            }
        }
    }
    for file in tree.ending(&["ts", "mts", "mjs", "js"]).filter(|file| file.is_test()) {
        for (line, text) in file.lines() {
            if ["test.skip", "it.skip", "describe.skip", "test.only", "it.only", "describe.only", "test.todo"]
                .iter()
                .any(|mark| text.contains(mark))
            {
                let what = "a test that does not run, or keeps the others from running";
                findings.push(Finding::new(&file.path, line, what, "mend it or take it out"));
            }
            if text.contains("waitForTimeout") {
                let what = "a journey that sleeps is slow when it passes and lies when it fails";
                findings.push(Finding::new(&file.path, line, what, "wait for what the page shows"));
            }
        }
    }
    findings
}

/// Whether `code` calls a function with exactly this name.
fn calls(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + name.len()..).unwrap_or_default();
        !before.is_some_and(is_word) && after.starts_with('(')
    })
}
