//! Response times: mean, percentiles and how they spread.

use super::{Verdict, share::float};
use crate::view::ClockRow;

/// Upper bounds of the buckets of times, inclusive, in microseconds of working time: 1, 5, 15 and 30 minutes, 1, 2, 4, 8,
/// 24, 48 and 168 hours. One more bucket holds what is longer.
pub const TIME_BUCKETS_US: [i64; 11] = [
    60_000_000,
    300_000_000,
    900_000_000,
    1_800_000_000,
    3_600_000_000,
    7_200_000_000,
    14_400_000_000,
    28_800_000_000,
    86_400_000_000,
    172_800_000_000,
    604_800_000_000,
];

/// Upper bounds of the buckets of budget use, inclusive, in percent. One more bucket holds what is more.
pub const USE_BUCKETS_PERCENT: [u32; 9] = [10, 25, 50, 75, 90, 100, 125, 150, 200];

/// Times of clocks that were stopped, in time or late. Open and overdue clocks have no time yet and are not in them:
/// read them beside the count of overdue ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// How many.
    pub count: u64,
    /// Mean working time, pauses left out, in microseconds, rounded to the nearest.
    pub mean_us: i64,
    /// Half took no longer, in microseconds of working time. All percentiles are of the nearest rank: the smallest time
    /// that at least so many percent of the times do not exceed. So each is a time that occurred.
    pub p50_us: i64,
    /// 90 % took no longer.
    pub p90_us: i64,
    /// 95 % took no longer.
    pub p95_us: i64,
    /// 99 % took no longer.
    pub p99_us: i64,
    /// The longest.
    pub max_us: i64,
    /// Mean wall-clock time from start to stop as the customer lived it, nights and pauses counted, in microseconds.
    pub wall_mean_us: i64,
}

/// How the times spread.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spread {
    /// Counts by [`TIME_BUCKETS_US`]; the last one holds what is longer.
    pub by_time: [u64; TIME_BUCKETS_US.len() + 1],
    /// Counts by [`USE_BUCKETS_PERCENT`] of the budget; the last one holds what is more. Clocks without a budget known
    /// beforehand are in none. A late clock is never within its budget, even if only idle hours lie between due and stop.
    pub by_use: [u64; USE_BUCKETS_PERCENT.len() + 1],
}

/// Times as they come in.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    worked_us: Vec<i64>,
    wall_sum_us: i128,
    spread: Spread,
}

impl Tally {
    /// Takes the time of a clock that was stopped.
    pub(super) fn add(&mut self, row: &ClockRow, verdict: Verdict) {
        if !matches!(verdict, Verdict::Met | Verdict::Late) {
            return;
        }
        let (Some((_, ended_at)), Some(worked_us)) = (row.end, row.worked_us) else { return };
        self.worked_us.push(worked_us);
        self.wall_sum_us +=
            i128::from(ended_at.as_microsecond()) - i128::from(row.started_at.as_microsecond());
        let place = TIME_BUCKETS_US.partition_point(|upper| *upper < worked_us);
        count(&mut self.spread.by_time, place);
        if let Some(budget_us) = row.budget_us.filter(|budget| *budget > 0) {
            let used = i128::from(worked_us) * 100;
            let exceeds = |upper: u32| used > i128::from(budget_us) * i128::from(upper);
            let late = verdict == Verdict::Late;
            let place =
                USE_BUCKETS_PERCENT.partition_point(|upper| exceeds(*upper) || (late && *upper <= 100));
            count(&mut self.spread.by_use, place);
        }
    }

    pub(super) fn absorb(&mut self, other: &Self) {
        self.worked_us.extend_from_slice(&other.worked_us);
        self.wall_sum_us += other.wall_sum_us;
        sum(&mut self.spread.by_time, &other.spread.by_time);
        sum(&mut self.spread.by_use, &other.spread.by_use);
    }

    pub(super) fn figures(mut self) -> (Option<Times>, Spread) {
        self.worked_us.sort_unstable();
        (self.times(), self.spread)
    }

    /// Times of what is sorted.
    fn times(&self) -> Option<Times> {
        let sum_us: i128 = self.worked_us.iter().copied().map(i128::from).sum();
        let count = self.worked_us.len();
        Some(Times {
            count: u64::try_from(count).ok()?,
            mean_us: mean(sum_us, count)?,
            p50_us: self.percentile(50)?,
            p90_us: self.percentile(90)?,
            p95_us: self.percentile(95)?,
            p99_us: self.percentile(99)?,
            max_us: *self.worked_us.last()?,
            wall_mean_us: mean(self.wall_sum_us, count)?,
        })
    }

    fn percentile(&self, percent: usize) -> Option<i64> {
        let rank = self.worked_us.len().checked_mul(percent)?.div_ceil(100);
        self.worked_us.get(rank.checked_sub(1)?).copied()
    }
}

/// `sum / count`, rounded to the nearest, halves up.
fn mean(sum: i128, count: usize) -> Option<i64> {
    let count = i128::try_from(count).ok().filter(|count| *count > 0)?;
    i64::try_from((2 * sum + count).div_euclid(2 * count)).ok()
}

fn count(buckets: &mut [u64], place: usize) {
    if let Some(bucket) = buckets.get_mut(place) {
        *bucket = bucket.saturating_add(1);
    }
}

fn sum(buckets: &mut [u64], others: &[u64]) {
    for (bucket, other) in buckets.iter_mut().zip(others) {
        *bucket = bucket.saturating_add(*other);
    }
}

impl Spread {
    /// Share of the stopped clocks in bucket `place` of `buckets`, 0 to 1, for drawing.
    pub fn share(buckets: &[u64], place: usize) -> f64 {
        let total: u64 = buckets.iter().sum();
        let part = buckets.get(place).copied().unwrap_or(0);
        if total == 0 { 0.0 } else { float(part) / float(total) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(times: impl IntoIterator<Item = i64>) -> Tally {
        Tally { worked_us: times.into_iter().collect(), ..Tally::default() }
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let (times, _) = tally((1..=100).rev()).figures();
        let times = times.unwrap();
        assert_eq!(
            (times.p50_us, times.p90_us, times.p95_us, times.p99_us, times.max_us),
            (50, 90, 95, 99, 100)
        );
        let (times, _) = tally([15, 20, 35, 40, 50]).figures();
        let times = times.unwrap();
        assert_eq!((times.p50_us, times.p90_us, times.mean_us), (35, 50, 32));
        let (times, _) = tally([7]).figures();
        let times = times.unwrap();
        assert_eq!((times.p50_us, times.p99_us), (7, 7));
        assert_eq!(tally([]).figures().0, None);
    }

    #[test]
    fn means_round_to_the_nearest() {
        assert_eq!(mean(7, 2), Some(4));
        assert_eq!(mean(10, 3), Some(3));
        assert_eq!(mean(1, 0), None);
    }
}
