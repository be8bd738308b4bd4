//! `cargo xtask CHORE`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the person at the terminal")]

use std::process::ExitCode;

use anyhow::{Result, bail};
use xtask::{bench, process, run, suite, tidy, tree::Tree};

const USAGE: &str = "\
cargo xtask run [--fresh] [--listen ADDR]   start the product with its worked example (SQLite, data/example)
cargo xtask test [--list | --only STEP]…    run every test, fast ones first
cargo xtask bench [--only PART]…            measure, on a release build
cargo xtask eval [--only PART]…             how well texts are understood: speed, classify, answers, search, public (with YINUO_TEXTS)
cargo xtask sim --seed N [--steps M] [--store STORE] [--seeds K] [--trace]
                                            play a company from a seed, with everything that goes wrong
cargo xtask tidy [--shrink]                 check the habits; --shrink lowers the ratchet to what is there";

fn main() -> ExitCode {
    match chore(std::env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn chore(mut args: Vec<String>) -> Result<ExitCode> {
    let root = process::root()?;
    if args.is_empty() || args.iter().any(|arg| arg == "--help" || arg == "-h") {
        println!("{USAGE}");
        return Ok(if args.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    let verb = args.remove(0);
    match verb.as_str() {
        "run" => {
            let fresh = flag(&mut args, "--fresh");
            let listen = values(&mut args, "--listen")?.pop().unwrap_or_else(|| run::LISTEN.to_owned());
            nothing_left(&args)?;
            run::run(&root, fresh, &listen)?;
            Ok(ExitCode::SUCCESS)
        }
        "test" => {
            let list = flag(&mut args, "--list");
            let only = values(&mut args, "--only")?;
            nothing_left(&args)?;
            if list {
                suite::list();
                return Ok(ExitCode::SUCCESS);
            }
            Ok(if suite::run(&root, &only)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        "bench" => {
            let only = values(&mut args, "--only")?;
            nothing_left(&args)?;
            bench::run(&root, &only)?;
            Ok(ExitCode::SUCCESS)
        }
        "eval" => {
            let only = values(&mut args, "--only")?;
            nothing_left(&args)?;
            let mut command = process::cargo(&root);
            let example =
                ["run", "--release", "--quiet", "--package", "yinuo-language", "--example", "evaluate"];
            process::show(command.args(example).arg("--").args(&only))?;
            Ok(ExitCode::SUCCESS)
        }
        "sim" => {
            // In release: tens of thousands of seeds are worth the build.
            let mut command = process::cargo(&root);
            command.args(["run", "--release", "--quiet", "--package", "yinuo-simulation", "--"]).args(&args);
            process::show(&mut command)?;
            Ok(ExitCode::SUCCESS)
        }
        "tidy" => {
            let shrink = flag(&mut args, "--shrink");
            nothing_left(&args)?;
            if shrink {
                let lowered = tidy::ratchet::shrink(&root)?;
                println!("{lowered} ratchet entries lowered or removed");
            }
            let findings = tidy::check(&Tree::load(&root)?, &root)?;
            print!("{}", tidy::report(&findings));
            Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        other => bail!("there is no chore called {other}\n\n{USAGE}"),
    }
}

/// Takes `--name` out of `args`, wherever it stands.
fn flag(args: &mut Vec<String>, name: &str) -> bool {
    let before = args.len();
    args.retain(|arg| arg != name);
    args.len() != before
}

/// Takes every `--name VALUE` and `--name=VALUE` out of `args`.
fn values(args: &mut Vec<String>, name: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = Vec::new();
    let mut queue = std::mem::take(args).into_iter();
    while let Some(arg) = queue.next() {
        if arg == name {
            let Some(value) = queue.next() else { bail!("{name} needs a value\n\n{USAGE}") };
            found.push(value);
        } else if let Some(value) = arg.strip_prefix(name).and_then(|tail| tail.strip_prefix('=')) {
            found.push(value.to_owned());
        } else {
            rest.push(arg);
        }
    }
    *args = rest;
    Ok(found)
}

fn nothing_left(args: &[String]) -> Result<()> {
    if let Some(arg) = args.first() {
        bail!("{arg} means nothing here\n\n{USAGE}");
    }
    Ok(())
}
