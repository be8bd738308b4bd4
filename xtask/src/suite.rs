//! `cargo xtask test`: every test of the project, the fast ones first.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{install, process, readme, run as product, tidy, tree::Tree, web};

/// How a step ended, if it did not fail.
enum Outcome {
    Passed,
    Skipped(&'static str),
}

/// One step.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Path) -> Result<Outcome>,
}

const STEPS: &[Step] = &[
    Step { name: "format", what: "Rust is formatted as rustfmt.toml says", run: format },
    Step { name: "tidy", what: "the habits of STYLE.md hold", run: tidy },
    Step {
        name: "web",
        what: "pages: types, texts in both languages, generated schema fresh, build",
        run: web,
    },
    Step { name: "lint", what: "clippy on everything; a warning is an error", run: lint },
    Step { name: "rust", what: "every Rust test, examples in comments too", run: rust },
    Step { name: "ha", what: "the database loses its primary under load: Patroni as documented", run: ha },
    Step { name: "docs", what: "the reference builds; every link inside it leads somewhere", run: docs },
    Step {
        name: "readme",
        what: "the walk-through of both READMEs, executed as it stands",
        run: walk_through,
    },
    Step { name: "journeys", what: "journeys through the pages in a real Chromium", run: journeys },
    Step { name: "supply", what: "licences and advisories of dependencies, by cargo-deny", run: supply },
];

/// Prints the steps.
#[expect(clippy::print_stdout, reason = "a chore talks to the person at the terminal")]
pub fn list() {
    for step in STEPS {
        println!("{:10} {}", step.name, step.what);
    }
}

/// Runs the steps, or only those named, all of them even if one fails. Whether none failed.
#[expect(clippy::print_stdout, reason = "a chore talks to the person at the terminal")]
pub fn run(root: &Path, only: &[String]) -> Result<bool> {
    if let Some(unknown) = only.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        bail!("there is no step called {unknown}; `cargo xtask test --list` shows them");
    }
    let mut closing = Vec::new();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for step in STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)) {
        println!("\n==> {}: {}", step.name, step.what);
        let started = stopwatch();
        let outcome = (step.run)(root);
        let took = seconds(started.elapsed());
        let line = match outcome {
            Ok(Outcome::Passed) => {
                passed += 1;
                format!("{} passed in {took}", step.name)
            }
            Ok(Outcome::Skipped(why)) => {
                skipped += 1;
                format!("{} skipped: {why}", step.name)
            }
            Err(error) => {
                failed += 1;
                format!("{} FAILED after {took}: {error:#}", step.name)
            }
        };
        println!("<== {line}");
        closing.push(format!("    {line}\n"));
    }
    println!("\nsteps:\n{}{passed} passed, {failed} failed, {skipped} skipped", closing.concat());
    Ok(failed == 0)
}

#[expect(clippy::disallowed_methods, reason = "measured for people; nothing is decided by it")]
fn stopwatch() -> Instant {
    Instant::now()
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

fn format(root: &Path) -> Result<Outcome> {
    install::component(root, "fmt", "rustfmt")?;
    process::show(process::cargo(root).args(["fmt", "--all", "--check"]))?;
    Ok(Outcome::Passed)
}

#[expect(clippy::print_stdout, reason = "a chore talks to the person at the terminal")]
fn tidy(root: &Path) -> Result<Outcome> {
    let findings = tidy::check(&Tree::load(root)?, root)?;
    print!("{}", tidy::report(&findings));
    if findings.is_empty() { Ok(Outcome::Passed) } else { bail!("{} findings", findings.len()) }
}

fn web(root: &Path) -> Result<Outcome> {
    web::check(root)?;
    Ok(Outcome::Passed)
}

fn lint(root: &Path) -> Result<Outcome> {
    install::component(root, "clippy", "clippy")?;
    process::show(process::cargo(root).args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    Ok(Outcome::Passed)
}

fn rust(root: &Path) -> Result<Outcome> {
    install::servers()?;
    let mut command = process::cargo(root);
    command.args(["test", "--workspace", "--no-fail-fast"]);
    // The optional parts are really optional.
    let bare = ["check", "--package", "yinuo-server", "--no-default-features"];
    process::show(process::cargo(root).args(bare))?;
    if let Some(model) = install::embedding_model(&process::target_dir(root)?.join("embedding")) {
        command.env("YINUO_EMBEDDING", model);
    }
    process::show(&mut command)?;
    Ok(Outcome::Passed)
}

/// Apart from the other Rust tests, because it takes minutes: three PostgreSQL have to notice that one is gone.
fn ha(root: &Path) -> Result<Outcome> {
    install::servers()?;
    let only = ["--package", "yinuo-server", "--test", "patroni"];
    process::show(process::cargo(root).arg("clippy").args(only).args(["--", "-D", "warnings"]))?;
    process::show(process::cargo(root).arg("test").args(only).args(["--", "--nocapture"]))?;
    Ok(Outcome::Passed)
}

fn docs(root: &Path) -> Result<Outcome> {
    let mut command = process::cargo(root);
    command.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    process::show(command.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Outcome::Passed)
}

fn walk_through(root: &Path) -> Result<Outcome> {
    install::debian(&["curl"], "the walk-through of the README")?;
    product::build_server(root)?;
    for name in readme::NAMES {
        readme::execute(root, name)?;
    }
    Ok(Outcome::Passed)
}

fn journeys(root: &Path) -> Result<Outcome> {
    let chromium = install::chromium()?;
    // The server takes the pages in when it is built.
    web::build(root)?;
    let server = product::build_server(root)?;
    web::journeys(root, &server, &chromium)?;
    Ok(Outcome::Passed)
}

fn supply(root: &Path) -> Result<Outcome> {
    if process::find("cargo-deny").is_none() {
        return Ok(Outcome::Skipped("cargo-deny is not installed; `cargo install cargo-deny` takes a while"));
    }
    process::show(process::cargo(root).args(["deny", "--workspace", "check"]))?;
    Ok(Outcome::Passed)
}
