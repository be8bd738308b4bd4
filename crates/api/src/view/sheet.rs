//! A ticket for the company's people.

use std::sync::Arc;

use yinuo_commitment::{Commitment, Ground, PauseReason};
use yinuo_core::{
    breach::{Breach, Cause},
    organisation::Organisation,
    roster::Roster,
    ticket::{CommandKind, Outcome, Refusal, Round, Ticket},
};
use yinuo_desk::TicketSheet;

use super::{
    assessment::assessment_detail,
    both,
    clock::{clock_detail, key},
    erasure::erasure_detail,
    member_name,
    timeline::timeline,
};
use crate::dto::{
    Instant,
    list::Facets,
    sheet::{
        Action, BreachDetail, CauseWord, CompensationProposal, OpenPause, OutcomeDetail, Owner, PinDetail,
        Rating, Reason, RemedyDetail, ScopeTermDetail, SolutionDetail, SurveyAnswer, SurveyDetail,
        TicketDetail,
    },
};

/// A ticket with everything that its page shows.
pub(crate) fn ticket_detail(sheet: &TicketSheet, organisation: &Organisation) -> TicketDetail {
    let ticket = &sheet.ticket;
    let roster = &organisation.roster;
    let facets = ticket.facets();
    let clocks = sheet.clocks.iter();
    TicketDetail {
        id: ticket.id.into(),
        number: ticket.number.clone(),
        version: ticket.version,
        as_of: sheet.as_of.into(),
        kind: facets.kind.into(),
        facets: Facets::from(&facets),
        assessment: assessment_detail(ticket, &sheet.entries),
        channel: ticket.channel.into(),
        language: ticket.language.into(),
        subject: ticket.subject.text().map(str::to_owned),
        body: ticket.body.text().map(str::to_owned),
        customer: (&ticket.customer).into(),
        revealable: super::looks::fields(&sheet.revealable),
        erased: sheet.erased.map(|erasure| erasure_detail(&erasure, roster)),
        external: ticket.external.clone(),
        received_at: ticket.received_at.into(),
        last_at: ticket.last_at.into(),
        closed_at: ticket.closed_at().map(Instant),
        stage: ticket.stage().into(),
        outcome: outcome(ticket),
        round: ticket.round_number(),
        owner: owner(ticket, roster),
        clocks: clocks
            .map(|clock| clock_detail(clock, ticket, &sheet.entries, &sheet.commitments, sheet.as_of))
            .collect(),
        timeline: timeline(&sheet.entries, roster),
        actions: sheet.permitted.iter().map(|(command, permitted)| action(*command, permitted)).collect(),
        breaches: sheet.breaches.iter().map(|breach| breach_detail(breach, ticket)).collect(),
        compensation: sheet
            .compensation
            .iter()
            .map(|(promise, give)| CompensationProposal { promise: promise.to_string(), give: give.into() })
            .collect(),
        remedies: remedies(ticket),
        solution: solution(ticket.round()),
        pauses: pauses(ticket.round()),
        survey: survey(ticket, &sheet.commitments),
        scope_terms: scope_terms(&sheet.commitments),
        pins: pins(ticket, &sheet.commitments),
        tzdb: ticket.tzdb.clone(),
        tzdb_differs: sheet.tzdb_differs,
    }
}

/// How the current round was closed.
pub(super) fn outcome(ticket: &Ticket) -> Option<OutcomeDetail> {
    let (_, outcome) = ticket.round().closed.as_ref()?;
    let mut detail =
        OutcomeDetail { word: outcome.word().to_owned(), commitment: None, term: None, of: None };
    match outcome {
        Outcome::OutOfScope { commitment, term } => {
            detail.commitment = Some(commitment.clone());
            detail.term = Some(term.clone());
        }
        Outcome::Duplicate { of } => detail.of = Some((*of).into()),
        Outcome::Settled | Outcome::Withdrawn | Outcome::Unresolved => {}
    }
    Some(detail)
}

fn owner(ticket: &Ticket, roster: &Roster) -> Option<Owner> {
    let owned = ticket.assignment.as_ref()?;
    Some(Owner {
        team: (&owned.team).into(),
        member: owned.member.map(|member| member_name(member, roster)),
        since: owned.since.into(),
    })
}

/// A command and whether it can be given.
pub(super) fn action(command: CommandKind, permitted: &Result<(), Refusal>) -> Action {
    let reason = permitted.as_ref().err().map(|refusal| Reason {
        code: refusal.code().to_owned(),
        rule: refusal.rule().map(Into::into),
        text: both(|language| refusal.text(language)),
    });
    Action { command: command.into(), allowed: permitted.is_ok(), reason }
}

