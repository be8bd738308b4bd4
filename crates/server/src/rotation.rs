//! Master keys are exchanged while the server runs: a hang-up signal reads the ring anew, and what other keys had wrapped
//! is wrapped under the first one, a little at a time.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use tokio::sync::watch;
use yinuo_commitment::Language;
use yinuo_ledger::{Ledger, LedgerError, persons::rewrap_some, vault::KeyId};

use crate::keys::Source;

/// Keys wrapped anew in one transaction.
const BATCH: u32 = 200;

/// What requests get of the database between two batches.
const BREATH: Duration = Duration::from_millis(20);

/// How long to wait before looking again while the ring has more than one key: what another node was about to write with its
/// former ring may have come after the last look.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How long to wait after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Wishes that the ring is read anew, noticed from the moment that this is made: SIGHUP.
pub(crate) struct HangUps {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl HangUps {
    /// Begins to listen.
    #[cfg(unix)]
    pub(crate) fn begin() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { signal: signal(SignalKind::hangup())? })
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "other systems can fail here")]
    pub(crate) fn begin() -> Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        self.signal.recv().await;
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    }
}

/// Rotates master keys until `stopped` turns true.
pub(crate) struct Rotation {
    /// Where the ring comes from.
    pub(crate) source: Source,
    /// What is wrapped.
    pub(crate) ledger: Arc<dyn Ledger>,
    /// Language of what the source has to say.
    pub(crate) language: Language,
}

impl Rotation {
    pub(crate) async fn run(self, mut hang_ups: HangUps, mut stopped: watch::Receiver<bool>) {
        let mut told = false;
        while !*stopped.borrow() {
            let pause = match self.wrap_anew(&stopped, told).await {
                Ok(()) => {
                    told = true;
                    (self.ledger.vault().keys().len() > 1).then_some(LOOK_AGAIN)
                }
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "keys were not wrapped anew");
                    Some(AFTER_FAILURE)
                }
            };
            tokio::select! {
                () = hang_ups.next() => {
                    self.read_anew().await;
                    told = false;
                }
                () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => {}
                changed = stopped.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Wraps whatever other master keys have wrapped under the first one. `told`: that nothing is left was told of this ring.
    async fn wrap_anew(&self, stopped: &watch::Receiver<bool>, told: bool) -> Result<(), LedgerError> {
        let mut wrapped = 0;
        loop {
            let some = rewrap_some(self.ledger.as_ref(), BATCH).await?;
            if some == 0 {
                break;
            }
            wrapped += some;
            if *stopped.borrow() {
                return Ok(());
            }
            tokio::time::sleep(BREATH).await;
        }
        let mut keys = self.ledger.vault().keys().into_iter();
        let first = keys.next();
        let others = keys.map(|key| key.to_string()).collect::<Vec<_>>().join(", ");
        if let Some(first) = first.filter(|_| wrapped > 0 || (!others.is_empty() && !told)) {
            tracing::info!(wrapped, %first, no_longer_needed = others, "every key is wrapped under the first master key");
        }
        Ok(())
    }

    /// Takes the ring up that the source gives now, unless something could not be opened any more.
    async fn read_anew(&self) {
        let ring = match self.source.ring(self.language).await {
            Ok(ring) => ring,
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(
                    error,
                    "the master keys could not be read anew; those that hold go on holding"
                );
                return;
            }
        };
        let used = match self.ledger.wrapped_counts().await {
            Ok(used) => used,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "it is not known which master keys are in use; those that hold go on holding"
                );
                return;
            }
        };
        let given = ring.ids();
        let missing: Vec<String> =
            used.keys().filter(|key| !given.contains(key)).map(KeyId::to_string).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            tracing::error!(
                missing,
                "the new ring lacks master keys that are in use; those that hold go on holding"
            );
            return;
        }
        let first = ring.first().id();
        self.ledger.vault().reload(ring);
        tracing::info!(%first, keys = given.len(), "the master keys were read anew");
    }
}
