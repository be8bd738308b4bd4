//! The clocks of one ticket as the auditor reckons them.

use jiff::Timestamp;
use yinuo_commitment::{Grade, Mark};

use super::{
    course::{Course, Round},
    hours::{self, Standstill},
};
use crate::letters::{self, Hours, Letter, Step, Term, Within};

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Met,
    Late,
    Excepted,
    Void,
}

/// A clock by letter, promise and round.
pub(crate) type Key = (&'static str, String, u32);

/// A clock.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    pub(crate) key: Key,
    pub(crate) started_us: i64,
    pub(crate) due_us: Option<i64>,
    pub(crate) ended: Option<(Ended, i64)>,
    pub(crate) stands_still: bool,
    /// Steps of its ladder and its due, with the instant of each that comes.
    pub(crate) steps: Vec<(Step, i64)>,
    /// A promise, not something that a breach or a rating opened.
    pub(crate) promised: bool,
    grade: Option<Grade>,
}

impl Clock {
    pub(crate) fn missed(&self, as_of_us: i64) -> bool {
        match self.ended {
            Some((ended, _)) => ended == Ended::Late,
            None => self.due_us.is_some_and(|due| as_of_us > due),
        }
    }

    /// The word for its state.
    pub(crate) fn state(&self, as_of_us: i64) -> &'static str {
        match self.ended {
            Some((Ended::Met, _)) => "met",
            Some((Ended::Late, _)) => "missed",
            Some((Ended::Excepted, _)) => "excepted",
            Some((Ended::Void, _)) => "void",
            None if self.missed(as_of_us) => "missed",
            None if self.stands_still => "paused",
            None => "running",
        }
    }
}

/// Every clock of a ticket that is judged by these letters, as of an instant.
pub(crate) fn clocks(course: &Course, by_phone: bool, pins: &[(Letter, u32)], as_of_us: i64) -> Vec<Clock> {
    let mut clocks = Vec::new();
    for (letter, version) in pins {
        for (round, number) in course.rounds.iter().zip(1..) {
            for term in letters::terms(*letter, *version) {
                clocks.extend(promised(*letter, round, number, &term, by_phone));
            }
        }
    }
    let mut opened = Vec::new();
    for (letter, version) in pins {
        for number in 1..=u32::try_from(course.rounds.len()).unwrap_or(u32::MAX) {
            for grade in [Grade::Minor, Grade::Major] {
                opened.extend(remedy(course, &clocks, (*letter, *version), number, grade, as_of_us));
            }
            opened.extend(call_back(course, *letter, number));
        }
    }
    clocks.extend(opened);
    clocks
}

