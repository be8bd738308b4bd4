//! Deriving the clocks of a ticket from its events.

use jiff::Timestamp;
use yinuo_calendar::Pauses;
use yinuo_commitment::{Budget, Channel, Commitment, Facets, Grade, Mark, PauseReason, Promise, PromiseId};

use super::{Clock, ClockEnd, ClockKey, ClockSource, ring_time};
use crate::{
    breach,
    ticket::{Facts, Marked, Round, Ticket},
};

/// Every clock of `ticket` that has started, in order of letter, round and promise, then the clocks that breaches and low
/// ratings opened. `as_of` decides only which open clocks count as breaches by then.
pub fn clocks(ticket: &Ticket, facts: &Facts<'_>, as_of: Timestamp) -> Vec<Clock> {
    let mut clocks = Vec::new();
    for (pin, commitment) in facts.commitments.iter().enumerate() {
        for (round, number) in ticket.rounds.iter().zip(1..) {
            let course = Course::of(commitment, round, ticket.channel);
            for (place, promise) in commitment.promises.iter().enumerate() {
                clocks.extend(promise_clock(commitment, pin, round, number, promise, &course, place));
            }
        }
    }
    let breaches = breach::breaches(ticket, facts, &clocks, as_of);
    for (pin, commitment) in facts.commitments.iter().enumerate() {
        for (round, number) in ticket.rounds.iter().zip(1..) {
            for grade in [Grade::Minor, Grade::Major] {
                let of_grade = breaches
                    .iter()
                    .filter(|breach| breach.pin == pin && breach.round == number && breach.grade == grade);
                if let Some(first) = of_grade.min_by_key(|breach| breach.at) {
                    clocks.extend(remedy_clock(ticket, commitment, pin, number, grade, first.at));
                }
            }
            clocks.extend(low_rating_clock(ticket, commitment, pin, round, number));
        }
    }
    clocks
}

/// Which promises of one letter covered one round after each of its classifications, by place in the letter.
struct Course(Vec<(Timestamp, Vec<bool>)>);

impl Course {
    fn of(commitment: &Commitment, round: &Round, channel: Channel) -> Self {
        let plain = |facets: &Facets| covering(commitment, facets, channel);
        let Some(doubt) = &round.doubt else {
            return Self(round.facets.iter().map(|(at, facets)| (*at, plain(facets))).collect());
        };
        // Until somebody has looked, a promise that holds under any reading holds: the strictest clock is among them.
        let readings: Vec<Vec<bool>> = doubt.readings.iter().map(plain).collect();
        let settled = |at: Timestamp| doubt.settled_at.is_some_and(|settled_at| settled_at <= at);
        let mut course: Vec<(Timestamp, Vec<bool>)> =
            Vec::with_capacity(round.facets.len().saturating_add(1));
        for (at, facets) in &round.facets {
            let mut own = plain(facets);
            if !settled(*at) {
                let any = |place| readings.iter().any(|reading| covers(reading, place));
                own = own.into_iter().enumerate().map(|(place, covered)| covered || any(place)).collect();
            }
            course.push((*at, own));
        }
        if let Some(settled_at) = doubt.settled_at {
            let place = round.facets.partition_point(|(at, _)| *at <= settled_at);
            let held = place.checked_sub(1).and_then(|before| round.facets.get(before));
            if let Some((_, facets)) = held {
                course.insert(place, (settled_at, plain(facets)));
            }
        }
        Self(course)
    }

    /// Whether the promise covers the round as it stands.
    fn covered(&self, place: usize) -> bool {
        self.0.last().is_some_and(|(_, covering)| covers(covering, place))
    }

    /// Whether the promise covered the round at any time.
    fn ever_covered(&self, place: usize) -> bool {
        self.0.iter().any(|(_, covering)| covers(covering, place))
    }

    /// Since which classification the promise no longer covers the round.
    fn left_at(&self, place: usize) -> Option<Timestamp> {
        let since = self.0.iter().rev().take_while(|(_, covering)| !covers(covering, place)).last();
        since.map(|(at, _)| *at)
    }
}

fn covers(covering: &[bool], place: usize) -> bool {
    covering.get(place).copied().unwrap_or(false)
}

/// [`Commitment::covering`] by place in the letter, in one pass.
fn covering(commitment: &Commitment, facets: &Facets, channel: Channel) -> Vec<bool> {
    let promises = &commitment.promises;
    let wide: Vec<bool> = promises.iter().map(|promise| promise.when.covers(facets, channel)).collect();
    let mut narrow = wide.clone();
    for (promise, _) in
        promises.iter().zip(&wide).filter(|(promise, covers)| **covers && !promise.over.is_empty())
    {
        for (covers, other) in narrow.iter_mut().zip(promises) {
            *covers &= !promise.over.contains(&other.id);
        }
    }
    narrow
}

