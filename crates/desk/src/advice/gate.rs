//! Whether a model may be asked now: a budget of tokens a day, and a pause after failures in a row.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use yinuo_core::id::TicketId;

use super::LineFault;

/// Failures in a row after which the model is left alone; and tickets in a row to which it said nothing that can be used.
const FAILURES_MAX: u32 = 3;

/// Tickets that are remembered: beyond them no pause grows any more.
const TICKETS_MAX: usize = 16;

/// The first pause, in seconds; each further failure doubles it, up to [`PAUSE_MAX_S`].
const PAUSE_S: u64 = 30;

/// The longest pause, in seconds. What the server itself asks for may be longer, up to an hour.
const PAUSE_MAX_S: u64 = 600;

const ASKED_PAUSE_MAX_S: u64 = 3_600;

/// What a model may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Tokens a day (UTC), questions and answers together.
    pub tokens_a_day: u64,
}

/// Why the model may not be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// The tokens of the day are spent.
    Spent,
    /// It is left alone for so many seconds.
    Resting { wait_s: u64 },
}

/// Counts what is spent and how often it failed. One per process: several nodes spend several budgets.
///
/// A far end that cannot be reached or has too much to do is left alone by everybody. One that answers, but nothing that can
/// be used, may have been asked about an odd text: that is nobody else's loss, unless it goes so for several tickets in a row.
#[derive(Debug)]
pub(super) struct Gate {
    limits: Limits,
    day: Date,
    spent: u64,
    /// Times in a row that nobody was there.
    failures: u32,
    /// Tickets to which nothing came that can be used, since something came that can.
    unusable: BTreeSet<TicketId>,
    resting_until: Option<Timestamp>,
}

