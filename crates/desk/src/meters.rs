//! Counters of the desk, for operators. They are no figures of the business: those come from the ledger.

use std::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds of the lateness buckets, in milliseconds; one more bucket follows for everything above.
pub const LATENESS_BOUNDS_MS: [u64; 9] = [1, 5, 10, 25, 50, 100, 250, 1_000, 10_000];

/// Counters since the start of the process.
#[derive(Debug, Default)]
pub struct Meters {
    /// Requests taken in.
    pub intakes: AtomicU64,
    /// Requests answered by the product itself.
    pub automatic_answers: AtomicU64,
    /// Commands carried out.
    pub commands: AtomicU64,
    /// Commands and requests refused.
    pub refusals: AtomicU64,
    /// Conflicts met and resolved by deciding again.
    pub conflicts: AtomicU64,
    /// Alarms fired.
    pub alarms: AtomicU64,
    /// Alarms by how late they were on record, in buckets of [`LATENESS_BOUNDS_MS`].
    pub lateness: [AtomicU64; 10],
    /// Sum of the lateness of all alarms, in microseconds.
    pub lateness_sum_us: AtomicU64,
    /// Jobs delivered.
    pub jobs_done: AtomicU64,
    /// Deliveries that failed for now.
    pub jobs_retried: AtomicU64,
    /// Jobs given up.
    pub jobs_given_up: AtomicU64,
    /// Records of other nodes taken up.
    pub tailed: AtomicU64,
    /// Times that the log was found shorter than it was: never, unless the database was put back.
    pub shrunk: AtomicU64,
    /// Checkpoints signed.
    pub checkpoints: AtomicU64,
    /// Times that the sequencer refused to sign. Anything but 0 needs a person.
    pub sign_refusals: AtomicU64,
    /// Records that the search index has not taken up yet.
    pub search_lag: AtomicU64,
    /// Times that the indexer could not work.
    pub search_failures: AtomicU64,
    /// Witnesses that were asked and did not sign.
    pub witness_failures: AtomicU64,
}

impl Meters {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an alarm that was on record `late_us` microseconds after its instant.
    pub(crate) fn alarm(&self, late_us: u64) {
        Self::add(&self.alarms);
        self.lateness_sum_us.fetch_add(late_us, Ordering::Relaxed);
        let bucket = LATENESS_BOUNDS_MS.iter().position(|bound| late_us <= bound * 1_000);
        if let Some(counter) = self.lateness.get(bucket.unwrap_or(LATENESS_BOUNDS_MS.len())) {
            Self::add(counter);
        }
    }
}
