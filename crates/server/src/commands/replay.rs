//! `yinuo replay [--draft FILE]`

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Result;
use jiff::Timestamp;
use yinuo_commitment::Language;
use yinuo_core::{figures::Report, roster::Actor};
use yinuo_desk::{FiguresQuery, Rebuilt};

use super::{commitment, say, told};
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
    let desk = wire::desk_of_existing(&config, language).await?;
    let query = FiguresQuery { from: args.from, to: args.to, ..FiguresQuery::default() };
    if let Some(file) = args.draft {
        let draft = Arc::new(commitment(&file, &config, language)?);
        let report = desk.replay_draft(draft, &query, Actor::System).await.map_err(told(language))?;
        print(&report, language);
        return Ok(ExitCode::SUCCESS);
    }
    let rebuilt = desk.rebuild().await.map_err(told(language))?;
    let Rebuilt { records, streams, tickets, changed } = rebuilt;
    let lists = if changed {
        say(language, "列表与台账曾有出入，现已一致。", "The lists did not fit the ledger; now they do.")
    } else {
        say(language, "重建前后逐字节一致。", "They are the same as before, byte for byte.")
    };
    match language {
        Language::Zh => println!(
            "台账完好：{records} 条记录、{streams} 条链；已从台账重建 {tickets} 张工单的列表。\n{lists}"
        ),
        Language::En => println!(
            "The ledger is sound: {records} records in {streams} chains; lists of {tickets} tickets were rebuilt from it.\n{lists}"
        ),
    }
    Ok(ExitCode::SUCCESS)
}

/// A row for each promise: how many clocks were met, late or are overdue, and the share that was kept.
fn print(report: &Report, language: Language) {
    let share =
        |level: Option<f64>| level.map_or_else(|| "–".to_owned(), |kept| format!("{:.1} %", kept * 100.0));
    match language {
        Language::Zh => println!("承诺条款：按期、超期完成、仍超期、兑现率"),
        Language::En => println!("promise: met, late, overdue, kept"),
    }
    for promise in &report.promises {
        let counts = promise.counts;
        let kept = share(promise.service_level.map(|level| level.value));
        println!(
            "{:<32} {:>6} {:>6} {:>6} {:>8}",
            promise.promise.as_str(),
            counts.met,
            counts.late,
            counts.overdue,
            kept
        );
    }
    let kept = share(report.service_level.map(|level| level.value));
    println!("{}: {kept}", say(language, "总计", "all"));
}
