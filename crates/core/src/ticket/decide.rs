//! Deciding: a command to a ticket yields events or a named refusal.

mod automatic;
mod close;
mod guard;
mod message;
mod privacy;
mod remedy;
mod settle;
mod tick;

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use yinuo_commitment::{Commitment, Complexity, Kind, Mark, PauseReason, Promise};

pub use self::{
    guard::permitted,
    message::{Demands, demands, override_wording},
};
use super::{
    command::{Command, Request},
    event::{AssignReason, Classifier, Event},
    refusal::Refusal,
    state::Ticket,
};
use crate::{
    id::{MemberId, TeamId},
    roster::{Actor, Roster},
    routing,
    words::Words,
};

/// Longest text of a message, note or request, in characters.
pub const TEXT_MAX_CHARS: usize = 20_000;

/// Data looked up before a decision. Plain references: nothing here can wait or fail.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The commitments that the ticket pins, in the order of its pins. For a new request: those in force.
    pub commitments: &'a [Arc<Commitment>],
    /// People and teams now.
    pub roster: &'a Roster,
    /// Open tickets of each person now; who is missing has none.
    pub load: &'a BTreeMap<MemberId, u32>,
}

/// Decides on a new request: it is received, classified and given to somebody, in one entry.
pub fn receive(request: Request, facts: &Facts<'_>, _now: Timestamp) -> Result<Vec<Event>, Refusal> {
    need_text("subject", &request.subject)?;
    need_text("body", &request.body)?;
    let owned = routed(request.facets.kind, facts);
    let received = Event::Received {
        number: request.number,
        query_code: request.query_code,
        channel: request.channel,
        customer: request.customer,
        subject: request.subject,
        body: request.body,
        language: request.language,
        pins: request.pins,
        tzdb: request.tzdb,
        external: request.external,
    };
    let classified = Event::Classified { facets: request.facets, by: request.classifier, why: request.why };
    let assessed = request.assessment.map(|assessment| Event::Assessed { assessment });
    Ok([Some(received), Some(classified), assessed, Some(owned)].into_iter().flatten().collect())
}

