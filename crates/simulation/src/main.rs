//! `cargo xtask sim`: plays courses and says which went wrong.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it talks to the person at the terminal")]

use std::process::ExitCode;

use yinuo_simulation::{Plan, Store, run};

const USAGE: &str = "\
yinuo-simulation --seed N [--steps M] [--store memory|sqlite|postgres] [--seeds K] [--trace]
    --seed N     the seed; with --seeds the first of them
    --steps M    how many things happen (100)
    --store S    on which store (memory)
    --seeds K    how many seeds, one after the other (1)
    --trace      print what happened, also when nothing went wrong";

struct Asked {
    first: u64,
    steps: u64,
    store: Store,
    seeds: u64,
    trace: bool,
}

fn main() -> ExitCode {
    let asked = match asked(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(complaint) => {
            eprintln!("error: {complaint}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut wrong = 0;
    for seed in asked.first..asked.first.saturating_add(asked.seeds) {
        let plan = Plan { seed, steps: asked.steps, store: asked.store, mischief: None };
        match run(&plan) {
            Ok(course) if asked.trace => println!("{}{}", course.trace, course.digest),
            Ok(course) if asked.seeds == 1 => {
                let last = course.trace.lines().last().unwrap_or_default();
                println!("seed {seed} on {}: {last}\ntrace {}", asked.store, course.digest);
            }
            Ok(_) => {}
            Err(failure) => {
                wrong += 1;
                eprintln!("{failure}\n");
            }
        }
    }
    println!("{} seeds of {} steps on {}: {wrong} went wrong", asked.seeds, asked.steps, asked.store);
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn asked(mut args: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked { first: 0, steps: 100, store: Store::Memory, seeds: 1, trace: false };
    let mut seeded = false;
    while let Some(arg) = args.next() {
        if arg == "--trace" {
            asked.trace = true;
            continue;
        }
        let known = ["--seed", "--steps", "--store", "--seeds"].contains(&arg.as_str());
        if !known {
            return Err(format!("{arg} means nothing here"));
        }
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        let number =
            || value.parse::<u64>().map_err(|_| format!("{arg} needs a whole number, not `{value}`"));
        match arg.as_str() {
            "--seed" => {
                asked.first = number()?;
                seeded = true;
            }
            "--steps" => asked.steps = number()?,
            "--seeds" => asked.seeds = number()?,
            _ => asked.store = value.parse()?,
        }
    }
    if seeded { Ok(asked) } else { Err("which seed?".to_owned()) }
}
