//! `yinuo letter FILE`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::ValueEnum;
use yinuo_commitment::{Language, letter};

use super::commitment;
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Commitment file (TOML).
    file: PathBuf,
    /// Format.
    #[arg(long, default_value = "markdown")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Html,
}

pub(crate) fn run(args: &Args, config: &Config, language: Language) -> Result<ExitCode> {
    let commitment = commitment(&args.file, config, language)?;
    match args.format {
        Format::Markdown => println!("{}", letter::markdown(&commitment, language)),
        Format::Html => println!("{}", letter::html(&commitment, language)),
    }
    Ok(ExitCode::SUCCESS)
}
