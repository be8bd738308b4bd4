//! The letters of the simulation, and what they say as the auditor reads them: written down here by hand, not compiled.

use yinuo_commitment::{Grade, Kind, Mark, PauseReason};

/// A letter with versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Letter {
    /// First replies, repairs, complaints, remedies, a survey.
    First,
    /// Hours that run through the change of clocks in New York.
    Night,
}

impl Letter {
    pub(crate) const ALL: [Letter; 2] = [Letter::First, Letter::Night];

    pub(crate) const fn number(self) -> &'static str {
        match self {
            Letter::First => "SIM-1",
            Letter::Night => "SIM-2",
        }
    }

    pub(crate) fn of(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|letter| letter.number() == number)
    }

    /// The text of a version, from 1.
    pub(crate) const fn text(self, version: u32) -> Option<&'static str> {
        match (self, version) {
            (Letter::First, 1) => Some(include_str!("letters/first.toml")),
            (Letter::First, 2) => Some(include_str!("letters/first-newer.toml")),
            (Letter::Night, 1) => Some(include_str!("letters/night.toml")),
            _ => None,
        }
    }
}

/// Whose hours count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hours {
    /// Shanghai, working days 9:00 to 12:00 and 13:30 to 18:00, the official calendar of 2026.
    Office,
    /// Every hour.
    Always,
    /// New York, every day 0:00 to 6:00 and 20:30 to 23:00.
    Night,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    Minutes(i64),
    Workdays(usize),
    Rings(u32),
    AsTold,
}

/// A step of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Percent(i64),
    Due,
    MinutesAfter(i64),
}

/// One promise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    pub(crate) id: &'static str,
    pub(crate) kinds: &'static [Kind],
    pub(crate) by_phone: bool,
    pub(crate) from: Mark,
    pub(crate) until: Mark,
    pub(crate) within: Within,
    pub(crate) hours: Hours,
    pub(crate) pauses: &'static [PauseReason],
    pub(crate) excepted: bool,
    pub(crate) steps: &'static [Step],
    pub(crate) grade: Option<Grade>,
    /// Whether an answer of the product itself keeps it.
    pub(crate) automatic: bool,
}

const WAITING: &[PauseReason] = &[PauseReason::WaitingForCustomer];
const QUICK: &[Step] = &[Step::Percent(60), Step::Due];
const SLOW: &[Step] = &[Step::Percent(50), Step::Due, Step::MinutesAfter(30)];
const AT_NIGHT: &[Step] = &[Step::Percent(80), Step::Due, Step::MinutesAfter(60)];

const fn first_reply(id: &'static str, kinds: &'static [Kind], within: Within) -> Term {
    Term {
        id,
        kinds,
        by_phone: false,
        from: Mark::Received,
        until: Mark::FirstReply,
        within,
        hours: Hours::Office,
        pauses: &[],
        excepted: false,
        steps: &[Step::Due],
        grade: None,
        automatic: false,
    }
}

/// What a version of a letter promises.
pub(crate) fn terms(letter: Letter, version: u32) -> Vec<Term> {
    match letter {
        Letter::First => first(version),
        Letter::Night => night(),
    }
}

fn first(version: u32) -> Vec<Term> {
    let newer = version > 1;
    let consultation = &[Kind::Consultation];
    let repair = &[Kind::Repair];
    let complaint = &[Kind::Complaint];
    let minor = Some(Grade::Minor);
    let major = Some(Grade::Major);
    let minutes = |first, then| Within::Minutes(if newer { then } else { first });
    let reply = first_reply;
    vec![
        Term { steps: QUICK, grade: minor, ..reply("consultation-reply", consultation, minutes(15, 10)) },
        Term {
            until: Mark::FullAnswer,
            pauses: WAITING,
            ..reply("consultation-answer", consultation, Within::Workdays(1))
        },
        Term {
            pauses: WAITING,
            steps: SLOW,
            grade: minor,
            ..reply("repair-reply", repair, minutes(180, 120))
        },
        Term {
            until: Mark::Solved,
            pauses: &[PauseReason::WaitingForCustomer, PauseReason::ForceMajeure],
            excepted: true,
            steps: SLOW,
            grade: minor,
            ..reply("repair-solved", repair, Within::Workdays(2))
        },
        Term {
            by_phone: true,
            until: Mark::PickedUp,
            hours: Hours::Always,
            grade: minor,
            ..reply("complaint-pick-up", complaint, Within::Rings(3))
        },
        Term {
            hours: Hours::Always,
            pauses: WAITING,
            steps: SLOW,
            grade: major,
            ..reply("complaint-reply", complaint, Within::Minutes(120))
        },
        Term {
            until: Mark::Acknowledged,
            hours: Hours::Always,
            ..reply("complaint-acknowledged", complaint, minutes(300, 360))
        },
        Term {
            until: Mark::SolutionProposed,
            pauses: &[PauseReason::WaitingForCustomer, PauseReason::Mediation],
            steps: SLOW,
            grade: minor,
            ..reply("complaint-solution", complaint, Within::Workdays(3))
        },
        Term {
            from: Mark::SolutionProposed,
            until: Mark::CarriedOut,
            hours: Hours::Always,
            steps: SLOW,
            grade: major,
            ..reply("solution-carried-out", complaint, Within::AsTold)
        },
        reply("suggestion-reply", &[Kind::Suggestion], minutes(300, 360)),
        Term { automatic: true, ..reply("praise-reply", &[Kind::Praise], Within::Workdays(2)) },
    ]
}

fn night() -> Vec<Term> {
    vec![
        Term {
            until: Mark::ProgressReported,
            hours: Hours::Night,
            pauses: WAITING,
            steps: AT_NIGHT,
            ..first_reply("progress", &[Kind::Complaint, Kind::Repair], Within::Minutes(420))
        },
        Term {
            hours: Hours::Night,
            pauses: WAITING,
            ..first_reply("thanks", &[Kind::Suggestion, Kind::Praise], Within::Workdays(2))
        },
    ]
}

/// Working days within which a breach of `grade` is answered by a remedy, if the letter has a rule about it.
pub(crate) const fn remedy_workdays(letter: Letter, version: u32, grade: Grade) -> Option<usize> {
    match (letter, grade) {
        (Letter::First, Grade::Minor) => Some(if version > 1 { 2 } else { 3 }),
        (Letter::First, Grade::Major) => Some(1),
        (Letter::Night, _) => None,
    }
}

/// Working days within which a low rating is answered by a call.
pub(crate) const fn call_back_workdays(letter: Letter) -> Option<usize> {
    match letter {
        Letter::First => Some(1),
        Letter::Night => None,
    }
}
