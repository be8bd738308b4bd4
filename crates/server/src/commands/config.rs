//! `yinuo config check | show | variables`

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use yinuo_commitment::Language;

use super::say;
use crate::config::{Config, VARIABLES, without_password};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the configuration file, the environment and the holiday tables.
    Check,
    /// Show the configuration that holds, as a file that could be used.
    Show,
    /// List the environment variables and what each sets.
    Variables,
}

pub(crate) fn run(args: &Args, config: &Config, language: Language) -> Result<ExitCode> {
    match args.command {
        Command::Check => {
            config.tables(language)?;
            crate::embedding::check(&config.embedding, language)?;
            println!("{}", say(language, "配置无误", "the configuration is sound"));
        }
        Command::Show => {
            let mut shown = config.clone();
            // A secret is not for terminals and tickets.
            if shown.server.metrics_token.is_some() {
                shown.server.metrics_token =
                    Some(say(language, "（已设置，不显示）", "(set; not shown)").to_owned());
            }
            shown.server.database = shown.server.database.as_deref().map(without_password);
            print!("{}", toml::to_string_pretty(&shown)?);
        }
        Command::Variables => {
            for (name, key) in VARIABLES {
                println!("{name:<22} {key}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
