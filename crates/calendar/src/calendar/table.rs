//! Working time laid out as instants, with prefix sums, so that a question is a binary search and no walk.

use jiff::tz::TimeZone;

use crate::plan::CalendarPlan;

use super::instant::SECOND_US;
use super::timeline::{DAY_SECONDS, Timeline};

/// Days before a window whose hours may reach into it: a night shift's tail, plus the distance from UTC.
const TAIL_DAYS: i64 = 3;

/// The longest window: offsets from its beginning fit 32 bits of seconds with room to spare.
pub(crate) const MAX_WINDOW_SECONDS: i64 = 61 * 366 * DAY_SECONDS;

/// Working time in a window, as the sorted union of all intervals. Eight bytes an interval: sixty years of a working
/// week with a lunch break are 250 kB.
pub(crate) struct Table {
    /// The window, seconds since 1970-01-01T00:00Z.
    from: i64,
    to: i64,
    /// Where each interval begins, in seconds from the window's beginning.
    begins: Box<[u32]>,
    /// Working seconds before each interval, and as one entry more the working seconds of all.
    before: Box<[u32]>,
}

impl Table {
    /// Lays out the working time of `plan` from `from` to `to`, at most [`MAX_WINDOW_SECONDS`] apart.
    pub(crate) fn new(plan: &CalendarPlan, timeline: &Timeline, from: i64, to: i64) -> Self {
        let mut spans = Vec::new();
        for day in days_of_window(from, to) {
            timeline.working_spans(plan, day, |begin, end| {
                let (begin, end) = (begin.max(from), end.min(to));
                if begin < end {
                    spans.push((offset(from, begin), offset(from, end)));
                }
            });
        }
        spans.sort_unstable();
        let mut begins = Vec::with_capacity(spans.len());
        let mut before = Vec::with_capacity(spans.len() + 1);
        let mut total = 0_u32;
        let mut spans = spans.into_iter();
        let mut open = spans.next();
        while let Some((begin, mut end)) = open {
            open = spans.next();
            while let Some(next) = open.filter(|next| next.0 <= end) {
                end = end.max(next.1);
                open = spans.next();
            }
            begins.push(begin);
            before.push(total);
            total += end - begin;
        }
        before.push(total);
        Self { from, to, begins: begins.into(), before: before.into() }
    }

    /// A table over a window that need not lie in the horizon.
    pub(crate) fn of_window(plan: &CalendarPlan, zone: &TimeZone, from: i64, to: i64) -> Self {
        let margin = (TAIL_DAYS + 2) * DAY_SECONDS;
        let timeline = Timeline::new(zone, from.saturating_sub(margin), to.saturating_add(margin));
        Self::new(plan, &timeline, from, to)
    }

    /// Working microseconds from the window's beginning to `at_us`; instants outside of the window count as its ends.
    pub(crate) fn worked_before(&self, at_us: i64) -> i64 {
        let at_us = at_us.clamp(self.from * SECOND_US, self.to * SECOND_US) - self.from * SECOND_US;
        let after = self.begins.partition_point(|begin| i64::from(*begin) * SECOND_US < at_us);
        let Some(last) = after.checked_sub(1) else { return 0 };
        let (Some(begin), Some(before), Some(until)) =
            (self.begins.get(last), self.before.get(last), self.before.get(after))
        else {
            return 0;
        };
        (i64::from(*before) * SECOND_US + at_us - i64::from(*begin) * SECOND_US)
            .min(i64::from(*until) * SECOND_US)
    }

    /// The earliest instant, in microseconds since 1970-01-01T00:00Z, before which `worked_us` of working time lies in
    /// the window. `worked_us` is positive; `None` if the window holds less.
    pub(crate) fn instant_after(&self, worked_us: i64) -> Option<i64> {
        let reached = self.before.partition_point(|before| i64::from(*before) * SECOND_US < worked_us);
        if reached == self.before.len() {
            return None;
        }
        let last = reached.checked_sub(1)?;
        let rest_us = worked_us - i64::from(*self.before.get(last)?) * SECOND_US;
        Some((self.from + i64::from(*self.begins.get(last)?)) * SECOND_US + rest_us)
    }

