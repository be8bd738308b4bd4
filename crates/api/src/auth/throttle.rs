//! Brakes against guessing and flooding. Instants come from the desk's clock.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// How many keys are remembered; when full, those with nothing to wait for are forgotten first.
const KEYS_MAX: usize = 50_000;

/// A quiet hour forgives everything.
const FORGET_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Lets a few failures pass, then doubles the wait with each one.
pub(crate) struct Throttle<K> {
    free: u32,
    delay_max: SignedDuration,
    failures: Mutex<HashMap<K, Failures>>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last_at: Timestamp,
    blocked_until: Timestamp,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    pub(crate) fn new(free: u32, delay_max: SignedDuration) -> Self {
        Self { free, delay_max, failures: Mutex::default() }
    }

    /// Begins an attempt, or tells how long to wait. The attempt counts as failed until [`Self::succeeded`] takes it
    /// back, so that many attempts at the same moment are no way around.
    pub(crate) fn attempt(&self, key: &K, now: Timestamp) -> Result<(), SignedDuration> {
        let mut failures = self.lock();
        if failures.len() >= KEYS_MAX && !failures.contains_key(key) {
            failures.retain(|_, failed| failed.blocked_until > now);
        }
        let failed =
            failures.entry(key.clone()).or_insert(Failures { count: 0, last_at: now, blocked_until: now });
        if now.duration_since(failed.last_at) > FORGET_AFTER {
            failed.count = 0;
        }
        if failed.blocked_until > now {
            return Err(failed.blocked_until.duration_since(now));
        }
        failed.count = failed.count.saturating_add(1);
        failed.last_at = now;
        if let Some(over) = failed.count.checked_sub(self.free) {
            let seconds = 1_i64.checked_shl(over).unwrap_or(i64::MAX);
            let delay = SignedDuration::from_secs(seconds).min(self.delay_max);
            failed.blocked_until = now.saturating_add(delay).unwrap_or(now);
        }
        Ok(())
    }

    /// The attempt did not fail: nothing is held against the key any more.
    pub(crate) fn succeeded(&self, key: &K) {
        self.lock().remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets a number of things through at once and refills at a steady rate, for each address by itself.
pub(crate) struct Bucket {
    at_once: u32,
    per_minute: u32,
    /// The instant at which the address would have a full bucket again.
    full_at: Mutex<HashMap<IpAddr, Timestamp>>,
}

impl Bucket {
    pub(crate) fn new(at_once: u32, per_minute: u32) -> Self {
        Self { at_once: at_once.max(1), per_minute: per_minute.max(1), full_at: Mutex::default() }
    }

    /// Takes one, or tells how long to wait.
    pub(crate) fn take(&self, address: IpAddr, now: Timestamp) -> Result<(), SignedDuration> {
        let each = SignedDuration::from_mins(1) / i32::try_from(self.per_minute).unwrap_or(i32::MAX);
        let room = each.saturating_mul(i32::try_from(self.at_once - 1).unwrap_or(i32::MAX));
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= KEYS_MAX {
            full_at.retain(|_, full| *full > now);
        }
        let full = full_at.get(&address).copied().unwrap_or(now).max(now);
        let owed = full.duration_since(now);
        if owed > room {
            return Err(owed - room);
        }
        full_at.insert(address, full.saturating_add(each).unwrap_or(full));
        Ok(())
    }
}

/// Whole seconds to wait, rounded up, at least one.
pub(crate) fn wait_seconds(wait: SignedDuration) -> u64 {
    let up = i64::from(wait.subsec_nanos() > 0);
    u64::try_from(wait.as_secs().saturating_add(up)).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    #[test]
    fn waits_double_after_the_free_failures_and_end_with_success_or_a_quiet_hour() {
        let throttle = Throttle::new(2, SignedDuration::from_secs(8));
        assert_eq!(throttle.attempt(&"li", at(0)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(0)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(0)), Err(SignedDuration::from_secs(1)));
        assert_eq!(throttle.attempt(&"wang", at(0)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(1)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(2)), Err(SignedDuration::from_secs(1)));
        assert_eq!(throttle.attempt(&"li", at(3)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(3)), Err(SignedDuration::from_secs(4)));
        assert_eq!(throttle.attempt(&"li", at(7)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(15)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(15)), Err(SignedDuration::from_secs(8)));
        throttle.succeeded(&"li");
        assert_eq!(throttle.attempt(&"li", at(15)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(15)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(15 + 3_602)), Ok(()));
        assert_eq!(throttle.attempt(&"li", at(15 + 3_602)), Ok(()));
    }

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_one_at_a_time() {
        let bucket = Bucket::new(3, 60);
        let address = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..3 {
            assert_eq!(bucket.take(address, at(0)), Ok(()));
        }
        assert_eq!(bucket.take(address, at(0)), Err(SignedDuration::from_secs(1)));
        assert_eq!(bucket.take(IpAddr::from([192, 0, 2, 2]), at(0)), Ok(()));
        assert_eq!(bucket.take(address, at(1)), Ok(()));
        assert_eq!(bucket.take(address, at(1)), Err(SignedDuration::from_secs(1)));
        for _ in 0..3 {
            assert_eq!(bucket.take(address, at(60)), Ok(()));
        }
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds() {
        assert_eq!(wait_seconds(SignedDuration::from_millis(1)), 1);
        assert_eq!(wait_seconds(SignedDuration::from_millis(1_001)), 2);
        assert_eq!(wait_seconds(SignedDuration::from_secs(2)), 2);
    }
}
