//! Working time as the auditor reckons it: every stretch of the year laid out, then walked through one by one.

use std::sync::LazyLock;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, Weekday, date},
    tz::TimeZone,
};

use crate::letters::Hours;

/// A stretch of working time: the local date that it belongs to, from, to in microseconds.
type Stretch = (Date, i64, i64);

/// From and to on the wall, as hour and minute.
type Open = ((i8, i8), (i8, i8));

/// Half-open spans in which a clock stands still; no end: still on. They may overlap.
pub(crate) type Standstill = Vec<(i64, Option<i64>)>;

/// Days off in Shanghai that are no Saturday or Sunday by nature or lie in a holiday, by first and last day.
const OFF: [(i8, i8, i8, i8); 7] = [
    (1, 1, 1, 3),
    (2, 15, 2, 23),
    (4, 4, 4, 6),
    (5, 1, 5, 5),
    (6, 19, 6, 21),
    (9, 25, 9, 27),
    (10, 1, 10, 7),
];

/// Saturdays and Sundays that are worked.
const MADE_UP: [(i8, i8); 6] = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];

static OFFICE: LazyLock<Vec<Stretch>> = LazyLock::new(|| {
    let hours = [((9, 0), (12, 0)), ((13, 30), (18, 0))];
    lay_out("Asia/Shanghai", &hours, |day| {
        let made_up = MADE_UP.contains(&(day.month(), day.day()));
        let off = OFF.iter().any(|(from_month, from, to_month, to)| {
            (*from_month, *from) <= (day.month(), day.day()) && (day.month(), day.day()) <= (*to_month, *to)
        });
        made_up || !off && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    })
});

static NIGHT: LazyLock<Vec<Stretch>> =
    LazyLock::new(|| lay_out("America/New_York", &[((0, 0), (6, 0)), ((20, 30), (23, 0))], |_| true));

static ALWAYS: LazyLock<Vec<Stretch>> = LazyLock::new(|| vec![(date(2026, 1, 1), 0, i64::MAX / 2)]);

/// Every stretch of 2026.
fn lay_out(zone: &str, hours: &[Open], works: impl Fn(Date) -> bool) -> Vec<Stretch> {
    let zone = TimeZone::get(zone).expect("the time-zone database is bundled");
    let mut stretches = Vec::new();
    let mut day = date(2026, 1, 1);
    while day.year() == 2026 {
        if works(day) {
            for (from, to) in hours {
                let at = |(hour, minute): (i8, i8)| {
                    let wall = day.to_datetime(Time::constant(hour, minute, 0, 0));
                    zone.to_timestamp(wall).expect("no clock changes at these hours").as_microsecond()
                };
                stretches.push((day, at(*from), at(*to)));
            }
        }
        day = day.checked_add(1.day()).expect("the year ends");
    }
    stretches
}

fn stretches(hours: Hours) -> &'static [Stretch] {
    match hours {
        Hours::Office => &OFFICE,
        Hours::Always => &ALWAYS,
        Hours::Night => &NIGHT,
    }
}

/// Working time from `from_us` on without the standstills, as (from, to).
fn counted(hours: Hours, from_us: i64, still: &Standstill) -> impl Iterator<Item = (i64, i64)> {
    let all = stretches(hours);
    let first = all.partition_point(|(_, _, to)| *to <= from_us);
    let mut still: Vec<(i64, i64)> = still.iter().map(|(from, to)| (*from, to.unwrap_or(i64::MAX))).collect();
    still.sort_unstable();
    all[first..].iter().flat_map(move |(_, from, to)| {
        let mut pieces = Vec::new();
        let mut begin = (*from).max(from_us);
        for (off, on) in &still {
            if *on <= begin || *off >= *to {
                continue;
            }
            if *off > begin {
                pieces.push((begin, *off));
            }
            begin = begin.max(*on);
        }
        if begin < *to {
            pieces.push((begin, *to));
        }
        pieces
    })
}

/// When `budget_us` of working time from `start_us` on are used up; none if that never comes.
pub(crate) fn due(hours: Hours, start_us: i64, budget_us: i64, still: &Standstill) -> Option<i64> {
    let mut rest = budget_us;
    for (from, to) in counted(hours, start_us, still) {
        if rest <= to - from {
            return Some(from + rest);
        }
        rest -= to - from;
    }
    None
}

/// Working time from one instant to another.
pub(crate) fn elapsed(hours: Hours, from_us: i64, to_us: i64, still: &Standstill) -> i64 {
    let before = counted(hours, from_us, still).take_while(|(from, _)| *from < to_us);
    before.map(|(from, to)| to.min(to_us) - from).sum()
}

/// The end of the `days`-th working day after the day of `start_us`, moved by what stood still until then.
pub(crate) fn workdays(hours: Hours, start_us: i64, days: usize, still: &Standstill) -> Option<i64> {
    let end = unpaused_workdays(hours, start_us, days)?;
    if still.is_empty() {
        return Some(end);
    }
    due(hours, start_us, elapsed(hours, start_us, end, &Standstill::new()), still)
}

/// The same as if nothing stood still.
pub(crate) fn unpaused_workdays(hours: Hours, start_us: i64, days: usize) -> Option<i64> {
    let zone = if hours == Hours::Night { "America/New_York" } else { "Asia/Shanghai" };
    let zone = TimeZone::get(zone).expect("the time-zone database is bundled");
    let today = zone.to_datetime(Timestamp::from_microsecond(start_us).expect("an instant")).date();
    let mut ends: Vec<(Date, i64)> = Vec::new();
    for (day, _, to) in stretches(hours).iter().filter(|(day, ..)| *day > today) {
        let full = ends.len() == days;
        match ends.last_mut() {
            Some((last, end)) if last == day => *end = *to,
            _ if full => break,
            _ => ends.push((*day, *to)),
        }
    }
    ends.get(days - 1).map(|(_, end)| *end)
}