    /// The first working instant at or after `at_us` in the window, in microseconds since 1970-01-01T00:00Z.
    pub(crate) fn opening(&self, at_us: i64) -> Option<i64> {
        let worked = self.worked_before(at_us);
        let begin = self.instant_after(worked + 1)? - 1;
        Some(begin.max(at_us))
    }
}

/// The dates that own working time, with its end, in two sorted columns.
pub(crate) struct Workdays {
    /// Seconds since 1970-01-01T00:00Z from which `ends` counts.
    from: i64,
    /// Day numbers of the local dates.
    days: Box<[i32]>,
    /// End of each date's working time (on the next date for a night shift), in seconds from `from`.
    ends: Box<[u32]>,
}

impl Workdays {
    /// The working dates whose working time ends by `to`.
    pub(crate) fn new(plan: &CalendarPlan, timeline: &Timeline, from: i64, to: i64) -> Self {
        let (mut days, mut ends) = (Vec::new(), Vec::new());
        for day in days_of_window(from, to) {
            let mut last = i64::MIN;
            timeline.working_spans(plan, day, |_, end| last = last.max(end));
            if let (true, Ok(number)) = ((from..=to).contains(&last), i32::try_from(day)) {
                days.push(number);
                ends.push(offset(from, last));
            }
        }
        Self { from, days: days.into(), ends: ends.into() }
    }

    /// The first working date after `day`, as a position.
    pub(crate) fn position_after(&self, day: i64) -> usize {
        self.days.partition_point(|number| i64::from(*number) <= day)
    }

    /// Whether the date `day` owns working time, if its list reaches so far.
    pub(crate) fn contains(&self, day: i64) -> bool {
        self.at(self.position_after(day - 1)).is_some_and(|(found, _)| found == day)
    }

    /// The day number and the end of working time, in seconds since 1970-01-01T00:00Z, at a position.
    pub(crate) fn at(&self, position: usize) -> Option<(i64, i64)> {
        let (day, end) = (self.days.get(position)?, self.ends.get(position)?);
        Some((i64::from(*day), self.from + i64::from(*end)))
    }
}

/// The day numbers whose hours can touch a window, in whatever zone.
fn days_of_window(from: i64, to: i64) -> std::ops::RangeInclusive<i64> {
    from.div_euclid(DAY_SECONDS) - TAIL_DAYS..=to.div_euclid(DAY_SECONDS) + TAIL_DAYS
}

/// Seconds from the window's beginning. Windows are shorter than 32 bits hold, and `at` lies in the window.
fn offset(from: i64, at: i64) -> u32 {
    debug_assert!((0..=MAX_WINDOW_SECONDS).contains(&(at - from)), "an instant outside of its window");
    u32::try_from(at - from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::HORIZON;
    use crate::week::{Interval, Week};

    /// Bytes of the two tables of a week over the horizon.
    fn bytes(hours: &[&str]) -> usize {
        let hours: Vec<Interval> = hours.iter().map(|text| Interval::parse(text).unwrap()).collect();
        let plan = CalendarPlan::weekly("America/New_York", Week::every_day(&hours));
        let calendar = plan.compile().unwrap();
        let table = calendar.inner.table.as_ref().unwrap();
        let workdays = &calendar.inner.workdays;
        4 * (table.begins.len() + table.before.len() + workdays.days.len() + workdays.ends.len())
    }

    #[test]
    fn a_calendar_stays_under_a_megabyte() {
        let office = bytes(&["09:00-12:00", "13:30-18:00"]);
        let four = bytes(&["00:00-02:00", "06:00-11:00", "12:00-17:00", "18:00-22:00"]);
        assert!((500_000..600_000).contains(&office), "{office}");
        assert!((800_000..1_000_000).contains(&four), "{four}");
    }

    #[test]
    fn offsets_fit_their_type() {
        assert!(HORIZON.1 - HORIZON.0 <= MAX_WINDOW_SECONDS);
        assert!(MAX_WINDOW_SECONDS < i64::from(u32::MAX));
    }
}
