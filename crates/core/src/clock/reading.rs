//! Judging a clock as of an instant.

use jiff::{SignedDuration, Timestamp};

use super::{Clock, ClockEnd, ClockKey};

/// A clock as of an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockReading {
    /// Which clock.
    pub key: ClockKey,
    /// Its state.
    pub state: ClockState,
}

/// The state of a clock as of an instant. Durations are working time on the promise's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// It runs.
    Running {
        /// What is left until the due instant; none if nothing says yet when it is due.
        remaining: Option<SignedDuration>,
    },
    /// It stands still.
    Paused {
        /// Since when.
        since: Timestamp,
        /// What is left of the budget.
        remaining: Option<SignedDuration>,
    },
    /// Stopped in time.
    Met {
        /// When.
        at: Timestamp,
        /// What was left of the budget.
        margin: Option<SignedDuration>,
    },
    /// Late: the due instant passed.
    Missed {
        /// By how much, up to the stop or the reading.
        overrun: SignedDuration,
        /// When it was stopped after all; none while it is still open.
        stopped_at: Option<Timestamp>,
    },
    /// Excepted with all that it needs.
    Excepted {
        /// Since when.
        at: Timestamp,
    },
    /// No longer applies.
    Void {
        /// Since when.
        at: Timestamp,
    },
}

impl ClockState {
    /// The word in APIs.
    pub const fn word(&self) -> &'static str {
        match self {
            ClockState::Running { .. } => "running",
            ClockState::Paused { .. } => "paused",
            ClockState::Met { .. } => "met",
            ClockState::Missed { .. } => "missed",
            ClockState::Excepted { .. } => "excepted",
            ClockState::Void { .. } => "void",
        }
    }
}

impl Clock {
    /// The clock as of `as_of`. Events after `as_of` must not be folded into the ticket.
    pub fn reading(&self, as_of: Timestamp) -> ClockReading {
        ClockReading { key: self.key.clone(), state: self.state(as_of) }
    }

    fn state(&self, as_of: Timestamp) -> ClockState {
        match (self.end, self.due_at) {
            (Some((ClockEnd::Met, at)), due) => {
                // A ring is counted, not timed: the margin of a call is told by its rings alone.
                let margin = due.map(|due| self.calendar.elapsed(at, due.max(at), &self.pauses));
                ClockState::Met { at, margin }
            }
            (Some((ClockEnd::Late, at)), due) => {
                ClockState::Missed { overrun: self.overrun(due, at), stopped_at: Some(at) }
            }
            (Some((ClockEnd::Excepted, at)), _) => ClockState::Excepted { at },
            (Some((ClockEnd::Void, at)), _) => ClockState::Void { at },
            (None, Some(due)) if as_of > due => {
                ClockState::Missed { overrun: self.overrun(Some(due), as_of), stopped_at: None }
            }
            (None, due) => match self.pauses.open_since() {
                Some(since) if since <= as_of => {
                    ClockState::Paused { since, remaining: self.remaining(as_of) }
                }
                _ => ClockState::Running {
                    remaining: due.map(|due| self.calendar.elapsed(as_of, due.max(as_of), &self.pauses)),
                },
            },
        }
    }

    fn overrun(&self, due: Option<Timestamp>, to: Timestamp) -> SignedDuration {
        due.map_or(SignedDuration::ZERO, |due| self.calendar.elapsed(due, to.max(due), &self.pauses))
    }

    /// What is left of the budget.
    fn remaining(&self, as_of: Timestamp) -> Option<SignedDuration> {
        let left = self.budget_time()? - self.worked(as_of.max(self.started_at));
        Some(left.max(SignedDuration::ZERO))
    }
}
