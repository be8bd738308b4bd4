//! The compiled calendar and the questions it answers.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

use crate::pauses::Pauses;
use crate::plan::{CalendarError, CalendarPlan};
use crate::week::Hours;

use instant::SECOND_US;
use table::{Table, Workdays};
use timeline::{DAY_SECONDS, Timeline, day_of};

pub(crate) mod explain;
pub(crate) mod instant;
mod table;
mod timeline;

/// First and last calendar year (UTC) whose hours are laid out in advance. `due` and `nth_workday_end` answer within
/// them; beyond, they say [`NoDue::BeyondHorizon`]. A 24×7 calendar's `due` knows no horizon.
pub const HORIZON_YEARS: (i16, i16) = (2000, 2059);

/// A compiled calendar: immutable, cheap to clone.
#[derive(Clone)]
pub struct Calendar {
    inner: Arc<Inner>,
}

struct Inner {
    plan: CalendarPlan,
    zone: TimeZone,
    /// The zone's offsets over the horizon, with a margin.
    timeline: Timeline,
    /// `None`: 24×7.
    table: Option<Table>,
    workdays: Workdays,
    /// Where hours end for good, in seconds since 1970-01-01T00:00Z, if the week has none and only single dates do.
    last_hours_end: Option<i64>,
}

/// Why a budget is never used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NoDue {
    /// A pause without a known end comes first.
    #[error("paused since {since} with no end known")]
    Paused {
        /// Where that pause begins.
        since: Timestamp,
    },
    /// The calendar has too little working time after the start, for ever.
    #[error("the calendar has no working time left to use the budget up")]
    NoMoreHours,
    /// The start or the answer lies outside of [`HORIZON_YEARS`].
    #[error(
        "the start or the answer lies outside the years {} to {}, which the calendar lays out",
        HORIZON_YEARS.0,
        HORIZON_YEARS.1
    )]
    BeyondHorizon,
}

impl NoDue {
    /// The same reason in Chinese. The instant is in UTC; who knows the reader's zone renders it anew.
    pub fn zh(&self) -> String {
        match self {
            Self::Paused { since } => format!("自 {since} 起暂停，恢复时间未知"),
            Self::NoMoreHours => "该日历此后没有足够的工作时间".to_owned(),
            Self::BeyondHorizon => {
                let (first, last) = HORIZON_YEARS;
                format!("起点或到期时间超出日历所覆盖的 {first} 至 {last} 年")
            }
        }
    }
}

/// The horizon in seconds since 1970-01-01T00:00Z: 2000-01-01 to 2060-01-01, half-open; in UTC for every zone.
const HORIZON: (i64, i64) = (946_684_800, 2_840_140_800);
const HORIZON_US: (i64, i64) = (HORIZON.0 * SECOND_US, HORIZON.1 * SECOND_US);

/// Days around the horizon for which the zone's offsets are known too.
const MARGIN_SECONDS: i64 = 10 * DAY_SECONDS;

/// In how many days after the last date that a plan names a week with hours must have opened, whatever the zone does.
const SURELY_OPEN_AGAIN_SECONDS: i64 = 30 * DAY_SECONDS;

/// Which date is day 1 of N working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayOne {
    /// The first working date after the date of the start.
    AfterStart,
    /// The date of the start if it still has working time at or after the start.
    StartIfWorking,
}

