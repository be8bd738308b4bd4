//! `cargo xtask bench`: every measurement of the project, on a release build.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process;

/// One set of measurements.
struct Part {
    name: &'static str,
    what: &'static str,
    by: By,
}

/// Who measures it.
#[derive(PartialEq, Eq)]
enum By {
    /// The benches of this package.
    Package(&'static str),
    /// The crate `bench`, which starts the server as a process of its own; the part has the same name there.
    System,
}

const PARTS: &[Part] = &[
    Part { name: "calendar", what: "due, elapsed, explain", by: By::Package("yinuo-calendar") },
    Part { name: "core", what: "receive, fold, clocks, tick", by: By::Package("yinuo-core") },
    Part { name: "store", what: "durable appends, without HTTP", by: By::Package("yinuo-store") },
    Part {
        name: "intake",
        what: "durable intake over HTTP beside what the bare database does",
        by: By::System,
    },
    Part { name: "receipts", what: "what signing the log costs, how fast it is verified", by: By::System },
    Part { name: "alarms", what: "how late alarms fire", by: By::System },
    Part {
        name: "list",
        what: "the list by least slack, start-up and memory with many tickets",
        by: By::System,
    },
    Part { name: "search", what: "queries over the texts of a million tickets", by: By::System },
];

/// Runs every part, or only those named, one after the other: nothing else should run on the machine.
#[expect(clippy::print_stdout, reason = "a chore talks to the person at the terminal")]
pub fn run(root: &Path, only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| !PARTS.iter().any(|part| part.name == **name)) {
        let known: Vec<String> =
            PARTS.iter().map(|part| format!("    {:10} {}", part.name, part.what)).collect();
        bail!("there is no part called {unknown}; there are\n{}", known.join("\n"));
    }
    println!("{}", machine(root)?);
    let wanted = |part: &&Part| only.is_empty() || only.iter().any(|name| name == part.name);
    for part in PARTS.iter().filter(wanted) {
        if let By::Package(package) = part.by {
            println!("\n==> {}: {}", part.name, part.what);
            process::show(process::cargo(root).args(["bench", "--package", package, "--benches"]))?;
        }
    }
    let system: Vec<&str> =
        PARTS.iter().filter(wanted).filter(|part| part.by == By::System).map(|part| part.name).collect();
    if system.is_empty() {
        return Ok(());
    }
    println!("\n==> the whole product: {}", system.join(", "));
    process::show(process::cargo(root).args(["build", "--release", "--package", "yinuo-server"]))?;
    let mut command = process::cargo(root);
    command.args(["run", "--release", "--package", "yinuo-bench", "--"]).args(system);
    process::show(command.env("YINUO_BIN", process::target_dir(root)?.join("release/yinuo")))
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
