//! What role and state allow, before a command's content is looked at. The same guards tell people which actions a
//! ticket offers and why the others are not offered.

use jiff::Timestamp;
use yinuo_commitment::{Grade, Ground, Kind, Mark, PauseReason, Rule};

use super::{
    super::{assessment::Triage, command::CommandKind, refusal::Refusal, state::Ticket},
    Facts, needs,
};
use crate::{access, breach, clock, roster::Actor};

/// Every command that people give, with the refusal that it would meet now, if any.
pub fn permitted(
    ticket: &Ticket,
    facts: &Facts<'_>,
    actor: Actor,
    now: Timestamp,
) -> Vec<(CommandKind, Result<(), Refusal>)> {
    let by_people = CommandKind::ALL
        .iter()
        .copied()
        .filter(|kind| !matches!(kind, CommandKind::Tick | CommandKind::GiveAnswer));
    by_people.map(|kind| (kind, access(kind, actor).and_then(|()| state(ticket, facts, kind, now)))).collect()
}

/// Whether the actor may give the command at all.
pub(super) fn access(command: CommandKind, actor: Actor) -> Result<(), Refusal> {
    let role = match actor {
        Actor::Customer => None,
        Actor::Member { role, .. } => Some(role),
        Actor::System => return Ok(()),
    };
    if access::may_command(role, command) {
        return Ok(());
    }
    // L4 is a rule of the letters, so its refusal names it.
    if command == CommandKind::Verify && role.is_some() {
        return Err(Refusal::SpecialistsOnly);
    }
    Err(Refusal::NotAllowed { command, role })
}

/// What waits for the customer is not paused again; only that goes on.
fn pauses(waits: bool, command: CommandKind) -> Result<(), Refusal> {
    let reason = PauseReason::WaitingForCustomer;
    match (waits, command) {
        (true, CommandKind::Pause) => Err(Refusal::AlreadyPaused { reason }),
        (false, CommandKind::Resume) => Err(Refusal::NotPaused { reason }),
        _ => Ok(()),
    }
}

