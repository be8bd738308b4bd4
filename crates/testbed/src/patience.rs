//! Waiting for conditions.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long anything may take that is waited for. Far more than it takes: machines are busy.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// Looks until something is there, and fails the test after [`PATIENCE`].
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a deadline, so that a test that waits in vain ends")]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::park_timeout(Duration::from_millis(10));
    }
}
