//! A slow oracle: it reads the wall clock of every single minute and knows nothing of tables, offsets or sums.
//!
//! Hours and offsets are whole minutes, so an instant works if and only if its minute does. Only the ends of spans are
//! finer, and the oracle cuts the minutes there.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use yinuo_calendar::{CalendarPlan, Hours, Interval};

const MINUTE_US: i64 = 60_000_000;

/// What the wall clock shows in one minute of real time.
struct Minute {
    date: Date,
    /// The dates on which the hours opened that cover this minute.
    owners: Vec<Date>,
}

/// The minutes of a stretch of time.
pub(crate) struct Oracle {
    from_us: i64,
    minutes: Vec<Minute>,
    always: bool,
}

/// Half-open spans in microseconds; no end: still on.
pub(crate) type Spans = Vec<(i64, Option<i64>)>;

impl Oracle {
    /// Reads the clock from `from_us`, a whole minute, for `days` days of 24 hours.
    pub(crate) fn new(plan: &CalendarPlan, from_us: i64, days: i64) -> Self {
        let zone = TimeZone::get(&plan.zone).unwrap();
        let minutes = (0..days * 1_440)
            .map(|index| {
                let local =
                    zone.to_datetime(Timestamp::from_microsecond(from_us + index * MINUTE_US).unwrap());
                let minute_of_day = i32::from(local.hour()) * 60 + i32::from(local.minute());
                let mut owners = Vec::new();
                if covers(hours(plan, local.date()), minute_of_day) {
                    owners.push(local.date());
                }
                if let Ok(eve) = local.date().yesterday()
                    && covers(hours(plan, eve), minute_of_day + 1_440)
                {
                    owners.push(eve);
                }
                Minute { date: local.date(), owners }
            })
            .collect();
        Self { from_us, minutes, always: plan.hours == Hours::Always }
    }

    pub(crate) fn end_us(&self) -> i64 {
        self.from_us + i64::try_from(self.minutes.len()).unwrap() * MINUTE_US
    }

    fn minute(&self, at_us: i64) -> &Minute {
        &self.minutes[usize::try_from((at_us - self.from_us).div_euclid(MINUTE_US)).unwrap()]
    }

    pub(crate) fn is_working(&self, at_us: i64) -> bool {
        self.always || !self.minute(at_us).owners.is_empty()
    }

    pub(crate) fn date(&self, at_us: i64) -> Date {
        self.minute(at_us).date
    }

    /// Walks on from `at_us` to the next instant at which anything can change.
    fn next_change(at_us: i64, pauses: &Spans) -> i64 {
        let minute_end = (at_us.div_euclid(MINUTE_US) + 1) * MINUTE_US;
        let ends = pauses.iter().flat_map(|(from, to)| [Some(*from), *to]).flatten();
        ends.filter(|end| *end > at_us).fold(minute_end, i64::min)
    }

    pub(crate) fn counts(&self, at_us: i64, pauses: &Spans) -> bool {
        let paused = |(from, to): &(i64, Option<i64>)| *from <= at_us && to.is_none_or(|to| at_us < to);
        self.is_working(at_us) && !pauses.iter().any(paused)
    }

    pub(crate) fn elapsed(&self, from_us: i64, to_us: i64, pauses: &Spans) -> i64 {
        let (mut at_us, mut sum_us) = (from_us, 0);
        while at_us < to_us {
            let next_us = Self::next_change(at_us, pauses).min(to_us);
            if self.counts(at_us, pauses) {
                sum_us += next_us - at_us;
            }
            at_us = next_us;
        }
        sum_us
    }

    /// `None`: not within the minutes that it knows.
    pub(crate) fn due(&self, start_us: i64, budget_us: i64, pauses: &Spans) -> Option<i64> {
        let (mut at_us, mut rest_us) = (start_us, budget_us);
        while rest_us > 0 {
            if at_us >= self.end_us() {
                return None;
            }
            let next_us = Self::next_change(at_us, pauses);
            if self.counts(at_us, pauses) {
                if rest_us <= next_us - at_us {
                    return Some(at_us + rest_us);
                }
                rest_us -= next_us - at_us;
            }
            at_us = next_us;
        }
        Some(at_us)
    }

    pub(crate) fn next_opening(&self, at_us: i64) -> Option<i64> {
        let mut at_us = at_us;
        while at_us < self.end_us() {
            if self.is_working(at_us) {
                return Some(at_us);
            }
            at_us = Self::next_change(at_us, &Vec::new());
        }
        None
    }

    /// The dates that own working time and where it ends, in microseconds.
    pub(crate) fn workdays(&self) -> BTreeMap<Date, i64> {
        let mut ends = BTreeMap::new();
        for (index, minute) in (1_i64..).zip(&self.minutes) {
            for owner in &minute.owners {
                ends.insert(*owner, self.from_us + index * MINUTE_US);
            }
        }
        ends
    }
}

/// `minute` counts from the midnight of the date whose `hours` these are.
fn covers(hours: Vec<Interval>, minute: i32) -> bool {
    hours.into_iter().any(|interval| {
        let (open, mut close) = (i32::from(interval.open_minute()), i32::from(interval.close_minute()));
        if close <= open {
            close += 1_440;
        }
        open <= minute && minute < close
    })
}

fn hours(plan: &CalendarPlan, date: Date) -> Vec<Interval> {
    let Hours::Weekly(week) = &plan.hours else { return vec![Interval::parse("00:00-24:00").unwrap()] };
    let of = |weekday: jiff::civil::Weekday| {
        week.0[usize::try_from(weekday.to_monday_zero_offset()).unwrap()].clone()
    };
    match (plan.special.get(&date), plan.open.get(&date)) {
        (Some(special), _) => special.clone(),
        (None, Some(weekday)) => of(*weekday),
        (None, None) if plan.closed.contains(&date) => Vec::new(),
        (None, None) => of(date.weekday()),
    }
}

pub(crate) fn duration(us: i64) -> SignedDuration {
    SignedDuration::from_micros(us)
}