impl Calendar {
    /// Compiles `plan`; the same as [`CalendarPlan::compile`].
    pub(crate) fn compile(plan: &CalendarPlan) -> Result<Self, CalendarError> {
        let zone = TimeZoneDatabase::bundled()
            .get(&plan.zone)
            .map_err(|_| CalendarError::UnknownZone { zone: plan.zone.clone() })?;
        let always = matches!(plan.hours, Hours::Always);
        if let Some(date) = named_dates(plan).next().filter(|_| always) {
            return Err(CalendarError::AlwaysWithDates { date });
        }
        let (from, to) = HORIZON;
        let timeline = Timeline::new(&zone, from - MARGIN_SECONDS, to + MARGIN_SECONDS);
        let table = (!always).then(|| Table::new(plan, &timeline, from, to));
        let workdays = Workdays::new(plan, &timeline, from, to);
        let last_hours_end = last_hours_end(plan);
        let plan = plan.clone();
        let inner = Inner { plan, zone, timeline, table, workdays, last_hours_end };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The plan it was compiled from.
    pub fn plan(&self) -> &CalendarPlan {
        &self.inner.plan
    }

    /// The zone whose wall clock rules.
    pub fn time_zone(&self) -> &TimeZone {
        &self.inner.zone
    }

    /// Whether it has no working time at all.
    pub fn never_opens(&self) -> bool {
        self.inner.last_hours_end == Some(i64::MIN)
    }

    /// The earliest instant at or after `start` such that the time from `start` to it holds exactly `budget` of counted
    /// time: working and in no pause. So a start outside working time counts from the next opening, a budget that is
    /// used up at a closing is due at that closing, and a pause that begins at the due instant changes nothing.
    /// A budget of zero (or less) is due at the start itself, even outside working time or in a pause.
    ///
    /// # Errors
    /// [`NoDue`] if the budget is never used up, or if that cannot be told within [`HORIZON_YEARS`].
    pub fn due(&self, start: Timestamp, budget: SignedDuration, pauses: &Pauses) -> Result<Timestamp, NoDue> {
        let budget_us = instant::budget_micros(budget);
        if budget_us == 0 {
            return Ok(start);
        }
        self.due_micros(instant::micros(start), budget_us, pauses).map(instant::timestamp)
    }

    /// [`Self::due`] for a positive budget, all in microseconds.
    fn due_micros(&self, start_us: i64, budget_us: i64, pauses: &Pauses) -> Result<i64, NoDue> {
        if !self.lays_out(start_us) {
            return Err(self.beyond(start_us));
        }
        let mut target_us = self.worked_before(start_us).saturating_add(budget_us);
        for (from_us, to_us) in pauses.micros_after(start_us) {
            let worked_us = self.worked_before((*from_us).max(start_us));
            if worked_us >= target_us || !self.lays_out((*from_us).max(start_us)) {
                break;
            }
            if Pauses::is_open_end(*to_us) {
                return Err(NoDue::Paused { since: instant::timestamp(*from_us) });
            }
            target_us = target_us.saturating_add(self.worked_before(*to_us) - worked_us);
        }
        match &self.inner.table {
            Some(table) => table.instant_after(target_us),
            None => Some(target_us).filter(|us| Timestamp::from_microsecond(*us).is_ok()),
        }
        .ok_or_else(|| self.beyond(HORIZON_US.1))
    }

    /// Whether `due` can start at `at_us`.
    fn lays_out(&self, at_us: i64) -> bool {
        self.inner.table.is_none() || (HORIZON_US.0..HORIZON_US.1).contains(&at_us)
    }

    /// Working microseconds before `at_us`, from some zero that is the same for all instants.
    fn worked_before(&self, at_us: i64) -> i64 {
        self.inner.table.as_ref().map_or(at_us, |table| table.worked_before(at_us))
    }

    /// Why there is no answer from `at_us` on.
    fn beyond(&self, at_us: i64) -> NoDue {
        match self.inner.last_hours_end {
            Some(end) if end <= at_us.div_euclid(SECOND_US) => NoDue::NoMoreHours,
            _ => NoDue::BeyondHorizon,
        }
    }

    /// Counted time from `from` to `to`: working and in no pause; zero if `to` is not after `from`. Exact for all
    /// instants; outside of [`HORIZON_YEARS`] it takes milliseconds.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp, pauses: &Pauses) -> SignedDuration {
        SignedDuration::from_micros(self.elapsed_micros(instant::micros(from), instant::micros(to), pauses))
    }

    fn elapsed_micros(&self, from_us: i64, to_us: i64, pauses: &Pauses) -> i64 {
        if to_us <= from_us {
            return 0;
        }
        if self.inner.table.is_none() {
            return counted(|at_us| at_us, from_us, to_us, pauses);
        }
        let mut sum_us = 0;
        self.find_in_windows(from_us, to_us, |table, begin_us, end_us| {
            sum_us += counted(|at_us| table.worked_before(at_us), begin_us, end_us, pauses);
            None::<()>
        });
        sum_us
    }

