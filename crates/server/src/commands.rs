//! The command line.

pub(crate) mod archive;
mod backup;
mod check;
mod config;
mod explain;
mod import;
mod letter;
mod moving;
mod reindex;
mod replay;
mod restore;
mod serve;
mod user;
mod vault;
mod verify;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use yinuo_commitment::{Commitment, Language, Level, check as check_text, render};
use yinuo_desk::DeskError;
use yinuo_ledger::LedgerError;

use crate::config::Config;

/// The service desk that keeps its word.
#[derive(Debug, Parser)]
#[command(
    name = "yinuo",
    version,
    about = "Yinuo 一诺: the service desk that keeps its word.",
    max_term_width = 100
)]
pub(crate) struct Cli {
    /// Configuration file (TOML).
    #[arg(long, global = true, env = "YINUO_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the database; wins over the configuration file.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address of a PostgreSQL database to use instead of the folder; wins over the configuration file. It may hold a
    /// password: the environment variable YINUO_DATABASE keeps it out of the list of processes.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Language of messages.
    #[arg(long, global = true, default_value = "en", value_name = "zh|en")]
    lang: Lang,
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Language::Zh,
            Lang::En => Language::En,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    /// Serve the portal, the desk and the API.
    Serve(serve::Args),
    /// Check commitment files: errors, warnings, gaps.
    Check(check::Args),
    /// Derive the due instant of a promise step by step.
    Explain(explain::Args),
    /// Render the letter that customers read.
    Letter(letter::Args),
    /// Verify the ledger and rebuild all lists from it, or judge past tickets by a draft.
    Replay(replay::Args),
    /// Make the search index anew, under a new key.
    Reindex(reindex::Args),
    /// Verify a receipt, or the whole ledger: hashes, signatures, words, lists.
    Verify(verify::Args),
    /// Write everything into an encrypted archive, beside a running server; or verify archives.
    Backup(backup::Args),
    /// Put archives into an empty data folder or PostgreSQL database, verified before anything is served.
    Restore(restore::Args),
    /// Move an organisation to another data folder or database, with proofs intact.
    Move(moving::Args),
    /// Import requests with their dates from JSON lines or CSV.
    Import(import::Args),
    /// People who may sign in: add, list, remove, password, token.
    User(user::Args),
    /// Master keys: print a fresh one, say which are in use.
    Vault(vault::Args),
    /// Check or show the configuration.
    Config(config::Args),
}

/// Runs a command.
pub(crate) fn run(cli: Cli) -> Result<ExitCode> {
    let language = Language::from(cli.lang);
    let mut config = Config::load(cli.config.as_deref(), |name| std::env::var(name).ok(), language)?;
    if let Some(data) = cli.data {
        config.server.data = data;
    }
    if let Some(database) = cli.database {
        config.server.database = Some(database);
    }
    match cli.command {
        Subcommands::Serve(args) => asynchronous(serve::run(args, config, language)),
        Subcommands::Check(args) => check::run(&args, &config, language),
        Subcommands::Explain(args) => explain::run(&args, &config, language),
        Subcommands::Letter(args) => letter::run(&args, &config, language),
        Subcommands::Replay(args) => asynchronous(replay::run(args, config, language)),
        Subcommands::Reindex(args) => asynchronous(reindex::run(args, config, language)),
        Subcommands::Verify(args) => asynchronous(verify::run(args, config, language)),
        Subcommands::Backup(args) => asynchronous(backup::run(args, config, language)),
        Subcommands::Restore(args) => asynchronous(restore::run(args, config, language)),
        Subcommands::Move(args) => asynchronous(moving::run(args, config, language)),
        Subcommands::Import(args) => asynchronous(import::run(args, config, language)),
        Subcommands::User(args) => asynchronous(user::run(args, config, language)),
        Subcommands::Vault(args) => asynchronous(vault::run(args, config, language)),
        Subcommands::Config(args) => config::run(&args, &config, language),
    }
}

fn asynchronous(command: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("cannot start the runtime")?.block_on(command)
}

/// One of two texts.
pub(crate) const fn say<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// A ledger that is not what was written: where, and what to do.
pub(crate) fn damaged(error: &LedgerError, language: Language) -> anyhow::Error {
    let LedgerError::Corrupt { position, what } = error else { return anyhow::anyhow!("{error}") };
    match language {
        Language::Zh => anyhow::anyhow!(
            "台账在第 {position} 条记录处与其摘要链不符：{what}。请停止使用该数据目录，用最近的备份恢复；`yinuo verify ledger` 可核验任一数据目录"
        ),
        Language::En => anyhow::anyhow!(
            "the ledger does not fit its own chain at position {position}: {what}. Stop using this folder and restore the last backup; `yinuo verify ledger` verifies any folder"
        ),
    }
}

/// What the desk said, for the person at the terminal: the reason in their language, then what lies beneath.
pub(crate) fn told(language: Language) -> impl Fn(DeskError) -> anyhow::Error {
    move |error| {
        if let DeskError::Internal(damage @ LedgerError::Corrupt { .. }) = &error {
            return damaged(damage, language);
        }
        let mut text = error.text(language);
        let mut beneath = std::error::Error::source(&error);
        while let Some(source) = beneath {
            text = format!("{text} [{source}]");
            beneath = source.source();
        }
        anyhow::anyhow!(text)
    }
}

fn read(file: &Path, language: Language) -> Result<String> {
    let name = file.display();
    let bytes = std::fs::read(file)
        .with_context(|| format!("{} {name}", say(language, "无法读取", "cannot read")))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        match language {
            Language::Zh => anyhow::anyhow!("{name} 在第 {at} 字节处不是 UTF-8：请以 UTF-8 编码保存"),
            Language::En => anyhow::anyhow!("{name} is not UTF-8 at byte {at}: save it as UTF-8"),
        }
    })
}

/// Reads and checks a commitment file; its findings go to standard error.
fn commitment(file: &Path, config: &Config, language: Language) -> Result<Commitment> {
    let text = read(file, language)?;
    let report = check_text(&text, &config.tables(language)?);
    let name = file.display().to_string();
    if report.has_errors() {
        let errors = report.diagnostics.iter().filter(|found| found.level == Level::Error);
        let errors: Vec<_> = errors.cloned().collect();
        eprint!("{}", render(&name, &text, &errors, language, coloured()));
    }
    report.commitment.with_context(|| format!("{name} {}", say(language, "有错误", "has errors")))
}

/// Whether standard error is a terminal that shows colours.
fn coloured() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none()
}