/// The clock of one promise in one round, if it covers the ticket (or did once) and has started.
fn promise_clock(
    commitment: &Commitment,
    pin: usize,
    round: &Round,
    number: u32,
    promise: &Promise,
    course: &Course,
    place: usize,
) -> Option<Clock> {
    let covered = course.covered(place);
    if !covered && !course.ever_covered(place) {
        return None;
    }
    // Rings are those of the call in which the need was raised; a ticket is reopened without a call unless one is on record.
    if number > 1 && matches!(promise.within, Budget::Rings(_)) && !round.has(Mark::PickedUp) {
        return None;
    }
    let (start_index, start) = start_of(round, promise)?;
    let calendar = commitment.calendar(&promise.on)?.clone();
    let pauses = pauses_of(round, &promise.pause);
    let told = start.told.filter(|told| promise.until.contains(&told.mark)).map(|told| told.by);
    let mut clock = Clock {
        key: ClockKey { commitment: commitment.number.clone(), promise: promise.id.clone(), round: number },
        source: ClockSource::Promise,
        pin,
        calendar,
        budget: promise.within,
        started_at: start.at,
        told,
        due_at: None,
        pauses,
        end: None,
        grade: promise.grade,
    };
    let call_ended = round.first(Mark::CallEnded).map(|marked| marked.at);
    clock.due_at = due_of(&clock, call_ended);
    clock.end = if covered {
        end_of(&clock, round, promise, start_index)
    } else {
        // Void since the classification that left the promise behind.
        course.left_at(place).map(|at| (ClockEnd::Void, at.max(clock.started_at)))
    };
    Some(clock)
}

/// The mark that starts the clock: the first of its kind, but of solutions the one that stands, and of replies the first
/// that told a time if the promise runs to the time told.
fn start_of<'a>(round: &'a Round, promise: &Promise) -> Option<(usize, &'a Marked)> {
    let mut starts = round.marks.iter().enumerate().filter(|(_, marked)| marked.mark == promise.from);
    if promise.from == Mark::SolutionProposed {
        return starts.next_back();
    }
    let tells = |marked: &Marked| marked.told.is_some_and(|told| promise.until.contains(&told.mark));
    if promise.within == Budget::AsTold
        && let Some(telling) = starts.clone().find(|(_, marked)| tells(marked))
    {
        return Some(telling);
    }
    starts.next()
}

fn pauses_of(round: &Round, reasons: &[PauseReason]) -> Pauses {
    let counting = round.pauses.iter().filter(|span| reasons.contains(&span.reason));
    Pauses::from_spans(counting.map(|span| (span.from, span.to)))
}

/// The due instant, if the budget is ever used up; `call_ended` is when the call of the request did.
fn due_of(clock: &Clock, call_ended: Option<Timestamp>) -> Option<Timestamp> {
    let (calendar, start, pauses) = (&clock.calendar, clock.started_at, &clock.pauses);
    match clock.budget {
        Budget::Working(time) => calendar.due(start, time, pauses).ok(),
        Budget::Workdays(days) => calendar.nth_workday_end(start, days, pauses).ok(),
        Budget::Rings(rings) => start.checked_add(ring_time(rings)).ok(),
        Budget::AsTold => {
            let told = clock.told?;
            let unpaused = calendar.elapsed(start, told, &Pauses::none());
            let counted = calendar.elapsed(start, told, pauses);
            // The told instant itself, wherever it falls, moved by the working time that pauses took from it.
            if unpaused == counted { Some(told) } else { calendar.due(told, unpaused - counted, pauses).ok() }
        }
        Budget::TheCall => call_ended,
    }
}

