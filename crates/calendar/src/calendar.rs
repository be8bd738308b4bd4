//! The compiled calendar and the questions it answers.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::pauses::Pauses;
use crate::plan::{CalendarError, CalendarPlan};

pub(crate) mod explain;
pub(crate) mod instant;

pub use explain::Explanation;

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
    #[error("the answer lies outside the years 2000 to 2059, which the calendar lays out")]
    BeyondHorizon,
}

impl Calendar {
    pub(crate) fn compile(_plan: &CalendarPlan) -> Result<Self, CalendarError> {
        todo!()
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
        todo!()
    }

    /// The earliest instant at or after `start` such that the time from `start` to it holds exactly `budget` of counted
    /// time: working and in no pause. A budget of zero (or less) is due at the start itself.
    pub fn due(
        &self,
        _start: Timestamp,
        _budget: SignedDuration,
        _pauses: &Pauses,
    ) -> Result<Timestamp, NoDue> {
        todo!()
    }

    /// Counted time from `from` to `to`; zero if `to` is not after `from`.
    pub fn elapsed(&self, _from: Timestamp, _to: Timestamp, _pauses: &Pauses) -> SignedDuration {
        todo!()
    }

    /// The end of working time on the `n`-th working day after the date of `start`, which itself never counts.
    pub fn nth_workday_end(&self, _start: Timestamp, _n: u32, _pauses: &Pauses) -> Result<Timestamp, NoDue> {
        todo!()
    }

    /// As [`Self::nth_workday_end`], but the start date is day 1 if it still has working time at or after the start.
    pub fn nth_workday_end_from_start_day(
        &self,
        _start: Timestamp,
        _n: u32,
        _pauses: &Pauses,
    ) -> Result<Timestamp, NoDue> {
        todo!()
    }

    /// Whether `at` is working.
    pub fn is_working(&self, _at: Timestamp) -> bool {
        todo!()
    }

    /// The first working instant at or after `at`: `at` itself if it is working.
    pub fn next_opening(&self, _at: Timestamp) -> Option<Timestamp> {
        todo!()
    }

    /// Whether `date` owns working time.
    pub fn is_workday(&self, _date: Date) -> bool {
        todo!()
    }

    /// How [`Self::due`] comes about.
    pub fn explain(&self, _start: Timestamp, _budget: SignedDuration, _pauses: &Pauses) -> Explanation {
        todo!()
    }

    /// How [`Self::nth_workday_end`] comes about.
    pub fn explain_workdays(&self, _start: Timestamp, _n: u32, _pauses: &Pauses) -> Explanation {
        todo!()
    }

    /// The first year that the time from `from` to `to` touches for which a holiday table of the plan has no official
    /// data; `None` if there is no such year or no table is used.
    pub fn provisional_year(&self, _from: Timestamp, _to: Timestamp) -> Option<i16> {
        todo!()
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
