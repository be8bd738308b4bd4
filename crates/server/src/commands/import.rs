//! `yinuo import FILE`

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use yinuo_commitment::Language;
use yinuo_core::roster::Actor;
use yinuo_desk::{Format, LineOutcome, read_rows};

use super::{read, say, told};
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

pub(crate) async fn run(args: Args, config: Config, language: Language) -> Result<ExitCode> {
    let format = format_of(&args, language)?;
    let lines = read_rows(&read(&args.file, language)?, format);
    let desk = wire::desk_of_existing(&config, language).await?;
    if args.dry_run {
        let refused = desk.try_import(&lines, language);
        match language {
            Language::Zh => println!("{} 行，其中 {} 行会被拒绝", lines.len(), refused.len()),
            Language::En => println!("{} row(s), {} that would be refused", lines.len(), refused.len()),
        }
        return Ok(list(&refused, language));
    }
    let report = desk.import(lines, Actor::System).await.map_err(told(language)).context(say(
        language,
        "导入中断；已导入的行会被跳过，可再次运行",
        "the import stopped; run it again to go on: rows with an id that were imported are left out",
    ))?;
    match language {
        Language::Zh => println!(
            "已导入 {}，此前已有 {}，拒绝 {}；当时没有承诺书生效的 {}；补记过去的提醒 {}",
            report.imported,
            report.known,
            report.refused.len(),
            report.without_commitment,
            report.alarms,
        ),
        Language::En => println!(
            "{} imported, {} known already, {} refused; {} without a commitment in force; {} alarms of the past recorded",
            report.imported,
            report.known,
            report.refused.len(),
            report.without_commitment,
            report.alarms,
        ),
    }
    let refused = report.lines.iter().filter_map(|(line, outcome)| match outcome {
        LineOutcome::Refused { text, .. } => Some((*line, text.get(language).to_owned())),
        LineOutcome::Imported { .. } | LineOutcome::Known => None,
    });
    Ok(list(&refused.collect::<Vec<_>>(), language))
}

fn format_of(args: &Args, language: Language) -> Result<Format> {
    let extension = args.file.extension().and_then(|extension| extension.to_str());
    match (args.format, extension.map(str::to_ascii_lowercase).as_deref()) {
        (Some(FormatName::Jsonl), _) | (None, Some("jsonl" | "ndjson")) => Ok(Format::JsonLines),
        (Some(FormatName::Csv), _) | (None, Some("csv")) => Ok(Format::Csv),
        (None, _) => {
            let what = say(
                language,
                "无法判断文件格式，请加上 --format jsonl 或 --format csv：",
                "cannot tell the format; add --format jsonl or --format csv:",
            );
            bail!("{what} {}", args.file.display())
        }
    }
}

/// Lists refused lines; the exit code says whether there were any.
fn list(refused: &[(u64, String)], language: Language) -> ExitCode {
    for (line, reason) in refused.iter().take(LISTED) {
        match language {
            Language::Zh => eprintln!("第 {line} 行：{reason}"),
            Language::En => eprintln!("line {line}: {reason}"),
        }
    }
    let more = refused.len().saturating_sub(LISTED);
    match language {
        _ if more == 0 => {}
        Language::Zh => eprintln!("……另有 {more} 行"),
        Language::En => eprintln!("… and {more} more"),
    }
    if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
