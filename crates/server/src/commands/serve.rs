//! `yinuo serve`

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use yinuo_desk::Desk;

use crate::{assets, config::Config, example, wire};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address and port; wins over the configuration. Port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Fill an empty data folder with the worked example before serving.
    #[arg(long)]
    example: bool,
    /// Write the address that the server listens on to this file once it does.
    #[arg(long, value_name = "FILE")]
    address_file: Option<PathBuf>,
}

pub(crate) async fn run(args: Args, mut config: Config) -> Result<ExitCode> {
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    wire::begin_logging(&config)?;
    let listener = TcpListener::bind(config.server.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; is another server running? Choose another one with --listen",
            config.server.listen
        )
    })?;
    let ledger = wire::open_store(&config.server.data)?;
    let is_empty = ledger.organisations().await?.is_empty();
    if args.example {
        if is_empty {
            example::fill(&config, &ledger).await?;
        } else if !wire::open_desk(&config, &ledger).await?.organisation().example {
            bail!(
                "{} holds real data: the worked example is only played into an empty folder; choose one with --data",
                config.server.data.display()
            );
        }
    }
    let desk = wire::open_desk(&config, &ledger).await?;
    let address = listener.local_addr()?;
    let setup_code = desk.setup_needed().then(|| setup_code(&desk));
    greet(&desk, address, setup_code.as_deref());
    warn_about_calendars(&desk);
    if let Some(file) = args.address_file {
        std::fs::write(&file, address.to_string())
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    wire::serve(&config, desk, listener, setup_code).await?;
    Ok(ExitCode::SUCCESS)
}

/// A code that proves that whoever sets up the first administrator can read the server's terminal.
fn setup_code(desk: &Desk) -> String {
    let mut bytes = [0; 8];
    desk.fill_random(&mut bytes);
    hex::encode(bytes)
}

fn greet(desk: &Desk, address: SocketAddr, setup_code: Option<&str>) {
    let organisation = desk.organisation();
    println!("Yinuo 一诺 {} listens on http://{address}", env!("CARGO_PKG_VERSION"));
    println!("  portal for customers   http://{address}/");
    println!("  desk for staff         http://{address}/desk");
    if let Some(code) = setup_code {
        println!(
            "  Nobody can sign in yet. Open http://{address}/desk/setup and set up the first administrator"
        );
        println!("  with this code: {code}");
    }
    if organisation.example {
        println!("  This is the worked example. Sign in as one of:");
        for (account, role) in example::ACCOUNTS {
            println!("    {account:<10} {role:<12} password {}", example::PASSWORD);
        }
    }
    if !assets::are_built() {
        println!("  The web UI is not part of this build; `cargo xtask run` builds it.");
    }
    tracing::info!(%address, people = organisation.roster.members.len(), letters = organisation.published.len(), "listening");
}

/// A letter in force that reaches a year without official holiday data is worth a loud word at every start.
fn warn_about_calendars(desk: &Desk) {
    let now = desk.now();
    let in_a_year = now.saturating_add(jiff::SignedDuration::from_hours(365 * 24)).unwrap_or(now);
    for view in desk.commitments().into_iter().filter(|view| view.in_force) {
        for (name, calendar) in &view.commitment.calendars {
            if let Some(year) = calendar.provisional_year(now, in_a_year) {
                tracing::warn!(
                    letter = view.published.number,
                    calendar = name,
                    year,
                    "no official holiday data for this year yet: due instants that reach into it are provisional"
                );
            }
        }
    }
}
