//! Spans in which a clock stands still.

use jiff::Timestamp;

use crate::calendar::instant;

/// The end of a pause whose end is not known; later than every instant.
const OPEN: i64 = i64::MAX;

/// The union of half-open spans in which a clock stands still, sorted, neither touching nor empty; the last one may
/// have no known end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Pauses {
    /// Microseconds since 1970-01-01T00:00Z.
    spans: Vec<(i64, i64)>,
}

impl Pauses {
    /// No pause.
    pub const fn none() -> Self {
        Self { spans: Vec::new() }
    }

    /// The union of spans `(from, to)`, in any order, overlapping or touching as they come; `to: None` is a pause that
    /// is still on. A span that ends at or before its beginning is empty and changes nothing.
    pub fn from_spans(spans: impl IntoIterator<Item = (Timestamp, Option<Timestamp>)>) -> Self {
        let micros = |(from, to): (Timestamp, Option<Timestamp>)| {
            (instant::micros(from), to.map_or(OPEN, instant::micros))
        };
        let mut all: Vec<(i64, i64)> = spans.into_iter().map(micros).filter(|(from, to)| from < to).collect();
        all.sort_unstable();
        let mut spans: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (from, to) in all {
            match spans.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => spans.push((from, to)),
            }
        }
        Self { spans }
    }

    /// Whether there is no pause at all.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether `at` lies in a pause.
    pub fn contains(&self, at: Timestamp) -> bool {
        let at = instant::micros(at);
        let next = self.spans.partition_point(|span| span.1 <= at);
        self.spans.get(next).is_some_and(|span| span.0 <= at)
    }

    /// The beginning of the pause that has no known end, if there is one.
    pub fn open_since(&self) -> Option<Timestamp> {
        self.spans.last().filter(|span| span.1 == OPEN).map(|span| instant::timestamp(span.0))
    }

    /// The spans in order; `None` as the end of the last one: still on.
    pub fn spans(&self) -> impl Iterator<Item = (Timestamp, Option<Timestamp>)> + '_ {
        let end = |to: i64| (to != OPEN).then(|| instant::timestamp(to));
        self.spans.iter().map(move |span| (instant::timestamp(span.0), end(span.1)))
    }

    /// The spans in microseconds that end after `from_us`; an open end is later than every instant.
    pub(crate) fn micros_after(&self, from_us: i64) -> &[(i64, i64)] {
        let first = self.spans.partition_point(|span| span.1 <= from_us);
        self.spans.get(first..).unwrap_or_default()
    }

    /// Whether a span's end, as [`Self::micros_after`] gives it, is unknown.
    pub(crate) fn is_open_end(to_us: i64) -> bool {
        to_us == OPEN
    }
}

impl FromIterator<(Timestamp, Option<Timestamp>)> for Pauses {
    fn from_iter<I: IntoIterator<Item = (Timestamp, Option<Timestamp>)>>(spans: I) -> Self {
        Self::from_spans(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(us: i64) -> Timestamp {
        instant::timestamp(us)
    }

    fn union(spans: &[(i64, Option<i64>)]) -> Vec<(i64, Option<i64>)> {
        let pauses: Pauses = spans.iter().map(|(from, to)| (at(*from), to.map(at))).collect();
        let us = Timestamp::as_microsecond;
        pauses.spans().map(|(from, to)| (us(from), to.map(us))).collect()
    }

    #[test]
    fn only_the_union_is_kept() {
        assert_eq!(union(&[(5, Some(9)), (1, Some(3)), (2, Some(4))]), [(1, Some(4)), (5, Some(9))]);
        assert_eq!(union(&[(1, Some(3)), (3, Some(4))]), [(1, Some(4))]);
        assert_eq!(union(&[(3, Some(3)), (7, Some(2))]), []);
        assert_eq!(union(&[(8, None), (1, Some(3)), (9, Some(12)), (6, None)]), [(1, Some(3)), (6, None)]);
        assert_eq!(union(&[(1, Some(9)), (2, Some(3))]), [(1, Some(9))]);
    }

    #[test]
    fn a_pause_holds_its_beginning_and_not_its_end() {
        let pauses = Pauses::from_spans([(at(1), Some(at(3))), (at(6), None)]);
        let held: Vec<i64> = (0..9).filter(|us| pauses.contains(at(*us))).collect();
        assert_eq!(held, [1, 2, 6, 7, 8]);
        assert_eq!(pauses.open_since(), Some(at(6)));
        assert!(!pauses.is_empty() && Pauses::none().is_empty());
        assert_eq!(Pauses::none().open_since(), None);
    }
}
