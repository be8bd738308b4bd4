//! The two READMEs tell the same commands.

use super::Finding;
use crate::tree::{File, Tree};

/// One fenced block of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Line of its first command, from 1.
    pub line: usize,
    /// The line of prose right before it, which may be a marker in a comment.
    pub marker: String,
    /// Its text, as it stands.
    pub text: String,
}

/// Commands that one README has and the other has not, or has in another place.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let (Some(english), Some(chinese)) = (tree.file("README.md"), tree.file("README.zh.md")) else {
        return Vec::new();
    };
    let (left, right) = (blocks(english), blocks(chinese));
    let mut findings = Vec::new();
    let instead = "the same commands in the same order; only comments and prose are translated";
    if left.len() != right.len() {
        let what = format!("README.md has {} blocks of commands, README.zh.md {}", left.len(), right.len());
        findings.push(Finding::new(&chinese.path, 1, what, instead));
    }
    for (left, right) in left.iter().zip(&right) {
        if commands(left) != commands(right) {
            let what = format!("other commands than in README.md line {}", left.line);
            findings.push(Finding::new(&chinese.path, right.line, what, instead));
        }
    }
    findings
}

/// The blocks fenced as `sh`.
pub fn blocks(file: &File) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut before = String::new();
    for (line, text) in file.lines() {
        match &mut open {
            Some(block) if text.starts_with("```") => {
                blocks.push(block.clone());
                open = None;
            }
            Some(block) => {
                block.text.push_str(text);
                block.text.push('\n');
            }
            None if text.trim_end() == "```sh" => {
                open = Some(Block { line: line + 1, marker: before.clone(), text: String::new() });
            }
            None => {}
        }
        if !text.trim().is_empty() {
            text.trim().clone_into(&mut before);
        }
    }
    blocks
}

/// Lines that a shell executes or a walk-through compares; plain comments are prose.
fn commands(block: &Block) -> Vec<&str> {
    let lines = block.text.lines().map(str::trim_end);
    lines.filter(|line| !line.is_empty() && (!line.starts_with('#') || line.starts_with("# =>"))).collect()
}