fn breach_detail(breach: &Breach, ticket: &Ticket) -> BreachDetail {
    let (cause, clock) = match &breach.cause {
        Cause::Missed(clock) => (CauseWord::Missed, Some(clock)),
        Cause::ShortAccepted => (CauseWord::ShortAccepted, None),
        Cause::ShortRejected => (CauseWord::ShortRejected, None),
        Cause::NotCarriedOut(clock) => (CauseWord::NotCarriedOut, Some(clock)),
        Cause::Concealed => (CauseWord::Concealed, None),
    };
    BreachDetail {
        commitment: ticket.pins.get(breach.pin).map(|pin| pin.number.clone()).unwrap_or_default(),
        round: breach.round,
        grade: breach.grade.into(),
        at: breach.at.into(),
        cause,
        clock: clock.map(key),
    }
}

fn remedies(ticket: &Ticket) -> Vec<RemedyDetail> {
    let rounds = ticket.rounds.iter().zip(1_u32..);
    rounds
        .flat_map(|(round, number)| {
            round.remedies.iter().map(move |remedy| RemedyDetail {
                round: number,
                grade: remedy.grade.into(),
                proposed_at: remedy.proposed_at.into(),
                form: remedy.form.into(),
                gives: remedy.gives.iter().map(Into::into).collect(),
                approved_at: remedy.approved_at.map(Instant),
                delivered_at: remedy.delivered_at.map(Instant),
                confirmed_at: remedy.confirmed_at.map(Instant),
            })
        })
        .collect()
}

/// The solution that stands in this round.
pub(super) fn solution(round: &Round) -> Option<SolutionDetail> {
    let solution = round.solution()?;
    Some(SolutionDetail {
        proposed_at: solution.proposed_at.into(),
        carry_out_by: solution.carry_out_by.into(),
        meets_standard: solution.meets_standard,
        accepted: solution.verdict.map(|(_, accepted)| accepted),
        carried_out_at: solution.carried_out_at.map(Instant),
    })
}

fn pauses(round: &Round) -> Vec<OpenPause> {
    let spans = round.pauses.iter().filter(|span| span.to.is_none()).map(|span| OpenPause {
        reason: span.reason.into(),
        ground: None,
        since: span.from.into(),
    });
    let exceptions =
        round.exceptions.iter().filter(|exception| exception.lifted_at.is_none()).map(|exception| {
            let reason = match exception.ground {
                Ground::ForceMajeure => PauseReason::ForceMajeure,
            };
            OpenPause {
                reason: reason.into(),
                ground: Some(exception.ground.into()),
                since: exception.granted_at.into(),
            }
        });
    let mut open: Vec<OpenPause> = exceptions.collect();
    // An exception also shows as a pause of its round: it is one thing to people.
    let alone: Vec<OpenPause> =
        spans.filter(|span| !open.iter().any(|exception| exception.reason == span.reason)).collect();
    open.extend(alone);
    open
}

/// The survey of the letters, if one has one.
pub(super) fn survey(ticket: &Ticket, commitments: &[Arc<Commitment>]) -> Option<SurveyDetail> {
    let surveys: Vec<_> = commitments.iter().filter_map(|letter| letter.survey.as_ref()).collect();
    if surveys.is_empty() {
        return None;
    }
    let mut questions: Vec<String> = Vec::new();
    for question in surveys.iter().flat_map(|survey| survey.ask.iter()) {
        if !questions.contains(question) {
            questions.push(question.clone());
        }
    }
    let round = ticket.round();
    let due = surveys.iter().any(|survey| round.has(survey.after));
    let answer = round.survey.as_ref().map(|answer| SurveyAnswer {
        at: answer.at.into(),
        ratings: ratings(&answer.ratings),
        low: answer.low,
    });
    Some(SurveyDetail { questions, open: due && answer.is_none(), answer })
}

/// Ratings by question.
pub(super) fn ratings(ratings: &[(String, u8)]) -> Vec<Rating> {
    ratings.iter().map(|(question, rating)| Rating { question: question.clone(), rating: *rating }).collect()
}

fn scope_terms(commitments: &[Arc<Commitment>]) -> Vec<ScopeTermDetail> {
    let terms = commitments.iter().flat_map(|letter| letter.scope.iter().map(move |term| (letter, term)));
    terms
        .map(|(letter, term)| ScopeTermDetail {
            commitment: letter.number.clone(),
            term: term.id.clone(),
            inside: term.inside,
            text: (&term.text).into(),
        })
        .collect()
}

/// The letters that judge a ticket.
pub(super) fn pins(ticket: &Ticket, commitments: &[Arc<Commitment>]) -> Vec<PinDetail> {
    let pins = ticket.pins.iter().zip(commitments);
    pins.map(|(pin, letter)| PinDetail {
        number: pin.number.clone(),
        version: pin.version,
        hash: pin.hash.to_string(),
        title: (&letter.title).into(),
    })
    .collect()
}
