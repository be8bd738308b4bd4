//! Putting the parts together: store, desk, ticker, outbox worker, HTTP.

use std::{future::IntoFuture, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use jiff::SignedDuration;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use yinuo_api::{ApiOptions, Limits};
use yinuo_commitment::Language;
use yinuo_desk::{ClockError, DatabaseClock, Desk, InboxCourier, Ports, Settings};
use yinuo_ledger::Ledger;
use yinuo_store::{Options, PostgresLedger, PostgresOptions, SqliteLedger};

use crate::{
    assets,
    commands::told,
    config::{Config, LogFormat, without_password},
    keys,
    ports::{SystemClock, SystemEntropy},
    rotation::{HangUps, Rotation},
};

/// File name of the database inside the data folder.
pub(crate) const DATABASE: &str = "yinuo.db";

/// How long requests in flight may take after a stop was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// Where the data lie, for people.
pub(crate) fn place(config: &Config) -> String {
    match &config.server.database {
        Some(url) => without_password(url),
        None => config.server.data.join(DATABASE).display().to_string(),
    }
}

/// Opens the store: the named database, or the one in the data folder, making the folder if need be.
pub(crate) async fn open_store(
    config: &Config,
    existing_only: bool,
    language: Language,
) -> Result<Arc<dyn Ledger>> {
    let data = &config.server.data;
    if let Some(url) = &config.server.database {
        let options = PostgresOptions { existing_only, ..PostgresOptions::default() };
        let vault = keys::open(config, language).await?;
        let opened = PostgresLedger::connect(url, &options, vault).await;
        return Ok(Arc::new(opened.map_err(|error| anyhow::anyhow!(error.tell(language)))?));
    }
    std::fs::create_dir_all(data).with_context(|| match language {
        Language::Zh => format!("无法创建数据目录 {}；请用 --data 换一个", data.display()),
        Language::En => {
            format!("cannot make the data folder {}; choose another one with --data", data.display())
        }
    })?;
    crate::arrival::must_not_arrive(data, language)?;
    let vault = keys::open(config, language).await?;
    let opened = SqliteLedger::open(data.join(DATABASE), &Options::default(), vault);
    Ok(Arc::new(opened.map_err(|error| anyhow::anyhow!(error.tell(language)))?))
}

/// The ports of a running server. A clock that is off against the database by more than an hour is refused.
pub(crate) async fn ports(ledger: &Arc<dyn Ledger>, language: Language) -> Result<Ports> {
    let clock = match DatabaseClock::start(Arc::new(SystemClock), Arc::clone(ledger)).await {
        Ok(clock) => clock,
        Err(ClockError::Off { by }) => bail!(clock_is_off(by, language)),
        Err(ClockError::Unknown(error)) => return Err(told(language)(error.into())),
    };
    Ok(Ports {
        clock: Arc::new(clock),
        entropy: Arc::new(SystemEntropy),
        courier: Arc::new(InboxCourier::new(Arc::clone(ledger))),
    })
}

fn clock_is_off(by: SignedDuration, language: Language) -> String {
    // To the nearest minute.
    let minutes = (by.as_secs().unsigned_abs() + 30) / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match (language, by.is_negative()) {
        (Language::Zh, ahead) => format!(
            "本机时钟比数据库{}约 {hours} 小时 {minutes} 分，承诺无法据此判定。请先校准两台机器的时间（timedatectl set-ntp true），再重新启动",
            if ahead { "快" } else { "慢" }
        ),
        (Language::En, ahead) => format!(
            "the clock of this machine is {} the database's by about {hours} h {minutes} min; promises cannot be judged by it. Set the time of both machines right (timedatectl set-ntp true), then start again",
            if ahead { "ahead of" } else { "behind" }
        ),
    }
}

/// The settings of the organisation.
pub(crate) fn settings(config: &Config, language: Language) -> Result<Settings> {
    Ok(Settings { zone: config.zone(language)?, tables: config.tables(language)? })
}

/// Opens the desk of the configured organisation on `ledger`.
pub(crate) async fn open_desk(config: &Config, ledger: &Arc<dyn Ledger>, language: Language) -> Result<Desk> {
    let settings = settings(config, language)?;
    let desk = Desk::open(config.org()?, Arc::clone(ledger), ports(ledger, language).await?, settings).await;
    desk.map_err(told(language))
}

/// A desk for a command that ends. The database in the data folder is opened exclusively, so no server may run on it; one
/// of PostgreSQL may be in use.
pub(crate) async fn desk_for_command(config: &Config, language: Language) -> Result<Desk> {
    let ledger = open_store(config, false, language).await?;
    open_desk(config, &ledger, language).await
}

/// The same, unless there is no database yet: a slip in the folder's name must not make a new one.
pub(crate) async fn desk_of_existing(config: &Config, language: Language) -> Result<Desk> {
    if config.server.database.is_none() {
        crate::place::existing(&config.server.data, language)?;
    }
    let ledger = open_store(config, true, language).await?;
    open_desk(config, &ledger, language).await
}

/// Structured logs to standard error.
pub(crate) fn begin_logging(config: &Config, language: Language) -> Result<()> {
    let logs = tracing_subscriber::fmt()
        .with_env_filter(config.log_filter(language)?)
        .with_writer(std::io::stderr)
        .with_target(true);
    match config.log.format {
        LogFormat::Text => logs.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => logs.json().init(),
    }
    Ok(())
}

/// The wish that the process ends, noticed from the moment that this is made: Ctrl-C or SIGTERM.
pub(crate) struct StopSignals {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl StopSignals {
    /// Begins to listen for signals.
    #[cfg(unix)]
    pub(crate) fn begin() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?] })
    }

    /// Begins to listen for signals.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "other systems can fail here")]
    pub(crate) fn begin() -> Result<Self> {
        Ok(Self {})
    }

    async fn asked(&mut self) -> Result<()> {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await?;
        Ok(())
    }
}

