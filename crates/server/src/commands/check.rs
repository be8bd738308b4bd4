//! `yinuo check FILE…`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use yinuo_commitment::{Commitment, Language, Level, check, check_together, coverage, render};

use super::{coloured, read};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Commitment files (TOML). Several are also compared with one another.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the coverage table: a row for each combination of facets, a column for each clock.
    #[arg(long)]
    coverage: bool,
    /// Warnings fail the check, too.
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(args: &Args, config: &Config, language: Language) -> Result<ExitCode> {
    let tables = config.tables(language)?;
    let mut commitments: Vec<Commitment> = Vec::new();
    let (mut errors, mut warnings) = (0_usize, 0_usize);
    for file in &args.files {
        let text = read(file, language)?;
        let report = check(&text, &tables);
        eprint!("{}", render(&file.display().to_string(), &text, &report.diagnostics, language, coloured()));
        errors += report.diagnostics.iter().filter(|found| found.level == Level::Error).count();
        warnings += report.diagnostics.iter().filter(|found| found.level == Level::Warning).count();
        commitments.extend(report.commitment);
    }
    let all: Vec<&Commitment> = commitments.iter().collect();
    for difference in check_together(&all) {
        println!("{}", difference.text.get(language));
    }
    if args.coverage && errors == 0 {
        println!("{}", coverage::table(&all).render(language));
    }
    match language {
        Language::Zh => println!("{} 个文件：{errors} 个错误，{warnings} 个警告", args.files.len()),
        Language::En => println!("{} file(s): {errors} error(s), {warnings} warning(s)", args.files.len()),
    }
    let failed = errors > 0 || (args.strict && warnings > 0);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
