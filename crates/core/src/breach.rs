//! Breaches and what they entitle the customer to: graded by rule from the events (B1–B4).

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Give, Grade, PromiseId, StepAt};

use crate::{
    clock::{Clock, ClockEnd, ClockKey, ClockSource},
    ticket::{Facts, Remedy, ReopenReason, Ticket},
};

/// One breach of one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Place of the letter among the ticket's pins.
    pub pin: usize,
    /// Round, counted from 1.
    pub round: u32,
    /// How grave.
    pub grade: Grade,
    /// When it came about.
    pub at: Timestamp,
    /// Why.
    pub cause: Cause,
}

/// Why something is a breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A promise was missed.
    Missed(ClockKey),
    /// A solution short of the standard was accepted (B1).
    ShortAccepted,
    /// A solution short of the standard was rejected (B3).
    ShortRejected,
    /// A solution was not carried out by its deadline (B3).
    NotCarriedOut(ClockKey),
    /// Complaint content was hidden (B3).
    Concealed,
}

impl Cause {
    /// The word in APIs.
    pub const fn word(&self) -> &'static str {
        match self {
            Cause::Missed(_) => "missed",
            Cause::ShortAccepted => "short-accepted",
            Cause::ShortRejected => "short-rejected",
            Cause::NotCarriedOut(_) => "not-carried-out",
            Cause::Concealed => "concealed",
        }
    }
}

/// Name of the clock that a breach of `grade` opens.
pub const fn remedy_name(grade: Grade) -> &'static str {
    match grade {
        Grade::Minor => "breach.minor",
        Grade::Major => "breach.major",
    }
}

/// The breaches of `ticket` known as of `as_of`, in order of time. `clocks` are its promise clocks.
pub fn breaches(ticket: &Ticket, facts: &Facts<'_>, clocks: &[Clock], as_of: Timestamp) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for clock in clocks.iter().filter(|clock| clock.source == ClockSource::Promise) {
        breaches.extend(missed(ticket, clock, as_of));
    }
    for (pin, commitment) in facts.commitments.iter().enumerate() {
        if commitment.breaches.is_empty() {
            continue;
        }
        for (round, number) in ticket.rounds.iter().zip(1_u32..) {
            let next = ticket.rounds.get(usize::try_from(number).unwrap_or(usize::MAX));
            let second_complaint = next.filter(|next| next.reopened == Some(ReopenReason::SecondComplaint));
            for solution in round.solutions.iter().filter(|solution| !solution.meets_standard) {
                let Some((at, accepted)) = solution.verdict else { continue };
                let (grade, at, cause) = match (accepted, second_complaint) {
                    (true, None) => (Grade::Minor, at, Cause::ShortAccepted),
                    // The customer takes the acceptance back by complaining again; until then it was minor.
                    (true, Some(next)) => (Grade::Major, next.started_at, Cause::ShortAccepted),
                    (false, _) => (Grade::Major, at, Cause::ShortRejected),
                };
                breaches.push(Breach { pin, round: number, grade, at, cause });
            }
            if let Some(at) = round.concealed_at {
                breaches.push(Breach {
                    pin,
                    round: number,
                    grade: Grade::Major,
                    at,
                    cause: Cause::Concealed,
                });
            }
        }
    }
    breaches.sort_by_key(|breach| breach.at);
    breaches
}

/// The breach that a missed clock is, if its promise has a grade. A major loss makes a minor one major (B1).
fn missed(ticket: &Ticket, clock: &Clock, as_of: Timestamp) -> Option<Breach> {
    let grade = clock.grade?;
    // An open clock whose due was noticed is missed, even if nothing happened since.
    let noticed = || clock.end.is_none() && ticket.has_fired(&clock.key, StepAt::Due, clock.started_at);
    if !clock.is_missed(as_of) && !noticed() {
        return None;
    }
    let at = match (clock.due_at, clock.end) {
        (Some(due), _) => due,
        (None, Some((ClockEnd::Late, at))) => at,
        (None, _) => return None,
    };
    let round = ticket.rounds.get(usize::try_from(clock.key.round.checked_sub(1)?).ok()?)?;
    let grade = if round.loss.is_some_and(|(_, major)| major) { Grade::Major } else { grade };
    let carries_out = round.solutions.iter().any(|solution| Some(solution.carry_out_by) == clock.told);
    let cause =
        if carries_out { Cause::NotCarriedOut(clock.key.clone()) } else { Cause::Missed(clock.key.clone()) };
    Some(Breach { pin: clock.pin, round: clock.key.round, grade, at, cause })
}

/// The remedy that answers breaches of `grade` in round `number`: the first proposed in that round or a later one.
pub fn remedy_of(ticket: &Ticket, number: u32, grade: Grade) -> Option<&Remedy> {
    ticket.rounds_from(number).find_map(|round| round.remedy(grade))
}

/// What the letter's table gives for the misses of `ticket` (B4): for each missed promise the line with the largest
/// overrun that it reached. A person approves it before anything is given.
pub fn compensation(facts: &Facts<'_>, clocks: &[Clock], as_of: Timestamp) -> Vec<(PromiseId, Give)> {
    let mut gives = Vec::new();
    for clock in clocks.iter().filter(|clock| clock.source == ClockSource::Promise && clock.is_missed(as_of))
    {
        let Some(commitment) = facts.commitments.get(clock.pin) else { continue };
        let Some(due) = clock.due_at else { continue };
        let stopped = clock.end.map_or(as_of, |(_, at)| at);
        let overrun: SignedDuration = clock.calendar.elapsed(due, stopped.max(due), &clock.pauses);
        let lines = commitment.compensations.iter().filter(|line| {
            (line.promise.is_empty() || line.promise.contains(&clock.key.promise)) && overrun >= line.overrun
        });
        if let Some(line) = lines.max_by_key(|line| line.overrun) {
            gives.push((clock.key.promise.clone(), line.give.clone()));
        }
    }
    gives
}