/// How and when a covered clock ended.
fn end_of(
    clock: &Clock,
    round: &Round,
    promise: &Promise,
    start_index: usize,
) -> Option<(ClockEnd, Timestamp)> {
    let stop = round
        .marks
        .iter()
        .skip(start_index.saturating_add(1))
        .find(|marked| promise.until.contains(&marked.mark) && counts(marked, round, promise));
    let in_time = stop.filter(|marked| match (clock.budget, marked.rings) {
        (Budget::Rings(most), Some(rings)) => rings <= most,
        _ => clock.due_at.is_none_or(|due| marked.at <= due),
    });
    if let Some(marked) = in_time {
        return Some((ClockEnd::Met, marked.at));
    }
    if let Some(at) = excepted_at(clock, round, promise) {
        return Some((ClockEnd::Excepted, at));
    }
    if let Some(marked) = stop {
        return Some((ClockEnd::Late, marked.at));
    }
    if promise.from == Mark::SolutionProposed
        && let Some((rejected_at, false)) = round.solution().and_then(|solution| solution.verdict)
    {
        let late = clock.due_at.is_some_and(|due| rejected_at > due);
        return Some((if late { ClockEnd::Late } else { ClockEnd::Void }, rejected_at));
    }
    let (closed_at, _) = round.closed.as_ref()?;
    let late = clock.due_at.is_some_and(|due| *closed_at > due);
    Some((if late { ClockEnd::Late } else { ClockEnd::Void }, *closed_at))
}

/// Whether a stopping mark counts: by a person unless the promise says otherwise, with what it has to contain and tell.
fn counts(marked: &Marked, round: &Round, promise: &Promise) -> bool {
    let told = |wanted: Mark| {
        marked.told.is_some_and(|told| told.mark == wanted)
            // Nothing is left to be told about what has already come.
            || round.first(wanted).is_some_and(|come| come.at <= marked.at)
    };
    (promise.automatic || !marked.automatic)
        && promise.requires.iter().all(|content| marked.contents.contains(content))
        && promise.tells.is_none_or(told)
}

/// When an exception that counts for this clock was recorded: the ground is one that the promise names, and the word to
/// the customer was in time (T8).
fn excepted_at(clock: &Clock, round: &Round, promise: &Promise) -> Option<Timestamp> {
    let in_force = |exception: &&crate::ticket::Exception| {
        promise.except.contains_key(&exception.ground)
            && clock.due_at.is_none_or(|due| exception.word_at <= due)
    };
    round.exceptions.iter().find(in_force).map(|exception| exception.granted_at.max(clock.started_at))
}

/// The clock that a breach opens: propose a remedy in time (B2). The remedy may come after the ticket was reopened.
fn remedy_clock(
    ticket: &Ticket,
    commitment: &Commitment,
    pin: usize,
    number: u32,
    grade: Grade,
    breach_at: Timestamp,
) -> Option<Clock> {
    let terms = commitment.breaches.get(&grade)?;
    let mut clock = opened_clock(
        ClockKey {
            commitment: commitment.number.clone(),
            promise: PromiseId::new(breach::remedy_name(grade)),
            round: number,
        },
        ClockSource::Remedy(grade),
        pin,
        commitment.calendar(&terms.on)?,
        terms.remedy_within,
        breach_at,
    );
    clock.due_at = due_of(&clock, None);
    let remedy = breach::remedy_of(ticket, number, grade);
    clock.end = remedy.map(|remedy| judged(&clock, remedy.proposed_at.max(breach_at)));
    Some(clock)
}

/// The clock that a low rating opens: call the customer back (S3).
fn low_rating_clock(
    ticket: &Ticket,
    commitment: &Commitment,
    pin: usize,
    round: &Round,
    number: u32,
) -> Option<Clock> {
    let low = commitment.survey.as_ref()?.low.as_ref()?;
    let rated = round.first(Mark::RatedLow)?;
    let mut clock = opened_clock(
        ClockKey {
            commitment: commitment.number.clone(),
            promise: PromiseId::new("survey.low"),
            round: number,
        },
        ClockSource::LowRating,
        pin,
        commitment.calendar(&low.on)?,
        low.within,
        rated.at,
    );
    clock.due_at = due_of(&clock, None);
    let called_back = ticket.rounds_from(number).find_map(|round| round.first(Mark::CalledBack));
    clock.end = called_back.map(|marked| judged(&clock, marked.at));
    Some(clock)
}

fn opened_clock(
    key: ClockKey,
    source: ClockSource,
    pin: usize,
    calendar: &yinuo_calendar::Calendar,
    budget: Budget,
    started_at: Timestamp,
) -> Clock {
    Clock {
        key,
        source,
        pin,
        calendar: calendar.clone(),
        budget,
        started_at,
        told: None,
        due_at: None,
        pauses: Pauses::none(),
        end: None,
        grade: None,
    }
}

fn judged(clock: &Clock, stopped_at: Timestamp) -> (ClockEnd, Timestamp) {
    let late = clock.due_at.is_some_and(|due| stopped_at > due);
    (if late { ClockEnd::Late } else { ClockEnd::Met }, stopped_at)
}
