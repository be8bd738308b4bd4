//! Percentiles and calibration.

use std::{hint::black_box, time::Instant};

/// Durations in microseconds, sorted.
pub(crate) struct Latencies(Vec<u64>);

impl Latencies {
    pub(crate) fn new(mut micros: Vec<u64>) -> Self {
        micros.sort_unstable();
        Self(micros)
    }

    /// Nearest rank: the smallest value that `percent` of all do not exceed, in milliseconds.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts and microseconds are far below 2^52"
    )]
    pub(crate) fn at(&self, percent: f64) -> f64 {
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).map_or(f64::NAN, |micros| *micros as f64 / 1_000.0)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The middle one of three rounds.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How long this core takes for a fixed loop, so that figures of two days can be set side by side.
pub(crate) fn calibration() -> f64 {
    let start = Instant::now();
    let mut sum = 0_u64;
    for step in 0..500_000_000_u64 {
        sum = black_box(sum.wrapping_add(step.wrapping_mul(step)));
    }
    black_box(sum);
    start.elapsed().as_secs_f64()
}