/// Whether the ticket's state allows the command.
pub(super) fn state(
    ticket: &Ticket,
    facts: &Facts<'_>,
    command: CommandKind,
    now: Timestamp,
) -> Result<(), Refusal> {
    not_erased(ticket, command)?;
    open_or_closed(ticket, command)?;
    kinds(ticket, command)?;
    let round = ticket.round();
    match command {
        CommandKind::ConfirmClassification if ticket.triage() == Some(Triage::Wanted) => Ok(()),
        CommandKind::ConfirmClassification => Err(Refusal::NoDoubt),
        CommandKind::PickUp => by_phone(ticket).and_then(|()| not_yet(ticket, Mark::PickedUp)),
        CommandKind::EndCall => {
            by_phone(ticket)?;
            needs(ticket, Mark::PickedUp)?;
            not_yet(ticket, Mark::CallEnded)
        }
        CommandKind::TellLookup => {
            by_phone(ticket)?;
            needs(ticket, Mark::PickedUp)?;
            not_yet(ticket, Mark::LookupTold)
        }
        CommandKind::Dispatch => not_yet(ticket, Mark::Dispatched),
        CommandKind::Arrive => needs(ticket, Mark::Dispatched).and_then(|()| not_yet(ticket, Mark::Arrived)),
        CommandKind::Solve => not_yet(ticket, Mark::Solved),
        CommandKind::StartInvestigation => not_yet(ticket, Mark::InvestigationStarted),
        CommandKind::Verify => not_yet(ticket, Mark::VerifiedOnSite),
        CommandKind::ProposeSolution => propose_solution(ticket, facts),
        CommandKind::AcceptSolution | CommandKind::RejectSolution => match round.solution() {
            Some(solution) if solution.verdict.is_none() => Ok(()),
            _ => Err(Refusal::NoSolutionOpen),
        },
        CommandKind::CarryOut => match round.solution() {
            Some(solution) if solution.carried_out_at.is_some() => not_yet(ticket, Mark::CarriedOut),
            Some(solution) if solution.verdict.is_some_and(|(_, accepted)| accepted) => Ok(()),
            _ => Err(Refusal::NoSolutionAccepted),
        },
        CommandKind::Confirm => {
            let settled = if ticket.facets().kind == Kind::Repair { Mark::Solved } else { Mark::CarriedOut };
            needs(ticket, settled).and_then(|()| not_yet(ticket, Mark::Confirmed))
        }
        CommandKind::LiftException => match round.open_exception(Ground::ForceMajeure) {
            Some(_) => Ok(()),
            None => Err(Refusal::NotPaused { reason: PauseReason::ForceMajeure }),
        },
        CommandKind::CallMediation => match round.mediation {
            Some(mediation) if mediation.concluded.is_none() => {
                Err(Refusal::AlreadyPaused { reason: PauseReason::Mediation })
            }
            _ => Ok(()),
        },
        CommandKind::ConcludeMediation => match round.mediation {
            Some(mediation) if mediation.concluded.is_none() => Ok(()),
            _ => Err(Refusal::MediationStep { needs: CommandKind::CallMediation }),
        },
        CommandKind::Pause | CommandKind::Resume => {
            pauses(round.open_pause(PauseReason::WaitingForCustomer).is_some(), command)
        }
        CommandKind::GiveAnswer | CommandKind::JudgeAnswer | CommandKind::AskForPerson => {
            super::automatic::allowed(ticket, command)
        }
        CommandKind::AnswerSurvey => survey(ticket, facts),
        CommandKind::CallBack if ticket.awaits_call_back() => Ok(()),
        CommandKind::CallBack => Err(Refusal::NoLowRating),
        CommandKind::ProposeRemedy => any_grade(|grade| has_breach(ticket, facts, grade, now)),
        CommandKind::ApproveRemedy => any_grade(|grade| super::remedy::can_approve(ticket, grade)),
        CommandKind::DeliverRemedy => any_grade(|grade| super::remedy::can_deliver(ticket, grade)),
        CommandKind::ConfirmRemedy => any_grade(|grade| super::remedy::can_confirm(ticket, grade)),
        _ => Ok(()),
    }
}

/// Nothing that anybody could write about an erased person may come onto the ticket again: there is no key left to seal
/// it under, on purpose. Time and owners go on.
fn not_erased(ticket: &Ticket, command: CommandKind) -> Result<(), Refusal> {
    let wordless = matches!(
        command,
        CommandKind::Tick | CommandKind::Assign | CommandKind::Take | CommandKind::ConfirmClassification
    );
    if ticket.is_erased() && !wordless { Err(Refusal::Erased) } else { Ok(()) }
}

/// Closed tickets take few commands, open ones all but a few.
fn open_or_closed(ticket: &Ticket, command: CommandKind) -> Result<(), Refusal> {
    let always = matches!(
        command,
        CommandKind::Note
            | CommandKind::Tick
            | CommandKind::CorrectCustomer
            | CommandKind::Reveal
            | CommandKind::ReportLoss
            | CommandKind::FindConcealment
            | CommandKind::ProposeRemedy
            | CommandKind::ApproveRemedy
            | CommandKind::DeliverRemedy
            | CommandKind::ConfirmRemedy
            | CommandKind::Assign
            | CommandKind::Take
            | CommandKind::AnswerSurvey
            | CommandKind::CallBack
    );
    match (ticket.closed_at(), command) {
        // Whoever said that an automatic answer had helped, and found that it had not, reaches a person all the same.
        (Some(_), CommandKind::AskForPerson) if ticket.automatic_answer().is_some() => Ok(()),
        (Some(_), CommandKind::Reopen) => Ok(()),
        (None, CommandKind::Reopen) => Err(Refusal::NotClosed),
        (Some(at), _) if !always => Err(Refusal::Closed { at }),
        _ => Ok(()),
    }
}