/// Decides on a command. The guards come first: access, then what the ticket's state allows; then the command's content.
pub fn decide(
    ticket: &Ticket,
    command: Command,
    actor: Actor,
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    guard::access(command.kind(), actor)?;
    guard::state(ticket, facts, command.kind(), now)?;
    match command {
        Command::Classify { facets, why } => classified(ticket, facets, why, facts),
        Command::ConfirmClassification => Ok(vec![Event::ClassificationConfirmed]),
        Command::Assign { team, member } => assign(ticket, team, member, facts),
        Command::Take => taken(ticket, actor, facts),
        Command::PickUp { rings } => Ok(vec![Event::PickedUp { rings }]),
        Command::EndCall => Ok(vec![Event::CallEnded]),
        Command::TellLookup => Ok(lookup_told(ticket)),
        Command::Reply { answer } => message::reply(ticket, answer, actor, facts, now),
        Command::RecordWords { body } => message::record_words(ticket, body),
        Command::Note { body } => with_text("body", body, |body| Event::Noted { body }),
        Command::Contact { body, contents } => message::contact(ticket, body, contents, facts),
        Command::Dispatch { body } => with_text("body", body, |body| Event::Dispatched { body }),
        Command::Arrive => Ok(vec![Event::Arrived]),
        Command::Solve { remote, body } => with_text("body", body, |body| Event::Solved { remote, body }),
        Command::StartInvestigation { body } => {
            with_text("body", body, |body| Event::InvestigationStarted { body })
        }
        Command::Verify { findings } => {
            with_text("findings", findings, |findings| Event::VerifiedOnSite { findings })
        }
        Command::Pause { reason, note } => settle::pause(reason, note),
        Command::Resume { reason } => settle::resume(reason),
        Command::GrantException { ground, evidence, word, alternative } => {
            settle::grant_exception(ticket, facts, now, ground, evidence, word, alternative)
        }
        Command::LiftException { ground } => Ok(vec![Event::ExceptionLifted { ground }]),
        Command::CallMediation { mediator } => {
            with_text("mediator", mediator, |mediator| Event::MediationCalled { mediator })
        }
        Command::ConcludeMediation { outcome, cost_fen } => {
            with_text("outcome", outcome, |outcome| Event::MediationConcluded { outcome, cost_fen })
        }
        Command::ReportLoss { major, body } => {
            with_text("body", body, |body| Event::LossReported { major, body })
        }
        Command::FindConcealment { body } => with_text("body", body, |body| Event::ConcealmentFound { body }),
        Command::ProposeSolution { body, form, carry_out_by, meets_standard } => {
            settle::propose(body, form, carry_out_by, meets_standard, now)
        }
        Command::AcceptSolution => Ok(heard(ticket, Event::SolutionAccepted)),
        Command::RejectSolution { reason } => {
            need_text("reason", &reason)?;
            Ok(heard(ticket, Event::SolutionRejected { reason }))
        }
        Command::CarryOut { body } => with_text("body", body, |body| Event::CarriedOut { body }),
        Command::Confirm => Ok(heard(ticket, Event::Confirmed)),
        Command::Close { outcome, note } => close::close(ticket, facts, actor, outcome, note),
        Command::Reopen { reason, body } => close::reopen(ticket, facts, reason, body),
        Command::AnswerSurvey { ratings, comment } => close::answer_survey(facts, ratings, comment),
        Command::CallBack { body } => with_text("body", body, |body| Event::CalledBack { body }),
        Command::ProposeRemedy { grade, notice, form, gives } => {
            remedy::propose(ticket, facts, now, grade, notice, form, gives)
        }
        Command::ApproveRemedy { grade } => remedy::approve(ticket, grade),
        Command::DeliverRemedy { grade, note } => remedy::deliver(ticket, grade, note),
        Command::ConfirmRemedy { grade } => remedy::confirm(ticket, grade),
        Command::CorrectCustomer { customer, why } => privacy::correct_customer(ticket, customer, why),
        Command::Reveal { fields, reason } => privacy::reveal(ticket, &fields, reason),
        Command::GiveAnswer { .. } | Command::JudgeAnswer { .. } | Command::AskForPerson => {
            automatic::decide(ticket, command, facts)
        }
        Command::Tick => tick::tick(ticket, facts, now),
    }
}

fn classified(
    ticket: &Ticket,
    facets: yinuo_commitment::Facets,
    why: Words,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if facets == ticket.facets() {
        return Err(Refusal::NothingChanges);
    }
    optional_text("why", &why)?;
    let rerouted = rerouted(ticket, facets.kind, facts);
    let mut events = vec![Event::Classified { facets, by: Classifier::Person, why }];
    events.extend(rerouted);
    Ok(events)
}

/// A question that must be looked up is the special question of T5.
fn lookup_told(ticket: &Ticket) -> Vec<Event> {
    let mut events = vec![Event::LookupTold];
    let mut facets = ticket.facets();
    if facets.complexity == Complexity::Simple {
        facets.complexity = Complexity::Complex;
        events.push(Event::Classified { facets, by: Classifier::Rules, why: Words::default() });
    }
    events
}

fn taken(ticket: &Ticket, actor: Actor, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let member = actor.member().and_then(|id| facts.roster.members.get(&id)).ok_or(Refusal::NoSuchOwner)?;
    let team = member.team.clone().or_else(|| ticket.assignment.as_ref().map(|owned| owned.team.clone()));
    assigned(ticket, team.ok_or(Refusal::NoSuchOwner)?, Some(member.id), AssignReason::Decided)
}

/// What the customer decided, which ends a wait for the customer.
fn heard(ticket: &Ticket, event: Event) -> Vec<Event> {
    let mut events = vec![event];
    events.extend(resumed_by_customer(ticket));
    events
}

