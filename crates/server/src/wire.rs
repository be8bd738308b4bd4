//! Putting the parts together: store, desk, ticker, outbox worker, HTTP.

use std::{future::IntoFuture, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use yinuo_api::ApiOptions;
use yinuo_desk::{Desk, InboxCourier, Ports, Settings};
use yinuo_ledger::Ledger;
use yinuo_store::{Options, SqliteLedger};

use crate::{
    assets,
    config::{Config, LogFormat},
    ports::{SystemClock, SystemEntropy},
};

/// File name of the database inside the data folder.
const DATABASE: &str = "yinuo.db";

/// How long requests in flight may take after a stop was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// Opens the store in the data folder, making the folder if need be.
pub(crate) fn open_store(data: &Path) -> Result<Arc<dyn Ledger>> {
    std::fs::create_dir_all(data).with_context(|| {
        format!("cannot make the data folder {}; choose another one with --data", data.display())
    })?;
    let file = data.join(DATABASE);
    let ledger = SqliteLedger::open(&file, &Options::default())
        .with_context(|| format!("cannot open the database {}", file.display()))?;
    Ok(Arc::new(ledger))
}

/// The ports of a running server.
pub(crate) fn ports(ledger: &Arc<dyn Ledger>) -> Ports {
    Ports {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        courier: Arc::new(InboxCourier::new(Arc::clone(ledger))),
    }
}

/// The settings of the organisation.
pub(crate) fn settings(config: &Config) -> Result<Settings> {
    Ok(Settings { zone: config.zone()?, tables: config.tables()? })
}

/// Opens the desk of the configured organisation on `ledger`.
pub(crate) async fn open_desk(config: &Config, ledger: &Arc<dyn Ledger>) -> Result<Desk> {
    let desk = Desk::open(config.org()?, Arc::clone(ledger), ports(ledger), settings(config)?).await;
    desk.context("cannot open the desk")
}

/// A desk for a command that ends: opens the database exclusively, so no server may run on it.
pub(crate) async fn desk_for_command(config: &Config) -> Result<Desk> {
    let ledger = open_store(&config.server.data)?;
    open_desk(config, &ledger).await
}

/// Structured logs to standard error.
pub(crate) fn begin_logging(config: &Config) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.level)
        .with_context(|| format!("log.level `{}`", config.log.level))?;
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(true);
    match config.log.format {
        LogFormat::Text => logs.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => logs.json().init(),
    }
    Ok(())
}

/// Serves until the process is asked to stop, then finishes what is in flight.
pub(crate) async fn serve(
    config: &Config,
    desk: Desk,
    listener: TcpListener,
    setup_code: Option<String>,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    workers.spawn(desk.clone().run_ticker(stopped.clone()));
    workers.spawn(desk.clone().run_outbox(stopped.clone()));
    let options = ApiOptions {
        assets: Arc::new(assets::find),
        secure_cookies: config.secure_cookies(),
        setup_code,
        metrics_token: config.server.metrics_token.clone(),
        requests_per_minute: config.server.requests_per_minute,
        stopping: stopped.clone(),
    };
    let router = yinuo_api::router(desk, options).into_make_service_with_connect_info::<SocketAddr>();
    let mut stopping = stopped;
    let asked_to_stop = async move {
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let server =
        tokio::spawn(axum::serve(listener, router).with_graceful_shutdown(asked_to_stop).into_future());
    stop_signal().await?;
    tracing::info!("stopping: requests in flight are finished");
    stop.send_replace(true);
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
    while workers.join_next().await.is_some() {}
    tracing::info!("stopped");
    Ok(())
}

async fn stop_signal() -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}