/// Serves until the process is asked to stop, then finishes what is in flight.
pub(crate) async fn serve(
    config: &Config,
    desk: Desk,
    listener: TcpListener,
    setup_code: Option<String>,
    mut signals: StopSignals,
    (rotation, hang_ups): (Rotation, HangUps),
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    workers.spawn(desk.clone().run_ticker(stopped.clone()));
    workers.spawn(desk.clone().run_outbox(stopped.clone()));
    workers.spawn(desk.clone().run_tail(stopped.clone()));
    workers.spawn(desk.clone().run_knowledge(stopped.clone()));
    workers.spawn(desk.clone().run_clock(stopped.clone()));
    workers.spawn(desk.clone().run_sequencer(stopped.clone()));
    workers.spawn(desk.clone().run_indexer(stopped.clone()));
    workers.spawn(desk.clone().run_learning(stopped.clone()));
    workers.spawn(rotation.run(hang_ups, stopped.clone()));
    let options = api_options(config, setup_code, stopped.clone());
    let router = yinuo_api::router(desk, options).into_make_service_with_connect_info::<SocketAddr>();
    let mut stopping = stopped;
    let asked_to_stop = async move {
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let server =
        tokio::spawn(axum::serve(listener, router).with_graceful_shutdown(asked_to_stop).into_future());
    // Without its ticker the desk would take requests and let promises pass unseen: then it had better be down.
    let ended = tokio::select! {
        asked = signals.asked() => asked,
        worker = workers.join_next() => {
            tracing::error!(?worker, "a worker ended by itself; stopping");
            Err(anyhow::anyhow!("a part of the server ended by itself: see the log; start it again"))
        }
    };
    tracing::info!("stopping: requests in flight are finished");
    stop.send_replace(true);
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
    while workers.join_next().await.is_some() {}
    tracing::info!("stopped");
    ended
}

fn api_options(config: &Config, setup_code: Option<String>, stopped: watch::Receiver<bool>) -> ApiOptions {
    let per_minute = config.server.requests_per_minute;
    ApiOptions {
        assets: assets::are_built().then(|| Arc::new(assets::Embedded) as Arc<dyn yinuo_api::Assets>),
        secure_cookies: config.secure_cookies(),
        behind_proxy: config.server.behind_proxy,
        setup_code,
        metrics_token: config.server.metrics_token.clone(),
        limits: Limits {
            intakes_at_once: (per_minute > 0).then_some(per_minute),
            intakes_per_minute: per_minute,
            ..Limits::default()
        },
        shutdown: Some(stopped),
    }
}
