//! The binary `yinuo`: configuration, wiring, commands. The only crate that names `yinuo-store` and the real clock.
//!
//! **Not here:** rules, protocols, storage. Each command is a few lines over `yinuo-desk` or `yinuo-commitment`.
//!
//! **Start reading** at [`wire`], which puts the parts together.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "commands talk to the person at the terminal")]

mod adviser;
mod arrival;
mod assets;
mod commands;
mod config;
mod embedding;
mod example;
mod keys;
mod log_key;
mod place;
mod ports;
mod rotation;
mod wire;
mod witness;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use crate::commands::Cli;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    end_quietly_on_closed_pipes();
    let cli = Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("yinuo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `yinuo check … | head` closes our output early: that is no failure worth a backtrace.
fn end_quietly_on_closed_pipes() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|said| said.contains("failed printing to") && said.contains("Broken pipe")) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}
