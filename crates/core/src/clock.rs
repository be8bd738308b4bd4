//! Clocks: one promise running on one ticket.
//!
//! A clock is a pure function of the promise, its calendar and the ticket's events. [`clocks`] derives the course of
//! every clock; [`Clock::reading`] judges it as of an instant; [`alarms`](alarm) says when somebody has to be told.

pub mod alarm;
mod derive;
mod reading;

use jiff::{SignedDuration, Timestamp};
use yinuo_calendar::{Calendar, Explanation, Pauses};
pub use yinuo_commitment::StepAt;
use yinuo_commitment::{Budget, Grade, PromiseId};

pub use self::{
    alarm::{Alarm, next_alarm},
    derive::clocks,
    reading::{ClockReading, ClockState},
};

/// Which clock of a ticket: one promise of one letter in one round (a reopened ticket runs every promise anew).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClockKey {
    /// Number of the letter.
    pub commitment: String,
    /// The promise; `breach.minor`, `breach.major` and `survey.low` name the clocks that a breach or a low rating opens.
    pub promise: PromiseId,
    /// Round, counted from 1.
    pub round: u32,
}

/// Where a clock comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClockSource {
    /// A promise of the letter.
    Promise,
    /// The remedy that a breach of this grade demands (B2).
    Remedy(Grade),
    /// The call-back that a low rating demands (S3).
    LowRating,
}

/// How a clock ended. A clock without an end runs, stands still or is overdue, as of some instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClockEnd {
    /// Stopped in time.
    Met,
    /// Stopped late.
    Late,
    /// Excepted with all that it needs.
    Excepted,
    /// No longer applies.
    Void,
}

impl ClockEnd {
    /// Every end.
    pub const ALL: &'static [ClockEnd] = &[ClockEnd::Met, ClockEnd::Late, ClockEnd::Excepted, ClockEnd::Void];

    /// The word in view rows.
    pub const fn word(self) -> &'static str {
        match self {
            ClockEnd::Met => "met",
            ClockEnd::Late => "late",
            ClockEnd::Excepted => "excepted",
            ClockEnd::Void => "void",
        }
    }

    /// The end that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|end| end.word() == word)
    }
}

/// The course of one clock, without a judgement as of any instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// Which clock.
    pub key: ClockKey,
    /// Where it comes from.
    pub source: ClockSource,
    /// Place of the letter among the ticket's pins.
    pub pin: usize,
    /// The calendar it counts on.
    pub calendar: Calendar,
    /// How long it allows.
    pub budget: Budget,
    /// When it started.
    pub started_at: Timestamp,
    /// What the starting event told the customer, for `as told` budgets.
    pub told: Option<Timestamp>,
    /// When it is due, the pauses known so far counted in; none if an open pause comes first, or if nothing says when.
    pub due_at: Option<Timestamp>,
    /// The pauses that count for it.
    pub pauses: Pauses,
    /// How and when it ended.
    pub end: Option<(ClockEnd, Timestamp)>,
    /// How grave a miss is.
    pub grade: Option<Grade>,
}

impl Clock {
    /// Working time from the start to `to` on its calendar, pauses left out.
    pub fn worked(&self, to: Timestamp) -> SignedDuration {
        self.calendar.elapsed(self.started_at, to, &self.pauses)
    }

    /// The whole budget as working time on its calendar: from the start to the due instant as if nothing paused it.
    /// None for budgets that are not measured on the calendar before they are over.
    pub fn budget_time(&self) -> Option<SignedDuration> {
        match self.budget {
            Budget::Working(time) => Some(time),
            Budget::Rings(rings) => Some(ring_time(rings)),
            Budget::Workdays(days) => {
                let due = self.calendar.nth_workday_end(self.started_at, days, &Pauses::none()).ok()?;
                Some(self.calendar.elapsed(self.started_at, due, &Pauses::none()))
            }
            Budget::AsTold => Some(self.calendar.elapsed(self.started_at, self.told?, &Pauses::none())),
            Budget::TheCall => None,
        }
    }

    /// How the due instant comes about, for people. None where the calendar has no part in it.
    pub fn explain(&self) -> Option<Explanation> {
        match self.budget {
            Budget::Working(time) => Some(self.calendar.explain(self.started_at, time, &self.pauses)),
            Budget::Workdays(days) => {
                Some(self.calendar.explain_workdays(self.started_at, days, &self.pauses))
            }
            Budget::Rings(_) | Budget::AsTold | Budget::TheCall => None,
        }
    }

    /// The first year that it reaches without official holiday data, if it reaches one: its due instant is provisional
    /// until the yearly notice is out and the letter is published anew.
    pub fn provisional_year(&self) -> Option<i16> {
        match self.budget {
            Budget::Working(_) | Budget::Workdays(_) => {
                self.calendar.provisional_year(self.started_at, self.due_at?)
            }
            Budget::Rings(_) | Budget::AsTold | Budget::TheCall => None,
        }
    }

    /// Whether the due instant has passed without the clock having ended in time, as of `as_of`.
    pub fn is_missed(&self, as_of: Timestamp) -> bool {
        match self.end {
            Some((ClockEnd::Late, _)) => true,
            Some(_) => false,
            None => self.due_at.is_some_and(|due| as_of > due),
        }
    }
}

/// The time that `rings` rings take.
fn ring_time(rings: u32) -> SignedDuration {
    Budget::RING.saturating_mul(i32::try_from(rings).unwrap_or(i32::MAX))
}