fn us(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn promised(letter: Letter, round: &Round, number: u32, term: &Term, by_phone: bool) -> Option<Clock> {
    let covers = |kind| term.kinds.contains(&kind) && (by_phone || !term.by_phone);
    // What nobody has looked at is judged by every promise that it may fall under.
    let feared = round.feared.iter().any(|kind| covers(*kind))
        && round.settled_at.is_none_or(|settled| settled > round.started_at);
    if !feared && !round.kinds.iter().any(|(_, kind)| covers(*kind)) {
        return None;
    }
    if number > 1 && matches!(term.within, Within::Rings(_)) && round.first(Mark::PickedUp).is_none() {
        return None;
    }
    // Of solutions the one that stands, of all else the first.
    let mut starts = round.marks.iter().enumerate().filter(|(_, (mark, _))| *mark == term.from);
    let (index, (_, started)) =
        if term.from == Mark::SolutionProposed { starts.next_back()? } else { starts.next()? };
    let started_us = us(*started);
    let offer = round.offers.last();
    let told_us = (term.within == Within::AsTold).then(|| us(offer.expect("an offer").carry_out_by));
    let still: Standstill = round
        .pauses
        .iter()
        .filter(|(why, ..)| term.pauses.contains(why))
        .map(|(_, from, to)| (us(*from), to.map(us)))
        .filter(|(from, to)| to.is_none_or(|to| *from < to))
        .collect();
    let due_us = match term.within {
        Within::Minutes(minutes) => hours::due(term.hours, started_us, minutes * 60_000_000, &still),
        Within::Workdays(days) => hours::workdays(term.hours, started_us, days, &still),
        Within::Rings(rings) => Some(started_us + i64::from(rings) * 5_000_000),
        Within::AsTold => told_us,
    };
    let mut clock = Clock {
        key: (letter.number(), term.id.to_owned(), number),
        started_us,
        due_us,
        ended: None,
        stands_still: still.iter().any(|(_, to)| to.is_none()),
        steps: steps(term, started_us, due_us, told_us, &still),
        promised: true,
        grade: term.grade,
    };
    clock.ended = if covers(round.kind()) || feared && round.settled_at.is_none() {
        ended(round, term, index, due_us)
    } else {
        let since = round.kinds.iter().rev().take_while(|(_, kind)| !covers(*kind)).last();
        let settled = round.settled_at.filter(|_| feared);
        let since = since.map(|(at, _)| settled.map_or(*at, |settled| settled.max(*at)));
        since.map(|at| (Ended::Void, us(at).max(started_us)))
    };
    Some(clock)
}

fn ended(round: &Round, term: &Term, start: usize, due_us: Option<i64>) -> Option<(Ended, i64)> {
    let after = round.marks.iter().skip(start + 1);
    let by_person = after.into_iter().find(|(mark, _)| *mark == term.until).map(|(_, at)| us(*at));
    let automatic = round.answered_at.filter(|_| term.automatic && term.until == Mark::FirstReply).map(us);
    let stop_us = automatic.or(by_person);
    let late = |at: i64| due_us.is_some_and(|due| at > due);
    if let Some(stop) = stop_us {
        let in_time = match (term.within, round.rings) {
            (Within::Rings(most), Some(rings)) => rings <= most,
            _ => !late(stop),
        };
        if in_time {
            return Some((Ended::Met, stop));
        }
    }
    if term.excepted
        && let Some((granted, _)) = round.exceptions.iter().find(|(_, told)| !late(us(*told)))
    {
        return Some((Ended::Excepted, us(*granted)));
    }
    if let Some(stop) = stop_us {
        return Some((Ended::Late, stop));
    }
    let word = |at: i64| if late(at) { Ended::Late } else { Ended::Void };
    if term.from == Mark::SolutionProposed
        && let Some((rejected, false)) = round.offers.last().and_then(|offer| offer.verdict)
    {
        return Some((word(us(rejected)), us(rejected)));
    }
    round.closed_at.map(|closed| (word(us(closed)), us(closed)))
}

fn steps(
    term: &Term,
    started_us: i64,
    due_us: Option<i64>,
    told_us: Option<i64>,
    still: &Standstill,
) -> Vec<(Step, i64)> {
    let none = Standstill::new();
    let budget_us = match term.within {
        Within::Minutes(minutes) => Some(minutes * 60_000_000),
        Within::Rings(rings) => Some(i64::from(rings) * 5_000_000),
        Within::Workdays(days) => hours::unpaused_workdays(term.hours, started_us, days)
            .map(|end| hours::elapsed(term.hours, started_us, end, &none)),
        Within::AsTold => told_us.map(|told| hours::elapsed(term.hours, started_us, told, &none)),
    };
    let at = |step: &Step| match step {
        Step::Percent(percent) => {
            let share_us = i128::from(budget_us?) * i128::from(*percent) / 100;
            hours::due(term.hours, started_us, i64::try_from(share_us).ok()?, still)
        }
        Step::Due => due_us,
        Step::MinutesAfter(minutes) => hours::due(term.hours, due_us?, minutes * 60_000_000, still),
    };
    term.steps.iter().filter_map(|step| Some((*step, at(step)?))).collect()
}

/// When the first breach of `grade` in a round came about.
fn breach(
    course: &Course,
    clocks: &[Clock],
    letter: Letter,
    number: u32,
    grade: Grade,
    as_of_us: i64,
) -> Option<i64> {
    let index = usize::try_from(number).ok()?;
    let round = course.rounds.get(index - 1)?;
    let of_round = |clock: &&Clock| clock.key.0 == letter.number() && clock.key.2 == number;
    let missed = clocks.iter().filter(of_round).filter(|clock| clock.missed(as_of_us));
    let graded = missed.filter(|clock| {
        clock.grade.is_some_and(|own| if round.major_loss { Grade::Major == grade } else { own == grade })
    });
    let mut all: Vec<i64> =
        graded.filter_map(|clock| clock.due_us.or(clock.ended.map(|(_, at)| at))).collect();
    let next = course.rounds.get(index).filter(|next| next.second_complaint);
    for (at, accepted) in round.offers.iter().filter(|offer| offer.short).filter_map(|offer| offer.verdict) {
        let (of, at) = match (accepted, next) {
            (true, None) => (Grade::Minor, at),
            (true, Some(next)) => (Grade::Major, next.started_at),
            (false, _) => (Grade::Major, at),
        };
        if of == grade {
            all.push(us(at));
        }
    }
    if grade == Grade::Major {
        all.extend(round.concealed_at.map(us));
    }
    all.into_iter().min()
}

fn remedy(
    course: &Course,
    clocks: &[Clock],
    (letter, version): (Letter, u32),
    number: u32,
    grade: Grade,
    as_of_us: i64,
) -> Option<Clock> {
    let days = letters::remedy_workdays(letter, version, grade)?;
    let breach_us = breach(course, clocks, letter, number, grade, as_of_us)?;
    let rounds = course.rounds.iter().skip(usize::try_from(number).ok()? - 1);
    let mut remedies = rounds.flat_map(|round| &round.remedies);
    let proposed = remedies.find(|(of, _)| *of == grade).map(|(_, at)| us(*at).max(breach_us));
    let name = if grade == Grade::Minor { "breach.minor" } else { "breach.major" };
    Some(opened((letter.number(), name.to_owned(), number), breach_us, days, proposed))
}

fn call_back(course: &Course, letter: Letter, number: u32) -> Option<Clock> {
    let days = letters::call_back_workdays(letter)?;
    let index = usize::try_from(number).ok()? - 1;
    let rated_us = us(course.rounds.get(index)?.rated_low_at?);
    let called = course.rounds.iter().skip(index).find_map(|round| round.called_back_at).map(us);
    Some(opened((letter.number(), "survey.low".to_owned(), number), rated_us, days, called))
}

fn opened(key: Key, started_us: i64, days: usize, answered: Option<i64>) -> Clock {
    let due_us = hours::workdays(Hours::Office, started_us, days, &Standstill::new());
    let late = |at: i64| due_us.is_some_and(|due| at > due);
    Clock {
        key,
        started_us,
        due_us,
        ended: answered.map(|at| (if late(at) { Ended::Late } else { Ended::Met }, at)),
        stands_still: false,
        steps: due_us.map(|due| (Step::Due, due)).into_iter().collect(),
        promised: false,
        grade: None,
    }
}
