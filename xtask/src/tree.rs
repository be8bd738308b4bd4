//! The files of the project that people write, as text.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Directories that hold what machines make.
const MADE: &[&str] = &["target", "node_modules", "dist", ".git", "test-results"];

/// Endings of files that are text that people write or review.
const TEXT: &[&str] = &[
    "rs", "toml", "md", "sql", "sh", "ts", "mts", "vue", "js", "mjs", "css", "html", "json", "jsonl", "yml",
    "yaml", "txt", "lock", "csv",
];

/// One file.
#[derive(Debug, Clone)]
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// The ending, without the dot; empty if there is none.
    pub fn ending(&self) -> &str {
        self.path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending)
    }

    /// Last part of the path, without the ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().zip(1..).map(|(line, number)| (number, line))
    }

    /// Whether the whole file is test code.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "e2e")
            || self.stem() == "tests"
            || self.stem().rsplit_once('.').is_some_and(|(_, role)| role == "test" || role == "spec")
    }
}

/// All files of the project, in order of their paths, and the paths that exist besides them (pictures and the like).
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Text files.
    pub files: Vec<File>,
    /// Every path, files and directories.
    pub paths: Vec<String>,
}

impl Tree {
    /// Reads the project under `root`, leaving out what machines make and local data.
    pub fn load(root: &Path) -> Result<Tree> {
        let mut tree = Tree::default();
        let mut waiting = vec![PathBuf::new()];
        while let Some(dir) = waiting.pop() {
            let at = root.join(&dir);
            for entry in fs::read_dir(&at).with_context(|| format!("cannot list {}", at.display()))? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = dir.join(&name);
                let shown = path.to_string_lossy().replace('\\', "/");
                let kind = entry.file_type()?;
                // `data` at the root holds databases of people who try the product.
                if MADE.contains(&name.as_str()) || shown == "data" {
                    continue;
                }
                if kind.is_dir() {
                    tree.paths.push(shown);
                    waiting.push(path);
                } else if kind.is_file() {
                    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
                    tree.paths.push(shown.clone());
                    // `.ci/run`, `.npmrc`, `LICENSE-MIT`: text without an ending.
                    if TEXT.contains(&ending) || stem.is_empty() || ending.is_empty() {
                        // Inputs in other encodings, which some tests keep, are no text to these rules.
                        let text = String::from_utf8(fs::read(entry.path())?);
                        tree.files.extend(text.ok().map(|text| File { path: shown, text }));
                    }
                }
            }
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        tree.paths.sort();
        Ok(tree)
    }

    /// A tree of the given paths and texts.
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.paths.push((*path).to_owned());
            for (end, _) in path.match_indices('/') {
                tree.paths.extend(path.get(..end).map(str::to_owned));
            }
            tree.files.push(File { path: (*path).to_owned(), text: (*text).to_owned() });
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        tree.paths.sort();
        tree.paths.dedup();
        tree
    }

    /// The file at `path`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Files with one of these endings.
    pub fn ending<'a>(&'a self, endings: &'a [&'a str]) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| endings.contains(&file.ending()))
    }

    /// Whether something is there.
    pub fn has(&self, path: &str) -> bool {
        self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }
}