    /// Cuts `from_us..to_us` into windows, each with a table that lays it out, and asks them in order until one answers.
    /// In the horizon the table is at hand; elsewhere it is made for the occasion.
    fn find_in_windows<T>(
        &self,
        from_us: i64,
        to_us: i64,
        mut ask: impl FnMut(&Table, i64, i64) -> Option<T>,
    ) -> Option<T> {
        let mut begin_us = from_us;
        while begin_us < to_us {
            let inside = (HORIZON_US.0..HORIZON_US.1).contains(&begin_us);
            let end_us = if inside {
                HORIZON_US.1
            } else if begin_us < HORIZON_US.0 {
                HORIZON_US.0.min(begin_us + WINDOW_US)
            } else {
                begin_us + WINDOW_US
            };
            let end_us = end_us.min(to_us);
            let answer = match &self.inner.table {
                Some(table) if inside => ask(table, begin_us, end_us),
                _ => {
                    let (from, to) = (begin_us.div_euclid(SECOND_US), end_us.div_euclid(SECOND_US) + 1);
                    let table = Table::of_window(&self.inner.plan, &self.inner.zone, from, to);
                    ask(&table, begin_us, end_us)
                }
            };
            if answer.is_some() {
                return answer;
            }
            begin_us = end_us;
        }
        None
    }

    /// The end of working time on the `n`-th working day after the date of `start`, which itself never counts, whether
    /// it is a working day or not and whatever the time of day: so the PRC Civil Code counts periods, articles 201 and
    /// 203. A working day is a local date that owns working time, make-up days included; a night shift ends on the
    /// next date; on a 24×7 calendar a day ends at the following local midnight.
    ///
    /// Pauses add the working time that they cover: the working time from `start` to the unpaused answer becomes the
    /// budget of [`Self::due`]. No days (`n` of zero) are due at the start itself.
    ///
    /// # Errors
    /// As for [`Self::due`]; here [`HORIZON_YEARS`] bind 24×7 calendars too.
    pub fn nth_workday_end(&self, start: Timestamp, n: u32, pauses: &Pauses) -> Result<Timestamp, NoDue> {
        self.workdays_due(start, n, DayOne::AfterStart, pauses)
    }

    /// As [`Self::nth_workday_end`], but the date of the start is day 1 if it still has working time at or after the
    /// start. Some contracts count so.
    ///
    /// # Errors
    /// As for [`Self::nth_workday_end`].
    pub fn nth_workday_end_from_start_day(
        &self,
        start: Timestamp,
        n: u32,
        pauses: &Pauses,
    ) -> Result<Timestamp, NoDue> {
        self.workdays_due(start, n, DayOne::StartIfWorking, pauses)
    }

    fn workdays_due(
        &self,
        start: Timestamp,
        n: u32,
        one: DayOne,
        pauses: &Pauses,
    ) -> Result<Timestamp, NoDue> {
        if n == 0 {
            return Ok(start);
        }
        let start_us = instant::micros(start);
        let last = self.workday_positions(start_us, n, one)?.last();
        let (_, end) = last.and_then(|last| self.inner.workdays.at(last)).ok_or(NoDue::BeyondHorizon)?;
        let end_us = end * SECOND_US;
        if pauses.is_empty() {
            return Ok(instant::timestamp(end_us));
        }
        let budget_us = self.worked_before(end_us) - self.worked_before(start_us);
        self.due_micros(start_us, budget_us, pauses).map(instant::timestamp)
    }

    /// The positions in the list of working dates of the first to the `n`-th day from `start_us` on.
    fn workday_positions(&self, start_us: i64, n: u32, one: DayOne) -> Result<std::ops::Range<usize>, NoDue> {
        if !(HORIZON_US.0..HORIZON_US.1).contains(&start_us) {
            return Err(self.beyond(start_us));
        }
        let workdays = &self.inner.workdays;
        let today = self.inner.timeline.local_day(start_us.div_euclid(SECOND_US));
        let after = workdays.position_after(today);
        let still_open = |position: &usize| {
            workdays.at(*position).is_some_and(|(day, end)| day == today && end * SECOND_US > start_us)
        };
        let first = match one {
            DayOne::AfterStart => after,
            DayOne::StartIfWorking => after.checked_sub(1).filter(still_open).unwrap_or(after),
        };
        let positions = first..first.saturating_add(usize::try_from(n).unwrap_or(usize::MAX));
        if workdays.at(positions.end - 1).is_none() {
            return Err(self.beyond(HORIZON_US.1));
        }
        Ok(positions)
    }

