//! `yinuo import FILE`

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use yinuo_core::roster::Actor;
use yinuo_desk::{Format, read_rows};

use super::read;
use crate::{config::Config, wire};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File of requests: JSON lines (`.jsonl`) or CSV (`.csv`).
    file: PathBuf,
    /// Format, if the file's name does not tell.
    #[arg(long)]
    format: Option<FormatName>,
    /// Read the file and say what would be refused, without importing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Jsonl,
    Csv,
}

/// Refused lines that are listed one by one.
const LISTED: usize = 20;

pub(crate) async fn run(args: Args, config: Config) -> Result<ExitCode> {
    let format = match (args.format, args.file.extension().and_then(|extension| extension.to_str())) {
        (Some(FormatName::Jsonl), _) | (None, Some("jsonl" | "ndjson")) => Format::JsonLines,
        (Some(FormatName::Csv), _) | (None, Some("csv")) => Format::Csv,
        _ => bail!("cannot tell the format of {}: add --format jsonl or --format csv", args.file.display()),
    };
    let lines = read_rows(&read(&args.file)?, format);
    if args.dry_run {
        let refused: Vec<_> =
            lines.iter().filter_map(|line| Some((line.line, line.row.as_ref().err()?.clone()))).collect();
        println!("{} row(s), {} that cannot be read", lines.len(), refused.len());
        list(&refused);
        return Ok(if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let desk = wire::desk_for_command(&config).await?;
    let report =
        desk.import(lines, Actor::System).await.context("the import stopped; run it again to go on")?;
    // What came due in imported history is put on record now, as noticed now.
    let ticked = desk.tick_due().await?;
    println!(
        "{} imported, {} known already, {} refused; {} without a commitment in force; {} alarms of the past recorded",
        report.imported,
        report.known,
        report.refused.len(),
        report.without_commitment,
        ticked.ticked,
    );
    list(&report.refused);
    Ok(if report.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn list(refused: &[(u64, String)]) {
    for (line, reason) in refused.iter().take(LISTED) {
        eprintln!("line {line}: {reason}");
    }
    if refused.len() > LISTED {
        eprintln!("… and {} more", refused.len() - LISTED);
    }
}
