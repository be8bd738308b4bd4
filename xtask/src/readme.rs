//! The walk-through of the READMEs, executed as it stands.
//!
//! A walk-through is the block of commands that follows a comment `<!-- walk-through … -->`. A line `# => text` under
//! a command states what that command shows; `…` in it stands for anything in between. Everything runs in one shell,
//! in the root of the project, so that variables and a server in the background last.

use std::{
    fs::{self, File as Out},
    os::unix::process::CommandExt as _,
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result, bail};

use crate::{
    process,
    tidy::readmes::{self, Block},
    tree::File,
};

/// Both READMEs.
pub const NAMES: [&str; 2] = ["README.md", "README.zh.md"];

/// Printed between the parts; nothing else prints it.
const MARK: &str = "\u{1e}part\u{1e}";

/// Commands, and what they have to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Line of the first command in the README, from 1.
    pub line: usize,
    /// As they stand.
    pub commands: String,
    /// What the output has to contain, each with its line.
    pub shows: Vec<(usize, String)>,
}

/// The walk-through of a README: exactly one.
pub fn walk_through(file: &File) -> Result<Block> {
    let mut blocks = readmes::blocks(file);
    blocks.retain(|block| block.marker.starts_with("<!-- walk-through"));
    match blocks.as_slice() {
        [block] => Ok(block.clone()),
        other => bail!("{} has {} walk-throughs, not one", file.path, other.len()),
    }
}

/// Cuts a walk-through after every statement of what is shown.
pub fn parts(block: &Block) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (text, line) in block.text.lines().zip(block.line..) {
        let shown = text.strip_prefix("# =>").map(|shown| (line, shown.trim().to_owned()));
        match (shown, parts.last_mut()) {
            (Some(shown), Some(part)) => part.shows.push(shown),
            (None, Some(part)) if part.shows.is_empty() => {
                part.commands.push_str(text);
                part.commands.push('\n');
            }
            (shown, _) => parts.push(Part {
                line,
                commands: if shown.is_some() { ":\n".to_owned() } else { format!("{text}\n") },
                shows: shown.into_iter().collect(),
            }),
        }
    }
    parts
}

/// Runs the walk-through of the README called `name` under `root`; an error says which line did not show what it says.
#[expect(clippy::print_stdout, reason = "a chore talks to the person at the terminal")]
pub fn execute(root: &Path, name: &str) -> Result<()> {
    let text = fs::read_to_string(root.join(name)).with_context(|| format!("{name} cannot be read"))?;
    let parts = parts(&walk_through(&File { path: name.to_owned(), text })?);
    let transcript = process::target_dir(root)?.join("walk-through.txt");
    let output = transcribe(root, &parts, &transcript)?;
    let wrong = compare(name, &parts, &output);
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    let shown: usize = parts.iter().map(|part| part.shows.len()).sum();
    println!("{name}: every line did what it says; {shown} results compared");
    Ok(())
}

/// Runs the parts in one shell and gives everything that it printed. What was left running is stopped.
pub fn transcribe(root: &Path, parts: &[Part], transcript: &Path) -> Result<String> {
    let mark = format!("printf '%s\\n' '{MARK}'\n");
    let script: String = parts.iter().flat_map(|part| [part.commands.as_str(), &mark]).collect();
    let out = Out::create(transcript).with_context(|| format!("cannot write {}", transcript.display()))?;
    let mut shell = process::program("sh", root);
    // A group of its own, so that a server in the background can be stopped even if the shell gave up before.
    shell.args(["-eu", "-c", &script]).process_group(0);
    // A file and no pipe: a server left running would keep a pipe open for ever.
    shell.stdin(Stdio::null()).stderr(out.try_clone()?).stdout(out);
    let mut child = shell.spawn().context("cannot start sh")?;
    let group = format!("-{}", child.id());
    let status = child.wait()?;
    process::succeeds(process::program("kill", root).args(["-TERM", "--", &group]));
    let output = fs::read_to_string(transcript)?;
    if !status.success() {
        let done = output.matches(MARK).count();
        let line = parts.get(done).map_or(0, |part| part.line);
        bail!("the shell gave up ({status}) at line {line} or after it:\n{}", tail(&output));
    }
    Ok(output)
}

/// What was stated and not shown.
pub fn compare(name: &str, parts: &[Part], output: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let shown = output.split(MARK).chain(std::iter::repeat(""));
    for (part, shown) in parts.iter().zip(shown) {
        for (line, stated) in &part.shows {
            if !contains(shown, stated) {
                wrong.push(format!(
                    "{name}:{line}: states\n    {stated}\nbut what came is\n    {}",
                    tail(shown)
                ));
            }
        }
    }
    wrong
}

/// Whether the pieces of `stated` stand in `shown` in this order, anything in between.
fn contains(shown: &str, stated: &str) -> bool {
    let mut rest = shown;
    stated.split('…').map(str::trim).all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

fn tail(text: &str) -> String {
    let text = text.trim().replace(MARK, "");
    let skipped = text.chars().count().saturating_sub(3000);
    text.chars().skip(skipped).collect()
}
