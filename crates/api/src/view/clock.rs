//! Clocks.

use std::sync::Arc;

use yinuo_commitment::{Commitment, Grade, StepAt, budget_words};
use yinuo_core::{
    clock::{self, Clock, ClockSource, ClockState},
    ticket::{Entry, Event, Ticket},
};
use yinuo_desk::ClockSheet;

use super::both;
use crate::dto::{
    Derivation, Instant, Localised,
    derivation::About,
    list::ClockKey,
    scalar::millis,
    sheet::{AlarmDetail, ClockDetail, ClockSourceWord, ClockStateWord, StepWord},
};

/// Which clock.
pub(crate) fn key(key: &clock::ClockKey) -> ClockKey {
    ClockKey { commitment: key.commitment.clone(), promise: key.promise.to_string(), round: key.round }
}

/// A step of a ladder: kind, percent, milliseconds after the due instant.
pub(super) fn step(step: StepAt) -> (StepWord, Option<u8>, Option<i64>) {
    match step {
        StepAt::Share(percent) => (StepWord::Share, Some(percent), None),
        StepAt::Due => (StepWord::Due, None, None),
        StepAt::After(time) => (StepWord::After, None, Some(millis(time))),
    }
}

/// The state of a clock in a word.
pub(super) const fn state(state: &ClockState) -> ClockStateWord {
    match state {
        ClockState::Running { .. } => ClockStateWord::Running,
        ClockState::Paused { .. } => ClockStateWord::Paused,
        ClockState::Met { .. } => ClockStateWord::Met,
        ClockState::Missed { .. } => ClockStateWord::Missed,
        ClockState::Excepted { .. } => ClockStateWord::Excepted,
        ClockState::Void { .. } => ClockStateWord::Void,
    }
}

/// The times that a state tells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) ended_at: Option<Instant>,
    pub(super) paused_since: Option<Instant>,
    pub(super) remaining_ms: Option<i64>,
    pub(super) margin_ms: Option<i64>,
    pub(super) overrun_ms: Option<i64>,
}

impl Told {
    pub(super) fn of(state: &ClockState) -> Self {
        match *state {
            ClockState::Running { remaining } => {
                Self { remaining_ms: remaining.map(millis), ..Self::default() }
            }
            ClockState::Paused { since, remaining } => Self {
                paused_since: Some(since.into()),
                remaining_ms: remaining.map(millis),
                ..Self::default()
            },
            ClockState::Met { at, margin } => {
                Self { ended_at: Some(at.into()), margin_ms: margin.map(millis), ..Self::default() }
            }
            ClockState::Missed { overrun, stopped_at } => Self {
                ended_at: stopped_at.map(Instant),
                overrun_ms: Some(millis(overrun)),
                ..Self::default()
            },
            ClockState::Excepted { at } | ClockState::Void { at } => {
                Self { ended_at: Some(at.into()), ..Self::default() }
            }
        }
    }
}

/// The name that the letter gives the clock's calendar.
fn calendar_name(clock: &Clock, commitments: &[Arc<Commitment>]) -> Option<String> {
    let commitment = commitments.get(clock.pin)?;
    match clock.source {
        ClockSource::Promise => Some(commitment.promise(clock.key.promise.as_str())?.on.clone()),
        ClockSource::Remedy(grade) => Some(commitment.breaches.get(&grade)?.on.clone()),
        ClockSource::LowRating => Some(commitment.survey.as_ref()?.low.as_ref()?.on.clone()),
    }
}

/// The budget of a clock in words.
pub(super) fn budget(clock: &Clock) -> Localised {
    both(|language| budget_words(clock.budget, Some(&clock.calendar), language))
}

/// A clock for the company's people.
pub(super) fn clock_detail(
    sheet: &ClockSheet,
    ticket: &Ticket,
    entries: &[Entry],
    commitments: &[Arc<Commitment>],
    as_of: jiff::Timestamp,
) -> ClockDetail {
    let clock = &sheet.clock;
    let told = Told::of(&sheet.reading.state);
    let worked_to = clock.end.map_or(as_of, |(_, at)| at).max(clock.started_at);
    ClockDetail {
        key: key(&clock.key),
        commitment_version: ticket.pins.get(clock.pin).map_or(0, |pin| pin.version),
        source: match clock.source {
            ClockSource::Promise => ClockSourceWord::Promise,
            ClockSource::Remedy(_) => ClockSourceWord::Remedy,
            ClockSource::LowRating => ClockSourceWord::LowRating,
        },
        title: (&sheet.title).into(),
        state: state(&sheet.reading.state),
        started_at: clock.started_at.into(),
        due_at: clock.due_at.map(Instant),
        provisional_year: clock.provisional_year(),
        ended_at: told.ended_at,
        told_at: clock.told.map(Instant),
        paused_since: told.paused_since,
        remaining_ms: told.remaining_ms,
        margin_ms: told.margin_ms,
        overrun_ms: told.overrun_ms,
        worked_ms: millis(clock.worked(worked_to)),
        budget_ms: clock.budget_time().map(millis),
        budget: budget(clock),
        calendar: calendar_name(clock, commitments),
        grade: clock.grade.map(|grade: Grade| grade.into()),
        derivable: clock.due_at.is_some() || clock.explain().is_some(),
        alarms: alarms(sheet, entries),
    }
}

/// The steps of a clock that fired and those to come.
fn alarms(sheet: &ClockSheet, entries: &[Entry]) -> Vec<AlarmDetail> {
    let fired = entries.iter().flat_map(|entry| entry.events.iter()).filter_map(|event| match event {
        Event::AlarmFired { clock, step, planned_at, noticed_at } if *clock == sheet.clock.key => {
            Some((*step, *planned_at, Some(*noticed_at)))
        }
        _ => None,
    });
    let to_come = sheet.alarms.iter().map(|alarm| (alarm.step, alarm.at, None));
    let mut alarms: Vec<AlarmDetail> = fired
        .chain(to_come)
        .map(|(at_step, planned_at, fired_at)| {
            let (word, percent, after_ms) = step(at_step);
            AlarmDetail {
                step: word,
                percent,
                after_ms,
                planned_at: planned_at.into(),
                fired_at: fired_at.map(Instant),
            }
        })
        .collect();
    alarms.sort_by_key(|alarm| alarm.planned_at);
    alarms
}

/// How the due instant of a clock comes about.
pub(crate) fn derivation(sheet: &ClockSheet, commitments: &[Arc<Commitment>]) -> Derivation {
    let clock = &sheet.clock;
    let about = About {
        title: (&sheet.title).into(),
        budget: budget(clock),
        calendar: calendar_name(clock, commitments),
        zone: clock.calendar.plan().zone.clone(),
        provisional_year: clock.provisional_year(),
    };
    match clock.explain() {
        Some(explanation) => Derivation::of(about, &explanation),
        None => Derivation::untimed(about, clock.started_at, clock.due_at),
    }
}