impl Gate {
    /// A gate with nothing spent.
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            limits,
            day: Date::ZERO,
            spent: 0,
            failures: 0,
            unusable: BTreeSet::new(),
            resting_until: None,
        }
    }

    /// Lets a question of about `tokens` through and puts them on the account. After a pause one question tries whether the
    /// model is back, while the others wait.
    pub(super) fn enter(&mut self, now: Timestamp, tokens: u64) -> Result<(), Closed> {
        let today = now.to_zoned(TimeZone::UTC).date();
        if today != self.day {
            (self.day, self.spent) = (today, 0);
        }
        if let Some(until) = self.resting_until {
            if now < until {
                let left = until.duration_since(now).as_millis().unsigned_abs().div_ceil(1_000);
                return Err(Closed::Resting { wait_s: u64::try_from(left).unwrap_or(u64::MAX).max(1) });
            }
            self.rest(now, self.pause_s());
        }
        if self.spent.saturating_add(tokens) > self.limits.tokens_a_day {
            return Err(Closed::Spent);
        }
        self.spent += tokens;
        Ok(())
    }

    /// An answer came: the account holds what it cost, if the server says so.
    pub(super) fn answered(&mut self, estimate: u64, tokens: Option<u64>) {
        (self.failures, self.resting_until) = (0, None);
        self.unusable.clear();
        self.spent = self.spent.saturating_sub(estimate).saturating_add(tokens.unwrap_or(estimate));
    }

    /// No answer about `ticket` came, or none that can be used.
    pub(super) fn failed(&mut self, now: Timestamp, ticket: TicketId, fault: &LineFault) {
        match fault {
            LineFault::Unreachable(_) | LineFault::Busy { .. } => {
                self.failures = self.failures.saturating_add(1);
                if let LineFault::Busy { again_after_s: Some(wait_s), .. } = fault {
                    self.rest(now, (*wait_s).min(ASKED_PAUSE_MAX_S));
                } else if self.failures >= FAILURES_MAX {
                    self.rest(now, self.pause_s());
                }
            }
            LineFault::Refused { .. } | LineFault::Unreadable(_) => {
                // Somebody is there.
                (self.failures, self.resting_until) = (0, None);
                let another = !self.unusable.contains(&ticket);
                if another && self.unusable.len() < TICKETS_MAX {
                    self.unusable.insert(ticket);
                }
                if another && self.in_a_row() >= FAILURES_MAX {
                    self.rest(now, self.pause_s());
                }
            }
        }
    }

    fn in_a_row(&self) -> u32 {
        self.failures.max(u32::try_from(self.unusable.len()).unwrap_or(u32::MAX))
    }

    fn pause_s(&self) -> u64 {
        let doublings = self.in_a_row().saturating_sub(FAILURES_MAX).min(10);
        (PAUSE_S << doublings).min(PAUSE_MAX_S)
    }

    fn rest(&mut self, now: Timestamp, seconds: u64) {
        let pause = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        self.resting_until = now.checked_add(pause).ok();
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use yinuo_core::id::TicketId;

    use super::{Closed, Gate, Limits};
    use crate::advice::LineFault;

    fn at(seconds: i64) -> Timestamp {
        "2026-11-21T23:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
    }

    fn ticket(number: u8) -> TicketId {
        TicketId::from_parts(0, [number; 10])
    }

    fn unreachable() -> LineFault {
        LineFault::Unreachable("nobody there".into())
    }

    #[test]
    fn the_budget_is_of_a_day_and_counts_what_answers_cost() {
        let mut gate = Gate::new(Limits { tokens_a_day: 1_000 });
        gate.enter(at(0), 600).unwrap();
        assert_eq!(gate.enter(at(1), 600), Err(Closed::Spent));
        gate.answered(600, Some(300));
        gate.enter(at(2), 600).unwrap();
        gate.answered(600, None);
        assert_eq!(gate.enter(at(3), 101), Err(Closed::Spent));
        gate.enter(at(3_600), 1_000).unwrap();
    }

    #[test]
    fn after_three_failures_one_question_at_a_time_tries_again() {
        let mut gate = Gate::new(Limits { tokens_a_day: 1_000 });
        for second in 0..3 {
            gate.enter(at(second), 1).unwrap();
            gate.failed(at(second), ticket(1), &unreachable());
        }
        assert_eq!(gate.enter(at(3), 1), Err(Closed::Resting { wait_s: 29 }));
        gate.enter(at(32), 1).unwrap();
        assert_eq!(gate.enter(at(32), 1), Err(Closed::Resting { wait_s: 30 }), "one tries, the others wait");
        gate.failed(at(33), ticket(1), &unreachable());
        assert_eq!(
            gate.enter(at(34), 1),
            Err(Closed::Resting { wait_s: 59 }),
            "each failure doubles the pause"
        );
        gate.enter(at(93), 1).unwrap();
        gate.answered(1, None);
        gate.enter(at(94), 1).unwrap();
    }

    #[test]
    fn a_server_that_says_when_is_asked_then() {
        let mut gate = Gate::new(Limits { tokens_a_day: 1_000 });
        gate.enter(at(0), 1).unwrap();
        gate.failed(at(0), ticket(1), &LineFault::Busy { status: 429, again_after_s: Some(7) });
        assert_eq!(gate.enter(at(1), 1), Err(Closed::Resting { wait_s: 6 }));
        gate.enter(at(7), 1).unwrap();
        gate.failed(at(7), ticket(1), &LineFault::Busy { status: 429, again_after_s: Some(u64::MAX) });
        assert_eq!(
            gate.enter(at(8), 1),
            Err(Closed::Resting { wait_s: 3_599 }),
            "nobody keeps us away for days"
        );
    }

    const ODD: [LineFault; 2] = [LineFault::Unreadable("no JSON"), LineFault::Refused { status: 400 }];

    #[test]
    fn an_odd_text_rests_the_model_for_nobody_else() {
        let mut gate = Gate::new(Limits { tokens_a_day: 1_000 });
        for second in 0..20 {
            gate.enter(at(second), 1).unwrap();
            gate.failed(at(second), ticket(1), &ODD[usize::from(second % 2 == 0)]);
        }
        // Of two tickets neither, and each time that something comes it begins anew.
        for second in 20..40 {
            gate.enter(at(second), 1).unwrap();
            gate.failed(at(second), ticket(u8::try_from(second % 2).unwrap()), &ODD[0]);
        }
        gate.enter(at(40), 1).unwrap();
        gate.answered(1, None);
        gate.enter(at(41), 1).unwrap();
        gate.failed(at(41), ticket(3), &ODD[0]);
        gate.enter(at(42), 1).unwrap();
    }

    #[test]
    fn a_model_that_says_nothing_usable_to_anybody_is_left_alone() {
        let mut gate = Gate::new(Limits { tokens_a_day: 1_000 });
        for number in 0..3 {
            gate.enter(at(i64::from(number)), 1).unwrap();
            gate.failed(at(i64::from(number)), ticket(number), &ODD[0]);
        }
        assert_eq!(gate.enter(at(3), 1), Err(Closed::Resting { wait_s: 29 }));
        // Whoever tries after the pause with one of these tickets learns nothing about the others.
        gate.enter(at(40), 1).unwrap();
        gate.failed(at(41), ticket(1), &ODD[0]);
        gate.enter(at(42), 1).unwrap();
        gate.failed(at(42), ticket(9), &ODD[0]);
        assert_eq!(gate.enter(at(43), 1), Err(Closed::Resting { wait_s: 59 }));
    }

    #[test]
    fn what_answers_oddly_is_there_again() {
        let mut gate = Gate::new(Limits { tokens_a_day: 1_000 });
        for second in 0..3 {
            gate.enter(at(second), 1).unwrap();
            gate.failed(at(second), ticket(1), &unreachable());
        }
        gate.enter(at(40), 1).unwrap();
        gate.failed(at(41), ticket(1), &ODD[0]);
        gate.enter(at(42), 1).unwrap();
    }
}
