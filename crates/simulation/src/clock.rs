//! The clocks of nodes: none of them quite right.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_desk::{Clock, rehearsal::SteppedClock};

/// The clock of one node: the true one, a little off.
#[derive(Debug)]
pub(crate) struct NodeClock {
    true_clock: Arc<SteppedClock>,
    off_us: AtomicI64,
}

impl NodeClock {
    /// A clock that is `off` from the true one.
    pub(crate) fn new(true_clock: Arc<SteppedClock>, off: SignedDuration) -> Self {
        let clock = Self { true_clock, off_us: AtomicI64::new(0) };
        clock.put_off(off);
        clock
    }

    /// From now on it is `off` from the true one.
    pub(crate) fn put_off(&self, off: SignedDuration) {
        self.off_us.store(i64::try_from(off.as_micros()).unwrap_or(0), Ordering::SeqCst);
    }

    fn off(&self) -> SignedDuration {
        SignedDuration::from_micros(self.off_us.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        self.true_clock.now() + self.off()
    }

    async fn sleep_until(&self, at: Timestamp) {
        self.true_clock.sleep_until(at - self.off()).await;
    }
}