    /// Whether `at` is working. Outside of [`HORIZON_YEARS`] it takes longer.
    pub fn is_working(&self, at: Timestamp) -> bool {
        let at_us = instant::micros(at);
        self.elapsed_micros(at_us, at_us + 1, &Pauses::none()) > 0
    }

    /// The first working instant at or after `at`: `at` itself if it is working. `None`: it never opens again.
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        if self.inner.table.is_none() {
            return Some(at);
        }
        let at_us = instant::micros(at);
        let until = self.inner.last_hours_end.unwrap_or_else(|| {
            let last_named = named_dates(&self.inner.plan).max().map_or(i64::MIN, end_of_hours);
            last_named.max(at_us.div_euclid(SECOND_US)).saturating_add(SURELY_OPEN_AGAIN_SECONDS)
        });
        let until_us = until.saturating_mul(SECOND_US).min(instant::micros(Timestamp::MAX));
        let opening = |table: &Table, begin_us, end_us| table.opening(begin_us).filter(|us| *us < end_us);
        let found = self.find_in_windows(at_us, until_us, opening)?;
        Some(if found == at_us { at } else { instant::timestamp(found) })
    }

    /// Whether `date` owns working time: whether hours that exist on the wall clock open on it.
    pub fn is_workday(&self, date: Date) -> bool {
        let day = day_of(date);
        let midnight = day * DAY_SECONDS;
        if (HORIZON.0..HORIZON.1 - MARGIN_SECONDS).contains(&midnight) {
            return self.inner.workdays.contains(day);
        }
        let timeline =
            Timeline::new(&self.inner.zone, midnight - 5 * DAY_SECONDS, midnight + 5 * DAY_SECONDS);
        let mut found = false;
        timeline.working_spans(&self.inner.plan, day, |_, _| found = true);
        found
    }

    /// The first year that the local dates from `from` to `to` touch for which a holiday table of the plan has no
    /// official data, so that a due instant across it is provisional; `None` if there is no such year or no table is
    /// used.
    pub fn provisional_year(&self, from: Timestamp, to: Timestamp) -> Option<i16> {
        if self.inner.plan.tables.is_empty() {
            return None;
        }
        let year = |at| self.inner.zone.to_datetime(at).year();
        (year(from)..=year(to)).find(|year| !self.inner.plan.is_official_in(*year))
    }
}

/// Length of a window outside of the horizon: thirty years.
const WINDOW_US: i64 = 30 * 366 * DAY_SECONDS * SECOND_US;

/// Working time in `from_us..to_us` less what pauses cover, where `worked_before` sums working time up.
fn counted(worked_before: impl Fn(i64) -> i64, from_us: i64, to_us: i64, pauses: &Pauses) -> i64 {
    let within = |begin_us: i64, end_us: i64| worked_before(end_us) - worked_before(begin_us);
    let paused = pauses.micros_after(from_us).iter().take_while(|span| span.0 < to_us);
    let paused_us: i64 = paused.map(|span| within(span.0.max(from_us), span.1.min(to_us))).sum();
    within(from_us, to_us) - paused_us
}

/// The dates for which the plan departs from its week.
fn named_dates(plan: &CalendarPlan) -> impl Iterator<Item = Date> {
    plan.closed.iter().chain(plan.open.keys()).chain(plan.special.keys()).copied()
}

/// An upper bound of where the hours of `date` end, in seconds since 1970-01-01T00:00Z, whatever the zone.
fn end_of_hours(date: Date) -> i64 {
    (day_of(date) + 4) * DAY_SECONDS
}

/// Where hours end for good; `Some(i64::MIN)`: there never are any.
fn last_hours_end(plan: &CalendarPlan) -> Option<i64> {
    match &plan.hours {
        Hours::Weekly(week) if week.is_empty() => {
            let worked = plan.special.iter().filter(|(_, hours)| !hours.is_empty());
            Some(worked.map(|(date, _)| end_of_hours(*date)).max().unwrap_or(i64::MIN))
        }
        _ => None,
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar").field("plan", &self.inner.plan).finish_non_exhaustive()
    }
}

/// Two calendars are equal if their plans are.
impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) || self.inner.plan == other.inner.plan
    }
}

impl Eq for Calendar {}
