//! Lots drawn from a seed: the same seed draws the same lots.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use yinuo_desk::Entropy;

/// A source of lots.
#[derive(Debug, Clone)]
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The `stream`th independent source of a seed. What is drawn from one does not change what another draws.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number from 0 to `bound` - 1; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        // The bias of the remainder is far below anything a simulation shows.
        let lot = self.0.next_u64().checked_rem(bound).unwrap_or(0);
        usize::try_from(lot).unwrap_or(0)
    }

    /// Whether an event of `percent` happens.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A duration from `from_s` to `to_s` seconds, with a fraction of a second as real life has it.
    pub(crate) fn seconds(&mut self, from_s: u32, to_s: u32) -> SignedDuration {
        let span_us = usize::try_from(u64::from(to_s.saturating_sub(from_s)) * 1_000_000).unwrap_or(0);
        let micros = i64::try_from(self.below(span_us.saturating_add(1_000_000))).unwrap_or(0);
        SignedDuration::from_secs(i64::from(from_s)) + SignedDuration::from_micros(micros)
    }

    /// A duration from `from_min` to `to_min` minutes.
    pub(crate) fn minutes(&mut self, from_min: u32, to_min: u32) -> SignedDuration {
        self.seconds(from_min.saturating_mul(60), to_min.saturating_mul(60))
    }

    /// A part of `whole`, from `from` to `to` permille of it.
    pub(crate) fn part(&mut self, whole: SignedDuration, from: u32, to: u32) -> SignedDuration {
        let permille = usize::try_from(to.saturating_sub(from)).map_or(0, |span| self.below(span.max(1)));
        let permille = i64::from(from).saturating_add(i64::try_from(permille).unwrap_or(0));
        let micros = i64::try_from(whole.as_micros()).unwrap_or(i64::MAX / 2_000);
        let fraction = i64::try_from(self.below(1_000)).unwrap_or(0);
        let part = (micros / 1_000).saturating_mul(permille).saturating_add(fraction);
        SignedDuration::from_micros(part)
    }

    /// One of `items`; none if there are none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// One of `items` by weight.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(T, usize)]) -> Option<T> {
        let total = items.iter().map(|(_, weight)| *weight).sum();
        let mut lot = self.below(total);
        for (item, weight) in items {
            match lot.checked_sub(*weight) {
                None => return Some(*item),
                Some(rest) => lot = rest,
            }
        }
        None
    }

    /// Puts `items` in random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last.saturating_add(1)));
        }
    }
}

/// Randomness for the desk that follows from a seed. For tests and demonstrations only: whoever knows the seed knows
/// every query code.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<ChaCha8Rng>);

impl SeededEntropy {
    /// Randomness that follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_lots_and_streams_differ() {
        let lots = |seed, stream| {
            let mut draw = Draw::new(seed, stream);
            (0..8).map(|_| draw.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(lots(7, 1), lots(7, 1));
        assert_ne!(lots(7, 1), lots(7, 2));
        assert_ne!(lots(7, 1), lots(8, 1));
    }

    #[test]
    fn lots_keep_their_bounds() {
        let mut draw = Draw::new(1, 1);
        for _ in 0..500 {
            assert!(draw.below(3) < 3);
            let time = draw.minutes(2, 5);
            assert!(time >= SignedDuration::from_mins(2) && time < SignedDuration::from_secs(302), "{time}");
            let part = draw.part(SignedDuration::from_hours(1), 100, 500);
            assert!(part >= SignedDuration::from_mins(6) && part < SignedDuration::from_mins(31), "{part}");
        }
        assert_eq!(draw.below(0), 0);
        assert_eq!(draw.pick::<u8>(&[]), None);
        assert_eq!(draw.weighted(&[('a', 0), ('b', 2)]), Some('b'));
        assert!(!draw.chance(0) && draw.chance(100));
    }
}
