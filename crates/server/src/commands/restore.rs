//! `yinuo restore ARCHIVE [INCREMENT…] --to PLACE`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use yinuo_commitment::Language;
use yinuo_ledger::{
    archive::{Header, Part},
    transfer::Table,
    vault::Vault,
};

use super::archive::{Progress, Series, about, check_series, listed, open, phase};
use crate::{
    arrival::{self, Target},
    config::Config,
    place::Place,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A full archive, then its increments in order.
    #[arg(value_name = "ARCHIVE", required_unless_present = "discard")]
    archives: Vec<PathBuf>,
    /// Data folder without a database, or URL of a PostgreSQL database without this organisation.
    #[arg(long, value_name = "FOLDER|URL")]
    to: String,
    /// Remove what a restore that did not end has left there.
    #[arg(long, conflicts_with = "archives")]
    discard: bool,
}

pub(crate) async fn run(args: Args, config: Config, language: Language) -> Result<ExitCode> {
    let place = Place::parse(&args.to);
    if args.discard {
        arrival::discard(&place, &config, language).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let series = Series::read(&args.archives, language)?;
    series.must_be_whole(language)?;
    let vault = crate::place::vault_at(&config, &place, language).await?;
    phase(language, "正在核验备份", "verifying the archives");
    check_series(&series.files, &vault, language)?;
    let target = Target::open(&place, &series.last.org, vault.clone(), language).await?;
    let last = &series.last;
    if target.has_arrived(last.last_position).await? {
        // Killed after it was put in service and before the file had its name.
        return finish(target, &series, &place, language);
    }
    fill(&series, &target, &vault, language).await?;
    phase(language, "正在重建列表并核验台账", "making lists anew and verifying the ledger");
    target.verify(last.last_position, language).await?;
    target.ledger().open_import(&last.org).await.map_err(arrival::refused(language))?;
    finish(target, &series, &place, language)
}

/// Archives one after the other. What can change comes from the last one alone: keys of persons who were erased since
/// are not brought back.
async fn fill(series: &Series, target: &Target, vault: &Vault, language: Language) -> Result<()> {
    let org = &series.last.org;
    let arrived = target.ledger().begin_import(org).await.map_err(arrival::refused(language))?;
    if arrived > 0 {
        match language {
            Language::Zh => eprintln!("已有 {arrived} 条记录到达，继续恢复"),
            Language::En => eprintln!("{arrived} records have arrived before; going on"),
        }
    }
    let mut progress = Progress::new(series.last.last_position, language);
    for (index, file) in series.files.iter().enumerate() {
        let newest = index + 1 == series.files.len();
        let mut archive = open(file, vault, language)?;
        while let Some(part) = archive.next_part().map_err(about(file, language))? {
            let Part::Piece(piece) = part else { continue };
            progress.piece(&piece);
            if newest || piece.table().grows() || piece.table() == Table::Heads {
                target.ledger().import(org, piece).await.map_err(arrival::refused(language))?;
            }
        }
    }
    Ok(())
}

fn finish(target: Target, series: &Series, place: &Place, language: Language) -> Result<ExitCode> {
    let Header { org, last_position, made_at, .. } = &series.last;
    target.put_in_place(language)?;
    match language {
        Language::Zh => println!(
            "已恢复组织 {org}：{last_position} 条记录，截至 {made_at}，位于 {place}（来自 {}）。\n所有人需重新登录，程序需要新的令牌。备份之后才送达的通知可能再次送达（带有原来的键，接收方可据此去重）。\n备份之后发出的回执在此核验时会显示为“已回退”。",
            listed(&series.files)
        ),
        Language::En => println!(
            "The organisation {org} is restored: {last_position} records as of {made_at}, in {place} (from {}).\nEverybody has to sign in again, and programs need new tokens. What was delivered after the backup may be delivered again, with the same keys.\nReceipts given after the backup are reported as rolled back here.",
            listed(&series.files)
        ),
    }
    Ok(ExitCode::SUCCESS)
}
