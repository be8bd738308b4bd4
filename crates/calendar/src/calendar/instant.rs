//! Instants and lengths in whole microseconds.

use jiff::{SignedDuration, Timestamp};

/// Microseconds in a second.
pub(crate) const SECOND_US: i64 = 1_000_000;

/// Microseconds since 1970-01-01T00:00Z; finer digits are cut off towards the past.
pub(crate) fn micros(at: Timestamp) -> i64 {
    // jiff gives whole seconds and the rest with one sign, both cut towards zero.
    let cut = at.as_microsecond();
    if at.subsec_nanosecond() % 1_000 < 0 { cut - 1 } else { cut }
}

/// The instant of `us` microseconds since 1970-01-01T00:00Z; at the ends of jiff's range (years -9999 to 9999) it stays
/// there.
pub(crate) fn timestamp(us: i64) -> Timestamp {
    let end = if us < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(us).unwrap_or(end)
}

/// A budget in microseconds; finer digits are cut off, a negative budget is none, a budget beyond all time is all time.
pub(crate) fn budget_micros(budget: SignedDuration) -> i64 {
    i64::try_from(budget.as_micros()).unwrap_or(i64::MAX).max(0)
}
