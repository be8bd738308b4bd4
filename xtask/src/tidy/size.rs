//! Ceilings: where a file or a function gets long, somebody has to stop and look for the cut along the domain.

use super::{Finding, ratchet};
use crate::{
    mask::Masked,
    tree::{File, Tree},
};

/// Lines of a file without its tests.
pub const FILE_LINES: usize = 500;
/// Lines that no file may have, whatever the ratchet says; test files count too.
pub const FILE_LINES_HARD: usize = 800;
/// Lines of code in the body of a function.
pub const FUNCTION_LINES: usize = 70;

/// Endings of files that people write as code.
const CODE: &[&str] = &["rs", "ts", "mts", "vue", "js", "mjs", "css", "sql"];

/// Files that a generator writes and a test keeps fresh.
const GENERATED: &[&str] = &["web/src/api/schema.ts"];

/// What is measured: `file PATH` or `function PATH::NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Name in the ratchet.
    pub name: String,
    /// File.
    pub path: String,
    /// Line where it begins.
    pub line: usize,
    /// Lines counted.
    pub lines: usize,
    /// Lines allowed without a ratchet entry.
    pub ceiling: usize,
    /// Lines allowed at most.
    pub hard: Option<usize>,
}

/// Files and functions over the ceilings that have no ratchet entry, and ratchet entries that could shrink.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let entries = ratchet::entries(tree);
    let mut findings = entries.complaints.clone();
    let measures = measures(tree);
    for measure in &measures {
        let allowed = entries.get(&measure.name);
        if let Some(hard) = measure.hard.filter(|hard| measure.lines > *hard) {
            let what = format!("{} lines; no file may have more than {hard}", measure.lines);
            findings.push(Finding::new(&measure.path, measure.line, what, "cut it along the domain"));
        } else if measure.lines > allowed.map_or(measure.ceiling, |entry| entry.lines.max(measure.ceiling)) {
            let limit = allowed.map_or(measure.ceiling, |entry| entry.lines.max(measure.ceiling));
            let what = format!("{} has {} lines, {limit} are allowed", measure.name, measure.lines);
            findings.push(Finding::new(&measure.path, measure.line, what, "cut it along the domain"));
        }
    }
    for entry in &entries.all {
        let measured = measures.iter().filter(|measure| measure.name == entry.name);
        let lines = measured.map(|measure| measure.lines).max().unwrap_or(0);
        if lines < entry.lines {
            let what =
                format!("{} has {lines} lines by now, the ratchet still allows {}", entry.name, entry.lines);
            findings.push(Finding::new(ratchet::PATH, entry.line, what, "run `cargo xtask tidy --shrink`"));
        }
    }
    findings
}

/// Everything that has a ceiling.
pub fn measures(tree: &Tree) -> Vec<Measure> {
    let mut measures = Vec::new();
    for file in tree.ending(CODE).filter(|file| !GENERATED.contains(&file.path.as_str())) {
        let masked = (file.ending() == "rs").then(|| Masked::new(&file.text));
        measures.push(whole_file(file, masked.as_ref()));
        let functions = masked.iter().flat_map(Masked::functions);
        for function in functions.filter(|function| !function.excused) {
            measures.push(Measure {
                name: format!("function {}::{}", file.path, function.name),
                path: file.path.clone(),
                line: function.line,
                lines: function.lines,
                ceiling: FUNCTION_LINES,
                hard: None,
            });
        }
    }
    measures
}

fn whole_file(file: &File, masked: Option<&Masked>) -> Measure {
    let all = file.text.lines().count();
    let tests = masked.map_or(0, |masked| masked.test_lines().into_iter().filter(|test| *test).count());
    let lines = if file.is_test() { all } else { all - tests };
    Measure {
        name: format!("file {}", file.path),
        path: file.path.clone(),
        line: 1,
        lines,
        ceiling: if file.is_test() { FILE_LINES_HARD } else { FILE_LINES },
        hard: Some(FILE_LINES_HARD),
    }
}
