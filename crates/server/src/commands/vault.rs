//! `yinuo vault new-key | status`

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use yinuo_commitment::Language;

use super::say;
use crate::{
    config::Config,
    keys::{Source, new_key, sealed_under},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print a fresh master key, as a line of a key file. Put it in front of the others and send SIGHUP to the server.
    NewKey,
    /// Say under which master keys the database is sealed, and which of them are given. Works while a server runs.
    Status,
}

pub(crate) async fn run(args: Args, config: Config, language: Language) -> Result<ExitCode> {
    match args.command {
        Command::NewKey => {
            let key = new_key();
            println!("{} # {}", *key.line(), key.id());
            Ok(ExitCode::SUCCESS)
        }
        Command::Status => status(&config, language).await,
    }
}

/// A row for each master key: id, how many keys it wraps, and what it is good for. Fails if one is missing.
async fn status(config: &Config, language: Language) -> Result<ExitCode> {
    let sealed = sealed_under(config, language).await?;
    let given = match Source::of(config).ring(language).await {
        Ok(ring) => ring.ids(),
        Err(error) => {
            eprintln!("yinuo: {error:#}");
            Vec::new()
        }
    };
    for (place, key) in given.iter().enumerate() {
        let wrapped = sealed.get(key).copied().unwrap_or_default();
        let state = match (place, wrapped) {
            (0, _) => say(language, "当前：新的密钥由它封装", "wraps what is new"),
            (_, 0) => say(language, "不再需要", "no longer needed"),
            _ => say(language, "仍在使用", "still in use"),
        };
        println!("{key} {wrapped:>8}  {state}");
    }
    let missing = sealed.iter().filter(|(key, _)| !given.contains(key));
    let mut complete = true;
    for (key, wrapped) in missing {
        complete = false;
        println!(
            "{key} {wrapped:>8}  {}",
            say(language, "缺失：没有它则无法打开", "missing: what it wraps cannot be opened")
        );
    }
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
