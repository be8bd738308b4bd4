//! From the wall clock to instants: which instants show a given stretch of local time.
//!
//! A zone is cut into segments of one offset each. A stretch of local time is then looked up in every segment that can
//! show it: once as a rule, not at all for a skipped hour, twice for a repeated one. So an interval is not converted
//! by its two ends, but the wall clock is read at every instant, which is what working time is defined by.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use crate::plan::CalendarPlan;
use crate::week::Interval;

use super::instant::{self, SECOND_US};

/// Seconds of a day without a change of the clock.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// No zone is farther from UTC than this.
const MAX_OFFSET_SECONDS: i64 = 26 * 3_600;

/// A stretch of time with one offset, half-open, in seconds since 1970-01-01T00:00Z.
struct Segment {
    from: i64,
    to: i64,
    /// Local time minus UTC.
    offset: i64,
}

/// The offsets of a zone over a stretch of time.
pub(crate) struct Timeline {
    segments: Vec<Segment>,
}

impl Timeline {
    /// The offsets of `zone` from `from` to `to`, seconds since 1970-01-01T00:00Z.
    pub(crate) fn new(zone: &TimeZone, from: i64, to: i64) -> Self {
        let start = instant::timestamp(from.saturating_mul(SECOND_US));
        let mut open = Segment { from, to, offset: zone.to_offset(start).seconds().into() };
        let mut segments = Vec::new();
        for change in zone.following(start) {
            let at = change.timestamp().as_second();
            if at >= to {
                break;
            }
            let offset = i64::from(change.offset().seconds());
            if offset != open.offset {
                segments.push(Segment { to: at, ..open });
                open = Segment { from: at, to, offset };
            }
        }
        segments.push(open);
        Self { segments }
    }

    /// The day number (days since 1970-01-01) of the local date at `at`, in seconds. Outside of the timeline the nearest
    /// offset is taken.
    pub(crate) fn local_day(&self, at: i64) -> i64 {
        let next = self.segments.partition_point(|segment| segment.to <= at);
        let segment = self.segments.get(next).or(self.segments.last());
        (at + segment.map_or(0, |segment| segment.offset)).div_euclid(DAY_SECONDS)
    }

    /// Hands out the stretches of time at which the wall clock shows `from..to`, local seconds since the local
    /// 1970-01-01T00:00, in order.
    fn shown(&self, from: i64, to: i64, mut each: impl FnMut(i64, i64)) {
        let first = self.segments.partition_point(|segment| segment.to <= from - MAX_OFFSET_SECONDS);
        let near = self.segments.get(first..).unwrap_or_default();
        for segment in near.iter().take_while(|segment| segment.from < to + MAX_OFFSET_SECONDS) {
            let begin = segment.from.max(from - segment.offset);
            let end = segment.to.min(to - segment.offset);
            if begin < end {
                each(begin, end);
            }
        }
    }

    /// The stretches of time that belong to the local date `day`, whatever the hours.
    pub(crate) fn date_spans(&self, day: i64, each: impl FnMut(i64, i64)) {
        self.shown(day * DAY_SECONDS, (day + 1) * DAY_SECONDS, each);
    }

    /// The working time that belongs to the local date `day`, the tail after midnight included. In no order; what the
    /// intervals cover twice comes twice.
    pub(crate) fn working_spans(&self, plan: &CalendarPlan, day: i64, mut each: impl FnMut(i64, i64)) {
        for interval in plan.hours_of(date_of(day)).unwrap_or(&[Interval::DAY]) {
            let second = |minute: u16| day * DAY_SECONDS + i64::from(minute) * 60;
            let (open, close) = (interval.open_minute(), interval.close_minute_from_open_date());
            self.shown(second(open), second(close), &mut each);
        }
    }
}

/// The date of a day number; at the ends of jiff's range it stays there.
pub(crate) fn date_of(day: i64) -> Date {
    let midnight = instant::timestamp(day.saturating_mul(DAY_SECONDS).saturating_mul(SECOND_US));
    Offset::UTC.to_datetime(midnight).date()
}

/// The day number of a date: days since 1970-01-01.
pub(crate) fn day_of(date: Date) -> i64 {
    let midnight = Offset::UTC.to_timestamp(date.to_datetime(Time::midnight()));
    let end = if date.year() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    midnight.unwrap_or(end).as_second().div_euclid(DAY_SECONDS)
}
