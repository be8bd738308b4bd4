//! The project speaks of itself alone: nothing of it may depend on one machine or lie outside of it.

use super::Finding;
use crate::tree::{File, Tree};

/// First parts of paths that exist on one machine only.
const ROOTS: &[&str] = &["home", "root", "Users", "work", "farm", "mnt", "media", "srv"];

/// Paths, hosts and clocks that have no place in the project.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (line, text) in file.lines() {
            if let Some(path) = absolute(text) {
                let what = format!("`{path}` exists on one machine only");
                findings.push(Finding::new(
                    &file.path,
                    line,
                    what,
                    "a path from the root of the project, or a setting",
                ));
            }
            // Put together, so that this file does not find itself.
            if text.contains(concat!("..", "/shared")) {
                let what = "a reference to something outside of the project";
                findings.push(Finding::new(
                    &file.path,
                    line,
                    what,
                    "copy what is needed, with its source and licence",
                ));
            }
        }
        findings.extend(registries(file));
        if file.ending() == "sql" || file.path.starts_with("crates/store/src/") {
            findings.extend(sql_clocks(file));
        }
    }
    findings
}

/// The absolute path in `text` that begins with one of [`ROOTS`].
fn absolute(text: &str) -> Option<&str> {
    for (at, _) in text.match_indices('/') {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        // A path goes on from a word, a dot or another part; an absolute one begins here.
        if before.is_some_and(|c| c.is_alphanumeric() || "._-/}~$*)]>".contains(c)) {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let known = ROOTS.iter().any(|root| {
            let tail = rest.strip_prefix(root).and_then(|tail| tail.strip_prefix('/'));
            tail.is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.'))
        });
        if known {
            let end = rest.find(|c: char| c.is_whitespace() || "\"'`)".contains(c)).unwrap_or(rest.len());
            return text.get(at..=at + end).map(str::trim_end).or_else(|| text.get(at..));
        }
    }
    None
}

/// Lock files and settings that bind the build to one package registry.
fn registries(file: &File) -> Vec<Finding> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let mut findings = Vec::new();
    for (line, text) in file.lines() {
        let text = text.trim();
        let bound = match name {
            "package-lock.json" => text.starts_with("\"resolved\": \"http"),
            ".npmrc" => text.contains("registry=") && !text.contains("omit-lockfile"),
            "Cargo.lock" => {
                text.starts_with("source = \"") && !text.contains("github.com/rust-lang/crates.io-index")
            }
            "config.toml" => text.starts_with("registry") || text.starts_with("replace-with"),
            _ => false,
        };
        if bound {
            let what = "the build is bound to one package registry";
            findings.push(Finding::new(&file.path, line, what, "leave it out: each machine sets its own"));
        }
    }
    findings
}

/// Databases must not read the clock: `now` is a parameter.
fn sql_clocks(file: &File) -> Vec<Finding> {
    let clocks = ["now()", "current_timestamp", "'now'", "unixepoch(", "random()", "strftime("];
    let mut findings = Vec::new();
    for (line, text) in file.lines() {
        let lower = text.trim_start().to_lowercase();
        if lower.starts_with("//") || lower.starts_with("--") {
            continue;
        }
        if let Some(clock) = clocks.iter().find(|clock| lower.contains(**clock)) {
            let what = format!("`{clock}` lets the database read a clock or draw a number");
            findings.push(Finding::new(
                &file.path,
                line,
                what,
                "pass the instant or the number in as a parameter",
            ));
        }
    }
    findings
}