/// The promises that cover the ticket now.
fn covering<'a>(ticket: &'a Ticket, facts: &Facts<'a>) -> impl Iterator<Item = &'a Promise> {
    let (current, channel) = (ticket.facets(), ticket.channel);
    facts.commitments.iter().flat_map(move |commitment| commitment.covering(&current, channel))
}

/// To the team of the kind and its least loaded person. An assignment without a person and [`Event::LeftUnassigned`] both
/// say that nobody was found: nothing sits unowned unseen.
fn routed(kind: Kind, facts: &Facts<'_>) -> Event {
    match routing::route(kind, facts.roster, facts.load) {
        Some((team, member)) => Event::Assigned { team, member, reason: AssignReason::Routed },
        None => Event::LeftUnassigned,
    }
}

/// A new kind may belong to another team: then the ticket goes there. A kind that no team handles leaves it where it is.
fn rerouted(ticket: &Ticket, kind: Kind, facts: &Facts<'_>) -> Option<Event> {
    let team = facts.roster.team_for(kind).filter(|_| kind != ticket.facets().kind)?;
    let same =
        ticket.assignment.as_ref().is_some_and(|owned| owned.team == team.id && owned.member.is_some());
    (!same).then(|| routed(kind, facts))
}

/// To whom somebody decided.
fn assign(
    ticket: &Ticket,
    team: TeamId,
    member: Option<MemberId>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if routing::exists(&team, member, facts.roster) {
        assigned(ticket, team, member, AssignReason::Decided)
    } else {
        Err(Refusal::NoSuchOwner)
    }
}

fn assigned(
    ticket: &Ticket,
    team: crate::id::TeamId,
    member: Option<MemberId>,
    reason: AssignReason,
) -> Result<Vec<Event>, Refusal> {
    if ticket.assignment.as_ref().is_some_and(|owned| owned.team == team && owned.member == member) {
        return Err(Refusal::AlreadyOwner);
    }
    Ok(vec![Event::Assigned { team, member, reason }])
}

/// How far ahead a customer may be told something, in days: a year and a day. What is told later is no promise.
const TOLD_DAYS_MAX: u16 = 366;

/// A told instant lies ahead, and not too far.
fn told_ahead(field: &'static str, told: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let ahead = told.duration_since(now);
    if !ahead.is_positive() {
        return Err(Refusal::NotInFuture { field });
    }
    if ahead > jiff::SignedDuration::from_hours(24 * i64::from(TOLD_DAYS_MAX)) {
        return Err(Refusal::TooFar { field, days_max: TOLD_DAYS_MAX });
    }
    Ok(())
}

fn need_text(field: &'static str, words: &Words) -> Result<(), Refusal> {
    if words.is_blank() { Err(Refusal::Blank { field }) } else { optional_text(field, words) }
}

fn optional_text(field: &'static str, words: &Words) -> Result<(), Refusal> {
    let chars = words.text().map_or(0, |text| text.chars().count());
    if chars > TEXT_MAX_CHARS { Err(Refusal::TooLong { field, max_chars: TEXT_MAX_CHARS }) } else { Ok(()) }
}

/// One event that carries one obligatory text.
fn with_text(
    field: &'static str,
    words: Words,
    event: impl FnOnce(Words) -> Event,
) -> Result<Vec<Event>, Refusal> {
    need_text(field, &words)?;
    Ok(vec![event(words)])
}

/// A pause that ends with what the customer did.
fn resumed_by_customer(ticket: &Ticket) -> Option<Event> {
    let reason = PauseReason::WaitingForCustomer;
    ticket.round().open_pause(reason).map(|_| Event::Resumed { reason })
}

/// What a round must have reached before `mark` makes sense.
fn needs(ticket: &Ticket, mark: Mark) -> Result<(), Refusal> {
    if ticket.round().has(mark) { Ok(()) } else { Err(Refusal::Needs { mark }) }
}
