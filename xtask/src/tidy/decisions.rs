//! Decision records: numbered without gaps, each on the list.

use super::{Finding, links};
use crate::tree::Tree;

const DIR: &str = "docs/decisions/";
const LIST: &str = "docs/decisions/README.md";

/// Records without a number of their own, gaps in the numbers, records that the list leaves out.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(list) = tree.file(LIST) else { return findings };
    let listed: Vec<String> = links::links(list).into_iter().map(|(_, target)| target).collect();
    let mut expected = 1_u32;
    let records = tree.files.iter().filter(|file| file.path.starts_with(DIR) && file.path != LIST);
    for file in records {
        let name = file.path.strip_prefix(DIR).unwrap_or(&file.path);
        let number = name.split_once('-').and_then(|(number, _)| number.parse::<u32>().ok());
        if number != Some(expected) {
            let what = format!("the record before it makes this number {expected:04}");
            let instead = "numbers run from 0001 without gaps; a record that is given up stays, marked so";
            findings.push(Finding::new(&file.path, 1, what, instead));
        }
        expected = number.unwrap_or(expected).saturating_add(1);
        if !file.text.starts_with("# ") {
            findings.push(Finding::new(
                &file.path,
                1,
                "the record has no title",
                "begin with `# ` and the decision",
            ));
        }
        if !listed.iter().any(|target| target == name) {
            let what = format!("{LIST} does not list it");
            findings.push(Finding::new(&file.path, 1, what, "add a line with a link"));
        }
    }
    findings
}
