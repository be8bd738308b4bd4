//! `yinuo reindex`

use std::process::ExitCode;

use anyhow::{Result, bail};
use yinuo_commitment::Language;
use yinuo_desk::Indexer;

use super::{say, told};
use crate::{config::Config, wire};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_: Args, config: Config, language: Language) -> Result<ExitCode> {
    let desk = wire::desk_of_existing(&config, language).await?;
    let indexer = Indexer::new(&desk);
    let begun = indexer.begin_anew().await.map_err(told(language))?;
    let taken = if begun { indexer.catch_up().await.map_err(told(language))? } else { None };
    let Some(records) = taken else {
        bail!(say(
            language,
            "另一个进程正在建立索引。请在半分钟后重试；若它仍在运行，请在那台机器上先停止服务。",
            "Another process is filling the index. Try again in half a minute; if it still does, stop that server first.",
        ))
    };
    indexer.step_down().await.map_err(told(language))?;
    match language {
        Language::Zh => println!("搜索索引已用新的密钥重新建立，共读取 {records} 条记录。"),
        Language::En => println!("The search index was made anew under a new key, from {records} records."),
    }
    Ok(ExitCode::SUCCESS)
}
