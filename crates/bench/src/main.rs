//! Measures the whole product on one machine: `cargo xtask bench`, or alone with
//! `cargo run --release -p yinuo-bench -- [intake] [receipts] [alarms] [list] [search]`.
//!
//! The server runs as a process of its own, as users run it (`YINUO_BIN` names the binary); its CPU time and memory are
//! read from `/proc`. The load generator shares the machine, so rates are pessimistic; CPU milliseconds per request are
//! the figure that holds elsewhere. Every rate stands beside what the bare disk does in the same run.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the figures are its output")]
#![expect(clippy::disallowed_methods, reason = "measuring is what clocks are for")]

mod alarms;
mod client;
mod house;
mod intake;
mod list;
mod place;
mod process;
mod raw;
mod receipts;
mod search;
mod stats;
mod within;

use std::path::PathBuf;

use anyhow::{Result, bail};

/// Where databases are made; on the disk that is to be measured.
fn scratch() -> Result<PathBuf> {
    let folder =
        std::env::var_os("YINUO_BENCH_DIR").map_or_else(|| PathBuf::from("target/bench-data"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let parts: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) =
        parts.iter().find(|part| !["intake", "receipts", "alarms", "list", "search"].contains(&part.as_str()))
    {
        bail!("there is no part `{unknown}`: intake, receipts, alarms, list, search");
    }
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    let scratch = scratch()?;
    println!("calibration: {:.2} s of CPU for 500 million steps of a loop", stats::calibration());
    if wanted("intake") {
        intake::run(&scratch).await?;
    }
    if wanted("receipts") {
        receipts::run(&scratch).await?;
    }
    if wanted("alarms") {
        alarms::run(&scratch).await?;
    }
    if wanted("list") {
        list::run(&scratch).await?;
    }
    if wanted("search") {
        search::run(&scratch).await?;
    }
    Ok(())
}
