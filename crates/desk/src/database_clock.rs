//! One time for all nodes: the machine's clock, corrected by that of the database.
//!
//! Promises are judged by instants that nodes note down, and claims of one node run out by the clock of another. Clocks of
//! machines that are looked after agree within milliseconds; those are left as they are. One that is off by more than
//! two seconds is corrected, and it is said.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use yinuo_ledger::{Ledger, LedgerError};

use crate::{desk::Desk, ports::Clock};

/// How often the clock is measured.
const EVERY: SignedDuration = SignedDuration::from_secs(30);

/// Measurements at the start, of which the one with the shortest round trip counts.
const TRIES: usize = 3;

/// Why the clock cannot be relied on at the start.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// It is off by more than [`DatabaseClock::REFUSED`].
    #[error("the clock of this machine is off by {} s against the database", by.as_secs())]
    Off {
        /// Database time minus that of this machine.
        by: SignedDuration,
    },
    /// The database did not tell its time.
    #[error(transparent)]
    Unknown(#[from] LedgerError),
}

/// The machine's clock, corrected by the database's. Where both are the same clock it is the machine's.
pub struct DatabaseClock {
    machine: Arc<dyn Clock>,
    ledger: Arc<dyn Ledger>,
    /// What is added to the machine's time.
    correction: watch::Sender<SignedDuration>,
}

/// How far the machine is behind the database.
#[derive(Debug, Clone, Copy)]
struct Measured {
    behind: SignedDuration,
    /// The database answered within it; half of it is how wrong `behind` may be.
    round_trip: SignedDuration,
}

impl DatabaseClock {
    /// How far a machine's clock may be off without being corrected.
    pub const TOLERATED: SignedDuration = SignedDuration::from_secs(2);

    /// How far a machine's clock may be off at the start. Beyond it somebody has to look before promises are judged.
    pub const REFUSED: SignedDuration = SignedDuration::from_hours(1);

    /// Measures the clock of this machine against the database of `ledger`, and refuses one that is off by more than
    /// [`Self::REFUSED`].
    pub async fn start(machine: Arc<dyn Clock>, ledger: Arc<dyn Ledger>) -> Result<Self, ClockError> {
        let clock = Self { machine, ledger, correction: watch::Sender::new(SignedDuration::ZERO) };
        let mut best: Option<Measured> = None;
        for _ in 0..TRIES {
            let Some(measured) = clock.measure().await? else { return Ok(clock) };
            if best.is_none_or(|best| measured.round_trip < best.round_trip) {
                best = Some(measured);
            }
        }
        if let Some(measured) = best {
            if measured.behind.abs() - half(measured.round_trip) > Self::REFUSED {
                return Err(ClockError::Off { by: measured.behind });
            }
            clock.take(measured);
        }
        Ok(clock)
    }

    async fn measure(&self) -> Result<Option<Measured>, LedgerError> {
        let asked = self.machine.now();
        let Some(told) = self.ledger.database_now().await? else { return Ok(None) };
        let round_trip = self.machine.now().duration_since(asked).max(SignedDuration::ZERO);
        let middle = asked.saturating_add(half(round_trip)).unwrap_or(asked);
        Ok(Some(Measured { behind: told.duration_since(middle), round_trip }))
    }

    /// Changes the correction if what is left is beyond doubt more than is tolerated, so that the time does not jump to
    /// and fro by what measuring is off.
    fn take(&self, measured: Measured) {
        let before = *self.correction.borrow();
        let left = (measured.behind - before).abs() - half(measured.round_trip);
        if left <= Self::TOLERATED {
            return;
        }
        let (behind_ms, round_trip_ms) = (measured.behind.as_millis(), measured.round_trip.as_millis());
        if measured.behind.abs() <= Self::TOLERATED {
            self.correction.send_replace(SignedDuration::ZERO);
            tracing::warn!(
                behind_ms,
                round_trip_ms,
                "the clock of this machine agrees with the database again; it is no longer corrected"
            );
        } else {
            self.correction.send_replace(measured.behind);
            tracing::warn!(
                behind_ms,
                round_trip_ms,
                "the clock of this machine is off against the database: the database's time is used. Set up time synchronisation (NTP) on both"
            );
        }
    }
}

fn half(duration: SignedDuration) -> SignedDuration {
    duration / 2
}

#[async_trait]
impl Clock for DatabaseClock {
    fn now(&self) -> Timestamp {
        let now = self.machine.now();
        now.saturating_add(self.correction()).unwrap_or(now)
    }

    async fn sleep_until(&self, at: Timestamp) {
        let mut correction = self.correction.subscribe();
        loop {
            let by = *correction.borrow_and_update();
            let on_this_machine = at.saturating_sub(by).unwrap_or(at);
            tokio::select! {
                () = self.machine.sleep_until(on_this_machine) => return,
                // The sender lives as long as this clock.
                _ = correction.changed() => {}
            }
        }
    }

    fn correction(&self) -> SignedDuration {
        *self.correction.borrow()
    }

    async fn adjust(&self) -> Result<(), LedgerError> {
        if let Some(measured) = self.measure().await? {
            self.take(measured);
        }
        Ok(())
    }
}

impl Desk {
    /// Measures the clock against the database every half minute, until `shutdown` turns true or nobody is left to turn
    /// it.
    pub async fn run_clock(self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            let until = self.now().saturating_add(EVERY).unwrap_or(Timestamp::MAX);
            tokio::select! {
                () = self.0.ports.clock.sleep_until(until) => {
                    if let Err(error) = self.0.ports.clock.adjust().await {
                        tracing::warn!(
                            error = &error as &dyn std::error::Error,
                            "the clock could not be measured against the database"
                        );
                    }
                }
                changed = shutdown.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }
}
