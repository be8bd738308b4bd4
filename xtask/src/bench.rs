//! `cargo xtask bench`: every measurement of the project, on a release build.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process;

/// One set of measurements.
struct Part {
    name: &'static str,
    what: &'static str,
    package: &'static str,
    /// Measured from outside, as a program that starts the server, rather than by `cargo bench`.
    system: bool,
}

const PARTS: &[Part] = &[
    Part { name: "calendar", what: "due, elapsed, explain", package: "yinuo-calendar", system: false },
    Part { name: "core", what: "receive, fold, clocks, tick", package: "yinuo-core", system: false },
    Part {
        name: "store",
        what: "durable appends, and the raw limit of the disk",
        package: "yinuo-store",
        system: false,
    },
    Part {
        name: "system",
        what: "intake over HTTP, lists, alarms, start-up, memory: the whole product",
        package: "yinuo-bench",
        system: true,
    },
];

/// Runs every part, or only those named, one after the other: nothing else should run on the machine.
#[expect(clippy::print_stdout, reason = "a chore talks to the person at the terminal")]
pub fn run(root: &Path, only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| !PARTS.iter().any(|part| part.name == **name)) {
        let known: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        bail!("there is no part called {unknown}; known are {}", known.join(", "));
    }
    println!("{}", machine(root)?);
    for part in PARTS.iter().filter(|part| only.is_empty() || only.iter().any(|name| name == part.name)) {
        println!("\n==> {}: {}", part.name, part.what);
        let mut command = process::cargo(root);
        if part.system {
            command.args(["build", "--release", "--package", "yinuo-server"]);
            process::show(&mut command)?;
            command = process::cargo(root);
            command.args(["run", "--release", "--package", part.package]);
            command.env("YINUO_BIN", process::target_dir(root)?.join("release/yinuo"));
        } else {
            command.args(["bench", "--package", part.package, "--benches"]);
        }
        process::show(&mut command)?;
    }
    Ok(())
}

/// What the figures were measured on; a figure without it says nothing.
fn machine(root: &Path) -> Result<String> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_once(':').map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let cpu = after(&read("/proc/cpuinfo"), "model name");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = after(&read("/proc/meminfo"), "MemTotal");
    let kernel = read("/proc/sys/kernel/osrelease").trim().to_owned();
    let load = read("/proc/loadavg").split(' ').take(3).collect::<Vec<_>>().join(" ");
    let rustc = process::output(process::program("rustc", root).arg("--version"))?;
    Ok(format!(
        "machine: {cpu}, {cores} cores, {memory}, Linux {kernel}\ntoolchain: {}\nload before: {load}",
        rustc.trim()
    ))
}
