//! Laws that hold for every course of a ticket, however unlikely.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]

mod company;
#[path = "laws/course.rs"]
mod course;
#[path = "laws/figures.rs"]
mod figures;

use company::Company;
use course::{Run, Step, play, steps};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use yinuo_core::{
    breach,
    clock::{self, Clock, ClockSource, alarm},
    ticket::{self, CommandKind},
    view,
};

/// The promise clocks of a run, and everything else about it that must not depend on ticks.
fn clocks(run: &Run, company: &Company, as_of: Timestamp) -> Vec<Clock> {
    clock::clocks(&run.ticket, &company.facts(), as_of)
}

fn without(steps: &[Step], dropped: &[CommandKind]) -> Vec<Step> {
    // Time passes all the same.
    steps.iter().map(|step| if dropped.contains(&step.kind()) { step.idle() } else { step.clone() }).collect()
}

proptest! {
    /// No sequence of commands panics; entries fold to the same ticket in one go and step by step, and give the same rows.
    #[test]
    fn any_course_folds_the_same(first in course::firsts(), steps in steps()) {
        let company = Company::both();
        let run = play(&company, &first, &steps);
        let whole = ticket::fold(company::ticket_id(1), &run.entries).unwrap();
        prop_assert_eq!(&whole, &run.ticket);
        prop_assert_eq!(usize::try_from(whole.version).unwrap(), run.entries.len());
        prop_assert_eq!(view::views(&whole, &company.facts()), view::views(&run.ticket, &company.facts()));
        prop_assert!(run.entries.iter().all(|entry| !entry.events.is_empty()));
    }

    /// Ticks record that something was noticed. They move no clock and change no breach.
    #[test]
    fn ticks_change_no_verdict(first in course::firsts(), steps in steps()) {
        let company = Company::both();
        let (with, none) = (play(&company, &first, &steps), play(&company, &first, &without(&steps, &[CommandKind::Tick])));
        let as_of = with.now + SignedDuration::from_micros(1);
        prop_assert_eq!(with.now, none.now);
        let (a, b) = (clocks(&with, &company, as_of), clocks(&none, &company, as_of));
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(
            breach::breaches(&with.ticket, &company.facts(), &a, as_of),
            breach::breaches(&none.ticket, &company.facts(), &b, as_of)
        );
    }

    /// Once a tick is through, nothing that fell due is left, and the same tick again has nothing to say.
    #[test]
    fn a_tick_leaves_nothing_due(first in course::firsts(), steps in steps()) {
        let company = Company::both();
        let mut run = play(&company, &first, &steps);
        run.tick(&company);
        let clocks = clocks(&run, &company, run.now);
        prop_assert!(alarm::alarms(&run.ticket, &company.facts(), &clocks).iter().all(|alarm| alarm.at > run.now));
        let alarm_at = view::views(&run.ticket, &company.facts()).alarm_at;
        prop_assert!(alarm_at.is_none_or(|at| at > run.now));
        prop_assert_eq!(run.tick(&company), 0);
    }

    /// Pausing never makes a clock due earlier, and takes no due instant away once the pause is over.
    #[test]
    fn pauses_only_add_time(first in course::firsts(), steps in steps()) {
        let company = Company::both();
        let unpaused = without(&steps, &[CommandKind::Pause]);
        let (with, none) = (play(&company, &first, &steps), play(&company, &first, &unpaused));
        let promised = |run: &Run| {
            let mut clocks = clocks(run, &company, run.now);
            clocks.retain(|clock| clock.source == ClockSource::Promise);
            clocks
        };
        let (with, none) = (promised(&with), promised(&none));
        prop_assert_eq!(with.len(), none.len());
        for (with, none) in with.iter().zip(&none) {
            prop_assert_eq!(&with.key, &none.key);
            prop_assert_eq!(with.started_at, none.started_at);
            match (with.due_at, none.due_at) {
                (Some(with), Some(none)) => prop_assert!(with >= none),
                (Some(_), None) => prop_assert!(none.pauses.open_since().is_some()),
                (None, Some(_)) => prop_assert!(with.pauses.open_since().is_some()),
                (None, None) => {}
            }
        }
    }

    /// A clock judged at any later instant keeps its end: the past does not change by looking at it later.
    #[test]
    fn ends_stay(first in course::firsts(), steps in steps(), later in 1_i64..1_000_000) {
        let company = Company::both();
        let run = play(&company, &first, &steps);
        let as_of = run.now + SignedDuration::from_secs(later);
        let (now, then) = (clocks(&run, &company, run.now), clocks(&run, &company, as_of));
        for clock in now {
            let same = then.iter().find(|other| other.key == clock.key);
            prop_assert_eq!(same, Some(&clock));
        }
    }
}

/// The laws speak about courses that happen: in a fixed sequence of them every command is taken at least once, every
/// end of a clock, every cause of a breach and every stage occur.
#[test]
fn the_courses_reach_everything() {
    use proptest::{
        strategy::ValueTree,
        test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
    };
    use std::collections::BTreeSet;

    let company = Company::both();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut wanted: BTreeSet<String> =
        CommandKind::ALL.iter().map(|kind| format!("command {}", kind.word())).collect();
    wanted.extend(ticket::Stage::ALL.iter().map(|stage| format!("stage {}", stage.word())));
    wanted.extend(
        ["running", "paused", "met", "missed", "excepted", "void"].map(|state| format!("clock {state}")),
    );
    wanted.extend(
        ["missed", "short-accepted", "short-rejected", "not-carried-out", "concealed"]
            .map(|cause| format!("breach {cause}")),
    );
    let mut reached = BTreeSet::new();
    for _ in 0..5000 {
        if wanted.is_subset(&reached) {
            break;
        }
        let (first, steps) = (course::firsts(), steps()).new_tree(&mut runner).unwrap().current();
        let run = play(&company, &first, &steps);
        let clocks = clocks(&run, &company, run.now);
        reached.extend(run.taken.iter().map(|kind| format!("command {}", kind.word())));
        reached.extend(clocks.iter().map(|clock| format!("clock {}", clock.reading(run.now).state.word())));
        let breaches = breach::breaches(&run.ticket, &company.facts(), &clocks, run.now);
        reached.extend(breaches.iter().map(|breach| format!("breach {}", breach.cause.word())));
        reached.insert(format!("stage {}", run.ticket.stage().word()));
    }
    let missing: Vec<&String> = wanted.difference(&reached).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}