/// Steps that exist for some kinds only.
fn kinds(ticket: &Ticket, command: CommandKind) -> Result<(), Refusal> {
    let only: &'static [Kind] = match command {
        CommandKind::Contact | CommandKind::Dispatch | CommandKind::Arrive | CommandKind::Solve => {
            &[Kind::Repair]
        }
        CommandKind::StartInvestigation
        | CommandKind::Verify
        | CommandKind::ProposeSolution
        | CommandKind::AcceptSolution
        | CommandKind::RejectSolution
        | CommandKind::CarryOut
        | CommandKind::CallMediation
        | CommandKind::ConcludeMediation
        | CommandKind::FindConcealment => &[Kind::Complaint],
        CommandKind::Confirm => &[Kind::Repair, Kind::Complaint],
        CommandKind::TellLookup => &[Kind::Consultation],
        _ => return Ok(()),
    };
    let kind = ticket.facets().kind;
    if only.contains(&kind) { Ok(()) } else { Err(Refusal::NotForKind { kind, only }) }
}

fn by_phone(ticket: &Ticket) -> Result<(), Refusal> {
    if ticket.channel == yinuo_commitment::Channel::Phone { Ok(()) } else { Err(Refusal::NotByPhone) }
}

pub(super) fn not_yet(ticket: &Ticket, mark: Mark) -> Result<(), Refusal> {
    match ticket.round().first(mark) {
        Some(marked) => Err(Refusal::Already { mark, at: marked.at }),
        None => Ok(()),
    }
}

/// L4: where a letter says so, a technical complaint is verified on site first.
fn propose_solution(ticket: &Ticket, facts: &Facts<'_>) -> Result<(), Refusal> {
    if let Some(solution) = ticket.round().solution()
        && solution.verdict.is_none_or(|(_, accepted)| accepted)
    {
        return Err(Refusal::Already { mark: Mark::SolutionProposed, at: solution.proposed_at });
    }
    if !ticket.facets().technical || ticket.round().has(Mark::VerifiedOnSite) {
        return Ok(());
    }
    match facts.commitments.iter().find(|commitment| commitment.states(Rule::VerifyOnSite)) {
        Some(commitment) => Err(Refusal::VerifyFirst { commitment: commitment.number.clone() }),
        None => Ok(()),
    }
}

fn survey(ticket: &Ticket, facts: &Facts<'_>) -> Result<(), Refusal> {
    if let Some(answer) = &ticket.round().survey {
        return Err(Refusal::SurveyAnswered { at: answer.at });
    }
    let mut after = facts.commitments.iter().filter_map(|commitment| Some(commitment.survey.as_ref()?.after));
    let first = after.clone().next().ok_or(Refusal::NoSurvey)?;
    // Once a ticket is closed, nothing more is waited for.
    if ticket.closed_at().is_some() || after.any(|mark| ticket.round().has(mark)) {
        return Ok(());
    }
    Err(if first == Mark::Closed { Refusal::NotClosed } else { Refusal::Needs { mark: first } })
}

/// Whether some round has a breach of `grade` for which no remedy was proposed.
pub(super) fn has_breach(
    ticket: &Ticket,
    facts: &Facts<'_>,
    grade: Grade,
    now: Timestamp,
) -> Result<(), Refusal> {
    if ticket.round().remedy(grade).is_some() {
        return Err(Refusal::RemedyProposed { grade });
    }
    let clocks = clock::clocks(ticket, facts, now);
    let mut of_grade = breach::breaches(ticket, facts, &clocks, now);
    of_grade.retain(|breach| breach.grade == grade);
    if of_grade.is_empty() {
        return Err(Refusal::NoBreach { grade });
    }
    let open = of_grade.iter().any(|breach| breach::remedy_of(ticket, breach.round, grade).is_none());
    if open { Ok(()) } else { Err(Refusal::RemedyProposed { grade }) }
}

/// Ok if one of the grades is; else what the minor one meets.
fn any_grade(check: impl Fn(Grade) -> Result<(), Refusal>) -> Result<(), Refusal> {
    check(Grade::Major).or_else(|_| check(Grade::Minor))
}
