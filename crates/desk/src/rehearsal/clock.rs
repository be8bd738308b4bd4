//! Time that stands still until somebody steps it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ports::Clock;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A clock that stands still until it is stepped.
#[derive(Debug)]
pub struct SteppedClock {
    now_us: watch::Sender<i64>,
    slept: AtomicU64,
}

impl SteppedClock {
    /// A clock that shows `at`.
    pub fn at(at: Timestamp) -> Self {
        Self { now_us: watch::Sender::new(at.as_microsecond()), slept: AtomicU64::new(0) }
    }

    /// Moves to `at`, forward or back.
    pub fn set(&self, at: Timestamp) {
        self.now_us.send_replace(at.as_microsecond());
    }

    /// Moves on by `by`, or back.
    pub fn step(&self, by: SignedDuration) {
        self.set(self.now() + by);
    }

    /// How often somebody went to sleep.
    pub fn slept(&self) -> u64 {
        self.slept.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Clock for SteppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(*self.now_us.borrow()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    async fn sleep_until(&self, at: Timestamp) {
        self.slept.fetch_add(1, Ordering::SeqCst);
        let mut now_us = self.now_us.subscribe();
        let _ = now_us.wait_for(|now_us| *now_us >= at.as_microsecond()).await;
    }
}
