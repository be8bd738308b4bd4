//! What the desk needs from the outside: time, randomness, delivery.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
pub use yinuo_ledger::Entropy;
use yinuo_ledger::{Job, LedgerError};

/// Time. The only source of instants; tests and the simulation step it.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds.
    fn now(&self) -> Timestamp;

    /// Returns at `at` or as soon after it as possible; at once if it has passed.
    async fn sleep_until(&self, at: Timestamp);

    /// What this clock adds to the time of its machine, because another one is right.
    fn correction(&self) -> SignedDuration {
        SignedDuration::ZERO
    }

    /// Looks whether another one is right, and corrects this one.
    async fn adjust(&self) -> Result<(), LedgerError> {
        Ok(())
    }
}

/// Why a job was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// It may work later.
    #[error("not delivered for now: {0}")]
    Later(String),
    /// It never will.
    #[error("cannot be delivered: {0}")]
    Never(String),
}

/// Delivers outbox jobs. Delivery is at least once: the job's key lets the receiver do it only once.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Delivers `job`.
    async fn deliver(&self, job: &Job) -> Result<(), DeliveryError>;
}

/// The ports of a desk.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids, query codes, keys, salts and tokens.
    pub entropy: Arc<dyn Entropy>,
    /// Delivery.
    pub courier: Arc<dyn Courier>,
}
