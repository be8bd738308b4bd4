//! `yinuo serve`

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use yinuo_commitment::Language;
use yinuo_desk::Desk;
use yinuo_ledger::Ledger;

use super::{say, verify::unsound};
use crate::{
    adviser, assets,
    config::Config,
    embedding, example, keys, log_key,
    rotation::{HangUps, Rotation},
    wire::{self, StopSignals},
};

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

pub(crate) async fn run(args: Args, mut config: Config, language: Language) -> Result<ExitCode> {
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    wire::begin_logging(&config, language)?;
    let listen = config.server.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| match language {
        Language::Zh => format!("无法监听 {listen}：是否已有服务在运行？请用 --listen 换一个地址"),
        Language::En => {
            format!("cannot listen on {listen}; is another server running? Choose another one with --listen")
        }
    })?;
    example::clear_half_played(&config.server, args.example, language)?;
    let ledger = wire::open_store(&config, false, language).await?;
    if args.example {
        fill_if_empty(&config, &ledger, language).await?;
    }
    let desk = wire::open_desk(&config, &ledger, language).await?;
    let rotation = Rotation { source: keys::Source::of(&config), ledger, language };
    log_key::begin(&config, &desk, language).await?;
    adviser::connect(&config.adviser, &desk, language)?;
    embedding::connect(&config.embedding, &desk, language).await;
    let broken = |error| unsound(&error, language).context(wire::place(&config));
    let records = desk.audit_at_start(config.ledger.verify_at_start).await.map_err(broken)?;
    tracing::info!(records, "the ledger was verified; `yinuo verify ledger` verifies all of a larger one");
    let signals = StopSignals::begin()?;
    let hang_ups = HangUps::begin()?;
    let address = listener.local_addr()?;
    let setup_code = desk.setup_needed().then(|| setup_code(&desk));
    greet(&desk, address, setup_code.as_deref(), language);
    warn_about_calendars(&desk);
    if let Some(file) = args.address_file {
        std::fs::write(&file, address.to_string())
            .with_context(|| format!("{} {}", say(language, "无法写入", "cannot write"), file.display()))?;
    }
    wire::serve(&config, desk, listener, setup_code, signals, (rotation, hang_ups)).await?;
    Ok(ExitCode::SUCCESS)
}

/// Plays the example into an empty folder; a folder that holds it already is served as it is.
async fn fill_if_empty(config: &Config, ledger: &Arc<dyn Ledger>, language: Language) -> Result<()> {
    if ledger.organisations().await?.is_empty() {
        let played = example::fill(config, ledger, language).await?;
        match language {
            Language::Zh => println!("  {} 张工单，其中 {} 张未关闭", played.tickets, played.open),
            Language::En => println!("  {} tickets, {} of them open", played.tickets, played.open),
        }
        return Ok(());
    }
    if wire::open_desk(config, ledger, language).await?.organisation().example {
        return Ok(());
    }
    let place = wire::place(config);
    match language {
        Language::Zh => {
            bail!("{place} 中有真实数据：示例只会写入空的目录或数据库；请用 --data 或 --database 换一个")
        }
        Language::En => bail!(
            "{place} holds real data: the worked example is only played into an empty folder or database; choose one with --data or --database"
        ),
    }
}

/// A code that proves that whoever sets up the first administrator can read the server's terminal.
fn setup_code(desk: &Desk) -> String {
    let mut bytes = [0; 8];
    desk.fill_random(&mut bytes);
    hex::encode(bytes)
}

fn greet(desk: &Desk, address: SocketAddr, setup_code: Option<&str>, language: Language) {
    let version = env!("CARGO_PKG_VERSION");
    let organisation = desk.organisation();
    match language {
        Language::Zh => {
            println!("一诺 Yinuo {version} 正在监听 http://{address}");
            println!("  客户门户  http://{address}/");
            println!("  工作台    http://{address}/desk");
        }
        Language::En => {
            println!("Yinuo 一诺 {version} listens on http://{address}");
            println!("  portal for customers   http://{address}/");
            println!("  desk for staff         http://{address}/desk");
        }
    }
    match (setup_code, language) {
        (None, _) => {}
        (Some(code), Language::Zh) => {
            println!("  还没有人可以登录。请打开 http://{address}/desk/setup 设置第一位管理员");
            println!("  设置码：{code}");
        }
        (Some(code), Language::En) => {
            println!(
                "  Nobody can sign in yet. Open http://{address}/desk/setup and set up the first administrator"
            );
            println!("  with this code: {code}");
        }
    }
    if organisation.example {
        greet_newcomer(desk, language);
    }
    if !address.ip().is_loopback() {
        warn_off_loopback(organisation.example, language);
    }
    if !assets::are_built() {
        let told = say(
            language,
            "本程序未包含网页界面；`cargo xtask run` 会构建它。",
            "The web UI is not part of this build; `cargo xtask run` builds it.",
        );
        println!("  {told}");
    }
    tracing::info!(%address, people = organisation.roster.members.len(), letters = organisation.published.len(), "listening");
}

/// Whoever looks at the example is told that it is one, and how to get in.
fn greet_newcomer(desk: &Desk, language: Language) {
    let password = example::PASSWORD;
    match language {
        Language::Zh => println!("  这是示例，公司与人物均为虚构。以下账号均可登录，密码都是 {password}："),
        Language::En => {
            println!(
                "  This is the worked example; company and people are fictional. Sign in as one of these,"
            );
            println!("  each with the password {password}:");
        }
    }
    for member in example::accounts(desk) {
        println!("    {:<16} {:<12} {}", member.account, member.role.word(), member.name);
    }
}

/// What surprises those who let other machines in.
fn warn_off_loopback(example: bool, language: Language) {
    let https = say(
        language,
        "其他机器可以访问：登录需要 HTTPS（请在前面放置 TLS 代理），或在可信网络中设 server.secure-cookies = false。",
        "Other machines reach it: signing in needs HTTPS (a TLS proxy in front), or server.secure-cookies = false in a network that you trust.",
    );
    println!("  {https}");
    if example {
        let open = say(
            language,
            "警告：示例的密码人人皆知，请勿对外开放。",
            "Warning: everybody knows the passwords of the example. Do not open it to others.",
        );
        println!("  {open}");
    }
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
