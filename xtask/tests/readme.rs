//! The executor of walk-throughs: what is stated and not shown fails; what the READMEs state is there to be executed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use xtask::{
    process, readme,
    tree::{File, Tree},
};

/// Where a made-up walk-through runs.
fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Executes a made-up walk-through and gives what was wrong with it.
fn wrong(name: &str, commands: &str) -> Result<Vec<String>> {
    let text = format!("# Title\n\n<!-- walk-through: executed -->\n```sh\n{commands}```\n");
    let file = File { path: "README.md".to_owned(), text };
    let parts = readme::parts(&readme::walk_through(&file)?);
    fs::create_dir_all(place(name))?;
    let output = readme::transcribe(&place(name), &parts, &place(name).join("transcript.txt"))?;
    Ok(readme::compare("README.md", &parts, &output))
}

#[test]
fn a_walk_through_that_shows_what_it_states_passes() {
    let commands = "x=\"a b\"\necho \"$x c\"\n# => a … c\n# a comment\necho second >&2\n# => second\n";
    assert_eq!(wrong("passes", commands).unwrap(), Vec::<String>::new());
}

#[test]
fn a_result_that_does_not_come_is_told_with_its_line() {
    let found = wrong("states", "echo one\n# => one\necho two\n# => three\n").unwrap();
    assert_eq!(found, ["README.md:8: states\n    three\nbut what came is\n    two"]);
}

#[test]
fn what_an_earlier_command_showed_does_not_count() {
    let found = wrong("earlier", "echo one\n# => one\necho two\n# => one\n").unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_command_that_fails_stops_the_walk_through() {
    let error = wrong("fails", "echo one\n# => one\nfalse\necho two\n# => two\n").unwrap_err().to_string();
    assert!(error.contains("at line 7"), "{error}");
}

#[test]
fn a_program_left_in_the_background_is_stopped() {
    let held = "rm -f ready held\n(exec 9>held; flock 9; : >ready; exec tail -f /dev/null) &\n\
                until [ -e ready ]; do :; done; echo started\n# => started\n";
    assert_eq!(wrong("background", held).unwrap(), Vec::<String>::new());
    // Free as soon as the program that holds it is gone; were it left running, this would wait for ever.
    fs::File::open(place("background").join("held")).unwrap().lock().unwrap();
}

#[test]
fn both_readmes_walk_through_the_same_ten_lines() {
    let tree = Tree::load(&process::root().unwrap()).unwrap();
    let mut stated = Vec::new();
    for name in readme::NAMES {
        let parts = readme::parts(&readme::walk_through(tree.file(name).unwrap()).unwrap());
        let lines = parts.iter().flat_map(|part| part.commands.lines());
        let commands: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(commands.len() <= 12, "{name}: {} lines are no walk, {commands:#?}", commands.len());
        stated
            .push(parts.into_iter().flat_map(|part| part.shows).map(|(_, shown)| shown).collect::<Vec<_>>());
    }
    assert!(stated[0].len() >= 5, "a walk-through that states nothing proves nothing: {stated:?}");
    assert_eq!(stated[0], stated[1]);
}
