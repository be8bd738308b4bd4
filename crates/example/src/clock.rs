//! Time in the simulation.

use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_desk::Clock;

/// A clock that stands still until it is moved, and moves forward only.
#[derive(Debug)]
pub struct SimClock(AtomicI64);

impl SimClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_microsecond()))
    }

    /// Moves the clock to `at`, unless it is already past it.
    pub fn advance_to(&self, at: Timestamp) {
        self.0.fetch_max(at.as_microsecond(), Ordering::AcqRel);
    }
}

#[async_trait]
impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        // The value came from a timestamp, so it is one.
        Timestamp::from_microsecond(self.0.load(Ordering::Acquire)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Nobody waits in a simulation: the clock is simply moved.
    async fn sleep_until(&self, at: Timestamp) {
        self.advance_to(at);
    }
}
