//! `yinuo replay [--draft FILE]`

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Result;
use jiff::Timestamp;
use yinuo_commitment::Language;
use yinuo_core::{figures::Report, roster::Actor};
use yinuo_desk::FiguresQuery;

use super::commitment;
use crate::{config::Config, wire};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Judge past tickets by this draft and say what its record would have been; changes nothing.
    #[arg(long, value_name = "FILE")]
    draft: Option<PathBuf>,
    /// Only tickets received at or after this instant (RFC 3339).
    #[arg(long)]
    from: Option<Timestamp>,
    /// Only tickets received before this instant (RFC 3339).
    #[arg(long)]
    to: Option<Timestamp>,
}

pub(crate) async fn run(args: Args, config: Config, language: Language) -> Result<ExitCode> {
    let desk = wire::desk_for_command(&config).await?;
    let query = FiguresQuery { from: args.from, to: args.to, ..FiguresQuery::default() };
    if let Some(file) = args.draft {
        let draft = Arc::new(commitment(&file, &config, language)?);
        let report = desk.replay_draft(draft, &query, Actor::System).await?;
        print(&report, language);
        return Ok(ExitCode::SUCCESS);
    }
    let rebuilt = desk.rebuild().await?;
    match language {
        Language::Zh => {
            println!(
                "台账完好：{} 条记录、{} 条链；已从台账重建 {} 张工单的列表。",
                rebuilt.records, rebuilt.streams, rebuilt.tickets
            );
            println!(
                "{}",
                if rebuilt.changed {
                    "列表与台账曾有出入，现已一致。"
                } else {
                    "重建前后逐字节一致。"
                }
            );
        }
        Language::En => {
            println!(
                "The ledger is sound: {} records in {} chains; lists of {} tickets were rebuilt from it.",
                rebuilt.records, rebuilt.streams, rebuilt.tickets
            );
            println!(
                "{}",
                if rebuilt.changed {
                    "The lists did not fit the ledger; now they do."
                } else {
                    "They are the same as before, byte for byte."
                }
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(report: &Report, language: Language) {
    let zh = language == Language::Zh;
    println!("{:<32} {:>6} {:>6} {:>8} {:>8}", "promise", "met", "late", "overdue", "kept");
    for promise in &report.promises {
        let counts = promise.counts;
        let kept = promise
            .service_level
            .map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share.value * 100.0));
        println!(
            "{:<32} {:>6} {:>6} {:>8} {:>8}",
            promise.promise.as_str(),
            counts.met,
            counts.late,
            counts.overdue,
            kept
        );
    }
    let label = if zh { "总计" } else { "all" };
    let kept =
        report.service_level.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share.value * 100.0));
    println!("{label}: {kept}");
}
