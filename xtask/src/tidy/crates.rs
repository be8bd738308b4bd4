//! Which crate may use which: the table of `ARCHITECTURE.md` against what the manifests say.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use crate::tree::Tree;

const MAP: &str = "ARCHITECTURE.md";

/// A package of the workspace and what it depends on when built (not what its tests use).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name, such as `yinuo-core`.
    pub name: String,
    /// Names of its dependencies.
    pub uses: Vec<String>,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    line: usize,
    may_use: Vec<String>,
    never: Vec<String>,
}

/// Edges that the table does not allow, packages that it does not know, rows without a package.
pub fn check(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    let Some(map) = tree.file(MAP) else {
        return vec![Finding::new(MAP, 1, "there is no map of the crates", "write it")];
    };
    let rows = table(&map.text);
    let mut findings = Vec::new();
    for package in packages {
        let short = package.name.strip_prefix("yinuo-").unwrap_or(&package.name);
        let manifest = if short == "xtask" {
            "xtask/Cargo.toml".to_owned()
        } else {
            format!("crates/{short}/Cargo.toml")
        };
        let Some(row) = rows.get(short) else {
            let what = format!("the table of {MAP} does not know `{short}`");
            findings.push(Finding::new(
                &manifest,
                1,
                what,
                "add its row, and a decision record that says why it exists",
            ));
            continue;
        };
        for used in &package.uses {
            let inside = used.strip_prefix("yinuo-");
            if inside
                .is_some_and(|inside| !row.may_use.iter().any(|name| name == inside || name == "everything"))
            {
                let what = format!(
                    "`{short}` uses `{used}`, which its row in {MAP} line {} does not list",
                    row.line
                );
                let instead = "take the edge out, or write a decision record and add it to the row";
                findings.push(Finding::new(&manifest, 1, what, instead));
            }
            if row.never.contains(used)
                || inside.is_some_and(|inside| row.never.iter().any(|name| name == inside))
            {
                let what =
                    format!("`{short}` uses `{used}`, which its row in {MAP} line {} forbids", row.line);
                findings.push(Finding::new(&manifest, 1, what, "do this work in a crate that may"));
            }
        }
    }
    for (name, row) in &rows {
        let known = |package: &Package| package.name.strip_prefix("yinuo-").unwrap_or(&package.name) == name;
        if !packages.iter().any(known) {
            let what = format!("there is no crate `{name}`");
            findings.push(Finding::new(MAP, row.line, what, "take the row out: the map shows what is"));
        }
    }
    findings
}

/// The packages in the answer of `cargo metadata --no-deps`.
pub fn packages(metadata: &str) -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(metadata).context("cargo metadata is JSON")?;
    let list =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |value: &Value| value.get("name").and_then(Value::as_str).map(str::to_owned);
    let mut packages = Vec::new();
    for package in list(&metadata, "packages") {
        let used = list(&package, "dependencies");
        let built = used.iter().filter(|used| used.get("kind").and_then(Value::as_str) != Some("dev"));
        packages.push(Package {
            name: name(&package).context("a package has a name")?,
            uses: built.filter_map(name).collect(),
        });
    }
    Ok(packages)
}

/// Rows of the table whose head is `| crate | … | may use | never |`, by crate.
fn table(text: &str) -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    let lines = text.lines().zip(1..).skip_while(|(line, _)| !line.starts_with("| crate |"));
    for (line, number) in lines.take_while(|(line, _)| line.starts_with('|')).skip(2) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (Some(name), Some(may_use), Some(never)) = (cells.get(1), cells.get(3), cells.get(4)) else {
            continue;
        };
        let row = Row { line: number, may_use: quoted(may_use), never: quoted(never) };
        rows.insert(name.trim_matches('`').to_owned(), row);
    }
    rows
}

/// Words between backticks; `everything` may stand without them.
fn quoted(cell: &str) -> Vec<String> {
    if cell == "everything" {
        return vec![cell.to_owned()];
    }
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
