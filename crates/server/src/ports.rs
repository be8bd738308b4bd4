//! The real clock and the real randomness.

use std::{cell::RefCell, time::Duration};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_desk::{Clock, Entropy};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

/// The longest sleep in one go: a clock that is set anew while we sleep is noticed within it.
const SLEEP_MAX: SignedDuration = SignedDuration::from_secs(1);

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    async fn sleep_until(&self, at: Timestamp) {
        loop {
            let left = at.duration_since(self.now());
            if !left.is_positive() {
                return;
            }
            let nap = Duration::try_from(left.min(SLEEP_MAX)).unwrap_or_default();
            tokio::time::sleep(nap).await;
        }
    }
}

/// The operating system's randomness, asked for in larger pieces: an intake takes some twenty small ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemEntropy;

/// Bytes that a thread asks for at once.
const DRAWN: usize = 1024;

thread_local! {
    /// Random bytes of this thread; those before the place were given away and are zero.
    static DRAWER: RefCell<([u8; DRAWN], usize)> = const { RefCell::new(([0; DRAWN], DRAWN)) };
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        DRAWER.with_borrow_mut(|(drawer, place)| {
            if bytes.len() > DRAWN - *place {
                if bytes.len() > DRAWN / 4 {
                    return draw(bytes);
                }
                draw(drawer);
                *place = 0;
            }
            let Some(left) = drawer.get_mut(*place..*place + bytes.len()) else { return draw(bytes) };
            bytes.copy_from_slice(left);
            left.fill(0);
            *place += bytes.len();
        });
    }
}

fn draw(bytes: &mut [u8]) {
    #[expect(
        clippy::expect_used,
        reason = "without randomness no id, code or salt is safe: stopping is right"
    )]
    getrandom::fill(bytes).expect("the operating system gives randomness");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_random_bytes_are_given_twice() {
        let mut seen = BTreeSet::new();
        for length in (16..=40).cycle().take(2_000).chain([255, 256, 257, 1024, 5000]) {
            let mut bytes = vec![0; length];
            SystemEntropy.fill(&mut bytes);
            assert!(bytes.iter().any(|byte| *byte != 0), "{length} bytes were filled");
            for piece in bytes.windows(16) {
                assert!(seen.insert(piece.to_vec()), "16 bytes came again");
            }
        }
        SystemEntropy.fill(&mut []);
    }
}
