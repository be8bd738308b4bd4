//! The derivation of a due instant, as data for people.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::NoDue;

/// How a due instant comes about: rows that tile the time from the start to the due instant without gap or overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Where the clock starts.
    pub start: Timestamp,
    /// The working time to be used up. For N working days it is what those days hold from the start on.
    pub budget: SignedDuration,
    /// For N working days: the dates that count as the first to the Nth. Empty for a budget of time.
    pub workdays: Vec<Date>,
    /// What lies between, in order. Without a due instant: as far as it can be told.
    pub rows: Vec<Row>,
    /// The answer, the same as [`super::Calendar::due`] or [`super::Calendar::nth_workday_end`] gives.
    pub due: Result<Timestamp, NoDue>,
}

/// A stretch of one kind, half-open, within one date or, when shut, over several dates for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
    /// The local date to which it belongs: for working time the date on which the hours open, else the first date.
    pub date: Date,
    /// Whether it counts, and if not, why.
    pub kind: RowKind,
    /// Working time counted in this row; zero unless it is [`RowKind::Counted`].
    pub counted: SignedDuration,
    /// Working time counted up to the end of this row.
    pub total: SignedDuration,
}

/// Whether a stretch counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    /// Working time that uses up the budget.
    Counted,
    /// Working time in a pause.
    Paused,
    /// No working time.
    Shut(Shut),
}

/// Why there is no working time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shut {
    /// Before, between or after the hours of a date that has some.
    OutsideHours,
    /// The weekday has no hours.
    WeekdayOff,
    /// The date is closed; with the name of the holiday, if it is known.
    ClosedDate {
        /// Such as 春节.
        name: Option<String>,
    },
    /// The date has special hours, and they are none.
    SpecialOff,
}
