//! Alarms: the instants at which a ladder step or a due falls.

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Commitment, Ladder, StepAt};

use super::{Clock, ClockEnd, ClockKey, ClockSource};
use crate::ticket::{Facts, Ticket};

/// One step of one clock, and when it falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// When.
    pub at: Timestamp,
    /// Which clock.
    pub clock: ClockKey,
    /// Which step.
    pub step: StepAt,
}

/// The ladder of a clock, if its promise names one.
pub fn ladder_of<'a>(clock: &Clock, commitments: &'a [std::sync::Arc<Commitment>]) -> Option<&'a Ladder> {
    let commitment = commitments.get(clock.pin)?;
    match clock.source {
        ClockSource::Promise => {
            let promise = commitment.promise(clock.key.promise.as_str())?;
            commitment.ladders.get(promise.ladder.as_ref()?)
        }
        ClockSource::Remedy(_) | ClockSource::LowRating => None,
    }
}

/// The alarms of `ticket` that have not fired, in order of time. A due instant is an alarm also without a ladder.
pub fn alarms(ticket: &Ticket, facts: &Facts<'_>, clocks: &[Clock]) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for clock in clocks {
        // A clock that ended late while nobody looked still has its due on record; every other end silences it.
        let ended = clock.end;
        if ended.is_some_and(|(end, _)| end != ClockEnd::Late) {
            continue;
        }
        let ladder = ladder_of(clock, facts.commitments);
        let steps = ladder.into_iter().flat_map(|ladder| ladder.steps.iter().map(|step| step.at));
        let due = std::iter::once(StepAt::Due);
        for step in steps.filter(|step| *step != StepAt::Due).chain(due) {
            let Some(at) = step_at(clock, step) else { continue };
            let over = ended.is_some_and(|(_, ended_at)| at > ended_at);
            if !over && !ticket.has_fired(&clock.key, step, clock.started_at) {
                alarms.push(Alarm { at, clock: clock.key.clone(), step });
            }
        }
    }
    alarms.sort_by(|a, b| {
        a.at.cmp(&b.at).then_with(|| a.clock.cmp(&b.clock)).then_with(|| a.step.cmp(&b.step))
    });
    alarms
}

/// The next alarm of `ticket`.
pub fn next_alarm(ticket: &Ticket, facts: &Facts<'_>) -> Option<Alarm> {
    let clocks = super::clocks(ticket, facts, ticket.last_at);
    alarms(ticket, facts, &clocks).into_iter().next()
}

/// When a step of a clock falls.
fn step_at(clock: &Clock, step: StepAt) -> Option<Timestamp> {
    match step {
        StepAt::Due => clock.due_at,
        StepAt::After(time) => clock.calendar.due(clock.due_at?, time, &clock.pauses).ok(),
        StepAt::Share(percent) => {
            let budget = clock.budget_time()?;
            let share = budget.as_nanos().checked_mul(i128::from(percent))? / 100;
            // Whole microseconds: finer instants are not kept.
            let micros = i64::try_from(share / 1000).ok()?;
            clock.calendar.due(clock.started_at, SignedDuration::from_micros(micros), &clock.pauses).ok()
        }
    }
}
