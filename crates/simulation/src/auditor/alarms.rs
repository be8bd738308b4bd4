//! Whether every alarm fired once, at its instant and never before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use yinuo_commitment::StepAt;
use yinuo_core::ticket::{Entry, Event};

use super::{
    Known,
    clocks::{Clock, Ended},
};
use crate::letters::Step;

/// An alarm on record.
struct Fired<'a> {
    letter: &'a str,
    promise: &'a str,
    round: u32,
    step: Step,
    planned_us: i64,
}

/// Checks the alarms of one ticket, all of which up to `now` had their chance. Adds the dues that fired to `dues`, by
/// number and promise.
pub(super) fn check(
    known: &Known,
    clocks: &[Clock],
    entries: &[Entry],
    now: Timestamp,
    dues: &mut BTreeMap<(String, String), usize>,
) -> Vec<String> {
    let mut objections = Vec::new();
    let mut object = |what: String| objections.push(format!("{}: {what}", known.number));
    let mut fired: Vec<Fired<'_>> = Vec::new();
    for (entry, event) in
        entries.iter().flat_map(|entry| entry.events.iter().map(move |event| (entry, event)))
    {
        let Event::AlarmFired { clock, step, planned_at, noticed_at } = event else { continue };
        if noticed_at < planned_at || *noticed_at != entry.at {
            object(format!("{step:?} of {} fired early", clock.promise));
        }
        let (letter, promise) = (clock.commitment.as_str(), clock.promise.as_str());
        let new = Fired {
            letter,
            promise,
            round: clock.round,
            step: step_of(*step),
            planned_us: planned_at.as_microsecond(),
        };
        let again = fired.iter().any(|old| {
            let same = (old.letter, old.promise, old.round, old.step)
                == (new.letter, new.promise, new.round, new.step);
            // A solution that was proposed anew starts its clock again; breaches found later move what they opened.
            let restarts = promise == "solution-carried-out" || promise.starts_with("breach.");
            same && (!restarts || old.planned_us == new.planned_us)
        });
        if again {
            object(format!("{step:?} of {promise} fired twice"));
        }
        if new.step == Step::Due {
            *dues.entry((known.number.clone(), promise.to_owned())).or_default() += 1;
        }
        fired.push(new);
    }
    for clock in clocks {
        for complaint in of_clock(clock, &fired, now.as_microsecond()) {
            object(complaint);
        }
    }
    objections
}

/// What fired of one clock, against what should have.
fn of_clock(clock: &Clock, fired: &[Fired<'_>], now_us: i64) -> Vec<String> {
    let mut complaints = Vec::new();
    let (letter, promise, round) = &clock.key;
    for (step, at_us) in &clock.steps {
        let mut own = fired.iter().filter(|fired| {
            (fired.letter, fired.promise, fired.round, fired.step) == (letter, promise, *round, *step)
                && fired.planned_us >= clock.started_us
        });
        let planned_us = own.next().map(|fired| fired.planned_us);
        let silenced = clock.ended.is_some_and(|(ended, _)| ended != Ended::Late);
        let over = clock.ended.is_some_and(|(_, end)| *at_us > end);
        let has_to = !silenced && !over && *at_us <= now_us;
        let may = !clock.promised || clock.ended.is_none_or(|(_, end)| *at_us <= end);
        match planned_us {
            None if has_to => complaints.push(format!("{step:?} of {promise} has not fired")),
            Some(_) if !may => complaints.push(format!("{step:?} of {promise} fired after its end")),
            Some(planned) if clock.promised && planned != *at_us => {
                complaints
                    .push(format!("{step:?} of {promise} was planned for {planned}, should be {at_us}"));
            }
            _ => {}
        }
    }
    complaints
}

fn step_of(step: StepAt) -> Step {
    match step {
        StepAt::Due => Step::Due,
        StepAt::Share(percent) => Step::Percent(i64::from(percent)),
        StepAt::After(time) => Step::MinutesAfter(time.as_mins()),
    }
}
