//! Links between documents lead somewhere.

use std::collections::BTreeSet;

use super::Finding;
use crate::tree::{File, Tree};

/// Relative links in Markdown whose file or heading does not exist.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(&["md"]) {
        for (line, target) in links(file) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, heading) = target.split_once('#').unwrap_or((&target, ""));
            let Some(place) = resolve(&file.path, path) else {
                let what = format!("`{target}` leads out of the project");
                findings.push(Finding::new(&file.path, line, what, "link to what lies in the project"));
                continue;
            };
            if !place.is_empty() && !tree.has(&place) {
                let what = format!("`{target}` does not exist");
                findings.push(Finding::new(
                    &file.path,
                    line,
                    what,
                    "link to a file that does, relative to this one",
                ));
            }
            let aim = tree.file(&place).filter(|aim| aim.ending() == "md" && !heading.is_empty());
            if aim.is_some_and(|aim| !headings(aim).contains(heading)) {
                let what = format!("{place} has no heading #{heading}");
                findings.push(Finding::new(&file.path, line, what, "link to a heading that it has"));
            }
        }
    }
    findings
}

/// Targets of `[text](target)` outside of code, with their lines.
pub fn links(file: &File) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (line, text) in prose(file) {
        // Code between backticks is no link.
        let text: String = text.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for (at, _) in text.match_indices("](") {
            let target = text.get(at + 2..).and_then(|rest| rest.split([')', ' ']).next());
            links.extend(target.map(|target| (line, target.trim_matches(['<', '>']).to_owned())));
        }
    }
    links
}

/// Lines outside of fenced blocks.
fn prose(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    file.lines().filter(move |(_, text)| {
        let fence = text.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// Where a link from `from` leads; none if it leads out of the project.
fn resolve(from: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(from.to_owned());
    }
    if link.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Anchors of the headings of `file`, as code hosts make them.
fn headings(file: &File) -> BTreeSet<String> {
    prose(file)
        .filter(|(_, text)| text.starts_with('#'))
        .map(|(_, text)| {
            let title = text.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}
