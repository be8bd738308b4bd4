//! The fold. Total: any sequence of entries that starts with a receipt gives a ticket, and no entry makes it fail.

use jiff::Timestamp;
use yinuo_commitment::{Form, Grade, Ground, Mark, PauseReason};

use super::{
    assessment::{self, Assessment, Doubt, Triage},
    event::{Classifier, Entry, Event, Purpose},
    state::{
        Assignment, Exception, Given, GivenHow, Marked, Mediation, Message, PauseSpan, Remedy, Round,
        Solution, SurveyAnswer, Ticket,
    },
};
use crate::{
    id::{ArticleId, TicketId},
    roster::Actor,
};

/// Begins a ticket with its first entry. `None` if that entry does not start with [`Event::Received`].
pub fn begin(id: TicketId, entry: &Entry) -> Option<Ticket> {
    let Some(Event::Received {
        number,
        query_code,
        channel,
        customer,
        subject,
        body,
        language,
        pins,
        tzdb,
        external,
    }) = entry.events.first()
    else {
        return None;
    };
    let ticket = Ticket {
        id,
        version: 0,
        number: number.clone(),
        query_code: query_code.clone(),
        channel: *channel,
        customer: customer.clone(),
        names_before: Vec::new(),
        subject: subject.clone(),
        body: body.clone(),
        language: *language,
        pins: pins.clone(),
        tzdb: tzdb.clone(),
        external: external.clone(),
        received_at: entry.at,
        last_at: entry.at,
        rounds: vec![Round::new(entry.at, None)],
        assignment: None,
        messages: Vec::new(),
        reviewed: None,
        fired: std::collections::BTreeMap::new(),
        articles: Vec::new(),
    };
    Some(apply(ticket, entry))
}

/// A ticket from all its entries. `None` if there are none or the first is no receipt.
pub fn fold<'a>(id: TicketId, entries: impl IntoIterator<Item = &'a Entry>) -> Option<Ticket> {
    let mut entries = entries.into_iter();
    let first = begin(id, entries.next()?)?;
    Some(entries.fold(first, apply))
}

/// Folds one entry.
pub fn apply(mut ticket: Ticket, entry: &Entry) -> Ticket {
    ticket.version = ticket.version.saturating_add(1);
    ticket.last_at = ticket.last_at.max(entry.at);
    for event in &entry.events {
        apply_event(&mut ticket, entry.at, entry.actor, event);
    }
    ticket
}

fn apply_event(ticket: &mut Ticket, at: Timestamp, by: Actor, event: &Event) {
    match event {
        Event::Received { .. }
        | Event::LeftUnassigned
        | Event::Noted { .. }
        | Event::Revealed { .. }
        | Event::WordingOverridden { .. }
        | Event::CustomerWrote { .. } => {}
        Event::Assigned { team, member, .. } => {
            ticket.assignment = Some(Assignment { team: team.clone(), member: *member, since: at });
        }
        Event::Replied { automatic, .. } => {
            ticket.messages.push(Message { version: ticket.version, at, automatic: *automatic });
            apply_mark(ticket, at, event);
        }
        Event::Reopened { reason, .. } => {
            let facets = ticket.facets();
            let mut round = Round::new(at, Some(*reason));
            round.facets.push((at, facets));
            ticket.rounds.push(round);
        }
        Event::CustomerCorrected { customer, .. } => ticket.correct(customer),
        Event::AlarmFired { clock, step, planned_at, .. } => {
            ticket.fired.entry(clock.clone()).or_default().insert(*step, *planned_at);
        }
        Event::AnswerGiven { article, version, .. } => {
            given(ticket, article, *version, at, GivenHow::Automatic);
        }
        Event::ArticleUsed { article, version, edited } => {
            // Only people use articles: somebody who is not would be a record of another program.
            let Some(member) = by.member() else { return };
            let how = if *edited { GivenHow::Edited(member) } else { GivenHow::Sent(member) };
            given(ticket, article, *version, at, how);
        }
        Event::AnswerJudged { article, helpful, .. } => {
            let mut latest_first = ticket.articles.iter_mut().rev();
            if let Some(given) = latest_first.find(|given| given.article == *article) {
                given.helpful = Some(*helpful);
            }
        }
        Event::RemedyApproved { grade } => {
            with_remedy(ticket, *grade, |remedy| remedy.approved_at = Some(at));
        }
        Event::RemedyDelivered { grade, .. } => {
            with_remedy(ticket, *grade, |remedy| remedy.delivered_at = Some(at));
        }
        Event::RemedyConfirmed { grade } => {
            with_remedy(ticket, *grade, |remedy| remedy.confirmed_at = Some(at));
        }
        Event::ClassificationConfirmed => {
            ticket.reviewed = Some(Triage::Confirmed);
            settle(ticket, at);
        }
        _ => {
            // What a person says at the receipt corrects nobody.
            if matches!(event, Event::Classified { by: Classifier::Person, .. }) && ticket.version > 1 {
                ticket.reviewed = Some(Triage::Corrected);
                settle(ticket, at);
            }
            apply_mark(ticket, at, event);
            if let Some(round) = ticket.rounds.last_mut() {
                apply_course(round, at, event);
            }
        }
    }
}

/// Marks that an event sets.
fn apply_mark(ticket: &mut Ticket, at: Timestamp, event: &Event) {
    let Some(round) = ticket.rounds.last_mut() else { return };
    let mut set = |mark| round.marks.push(Marked::plain(mark, at));
    match event {
        Event::CallEnded => set(Mark::CallEnded),
        Event::LookupTold => set(Mark::LookupTold),
        Event::Dispatched { .. } => set(Mark::Dispatched),
        Event::Arrived => set(Mark::Arrived),
        Event::InvestigationStarted { .. } => set(Mark::InvestigationStarted),
        Event::VerifiedOnSite { .. } => set(Mark::VerifiedOnSite),
        Event::SolutionAccepted => set(Mark::SolutionAccepted),
        Event::SolutionRejected { .. } => set(Mark::SolutionRejected),
        Event::CarriedOut { .. } => set(Mark::CarriedOut),
        Event::Confirmed => set(Mark::Confirmed),
        Event::Closed { .. } => set(Mark::Closed),
        Event::CalledBack { .. } => set(Mark::CalledBack),
        Event::Surveyed { low: true, .. } => set(Mark::RatedLow),
        Event::Solved { remote, .. } => {
            if *remote {
                set(Mark::RemoteSolution);
            }
            set(Mark::Solved);
        }
        Event::PickedUp { rings } => {
            round.marks.push(Marked { rings: Some(*rings), ..Marked::plain(Mark::PickedUp, at) });
        }
        Event::Contacted { contents, .. } => {
            // A formal word to the customer: it is the first reply to the need, too (T1).
            round.marks.push(Marked { contents: contents.clone(), ..Marked::plain(Mark::Contacted, at) });
            round.marks.push(Marked { contents: contents.clone(), ..Marked::plain(Mark::FirstReply, at) });
        }
        Event::SolutionProposed { carry_out_by, .. } => {
            let told = Some(super::event::Told { mark: Mark::CarriedOut, by: *carry_out_by });
            round.marks.push(Marked { told, ..Marked::plain(Mark::SolutionProposed, at) });
            // It answers the need, and there is no better news about progress (T12).
            round.marks.push(Marked::plain(Mark::FirstReply, at));
            round.marks.push(Marked::plain(Mark::ProgressReported, at));
        }
        Event::Replied { purpose, contents, told, automatic, .. } => {
            // A full answer leaves nothing for a detailed reply to say (T3).
            let in_full = (*purpose == Purpose::FullAnswer).then_some(Mark::DetailedReply);
            for mark in [Some(Mark::FirstReply), in_full, purpose.mark()].into_iter().flatten() {
                let (contents, told) = (contents.clone(), *told);
                round.marks.push(Marked { mark, at, automatic: *automatic, contents, told, rings: None });
            }
        }
        _ => {}
    }
}

/// Classification, pauses, exceptions, solutions, closing.
fn apply_course(round: &mut Round, at: Timestamp, event: &Event) {
    match event {
        Event::Classified { facets, .. } => round.facets.push((at, facets.clone())),
        Event::Assessed { assessment } => round.doubt = doubt(round, assessment),
        Event::Paused { reason, .. } => begin_pause(round, *reason, at),
        Event::Resumed { reason } => end_pause(round, *reason, at),
        Event::ExceptionGranted { ground, word_at, .. } => {
            let granted = Exception { ground: *ground, granted_at: at, word_at: *word_at, lifted_at: None };
            round.exceptions.push(granted);
            begin_pause(round, pause_of(*ground), at);
        }
        Event::ExceptionLifted { ground } => {
            for exception in &mut round.exceptions {
                if exception.ground == *ground && exception.lifted_at.is_none() {
                    exception.lifted_at = Some(at);
                }
            }
            end_pause(round, pause_of(*ground), at);
        }
        Event::MediationCalled { .. } => {
            round.mediation = Some(Mediation { called_at: at, concluded: None });
            begin_pause(round, PauseReason::Mediation, at);
        }
        Event::MediationConcluded { cost_fen, .. } => {
            if let Some(mediation) = &mut round.mediation {
                mediation.concluded = Some((at, *cost_fen));
            }
            end_pause(round, PauseReason::Mediation, at);
        }
        Event::SolutionProposed { carry_out_by, meets_standard, .. } => round.solutions.push(Solution {
            proposed_at: at,
            carry_out_by: *carry_out_by,
            meets_standard: *meets_standard,
            verdict: None,
            carried_out_at: None,
        }),
        Event::SolutionAccepted => set_verdict(round, at, true),
        Event::SolutionRejected { .. } => set_verdict(round, at, false),
        Event::CarriedOut { .. } => {
            if let Some(solution) = round.solutions.last_mut() {
                solution.carried_out_at = Some(at);
            }
        }
        // A graver loss replaces a lesser one; a major one stays as first reported.
        Event::LossReported { major, .. } if round.loss.is_none_or(|(_, known)| *major && !known) => {
            round.loss = Some((at, *major));
        }
        Event::ConcealmentFound { .. } => {
            round.concealed_at.get_or_insert(at);
        }
        Event::Closed { outcome, .. } => {
            for span in &mut round.pauses {
                span.to.get_or_insert(at);
            }
            // Whoever closes takes the classification as it stands.
            if let Some(doubt) = &mut round.doubt {
                doubt.settled_at.get_or_insert(at);
            }
            round.closed = Some((at, outcome.clone()));
        }
        Event::PersonAsked => round.person_asked_at = Some(at),
        Event::Surveyed { ratings, low, .. } => {
            round.survey = Some(SurveyAnswer { at, ratings: ratings.clone(), low: *low });
        }
        Event::RemedyProposed { grade, form, gives, .. } => {
            round.remedies.push(new_remedy(*grade, at, *form, gives));
        }
        _ => {}
    }
}

fn given(ticket: &mut Ticket, article: &ArticleId, version: u32, at: Timestamp, how: GivenHow) {
    let round = ticket.round_number();
    ticket.articles.push(Given { article: article.clone(), version, round, at, how, helpful: None });
}

/// What is not sure about what a round was classified as.
fn doubt(round: &Round, assessment: &Assessment) -> Option<Doubt> {
    let dimensions = assessment.doubted();
    let answered = round.current_facets().filter(|_| !dimensions.is_empty())?;
    let readings = assessment::readings(answered, &assessment.opinions);
    Some(Doubt { dimensions, readings, settled_at: None })
}

/// A person has looked: from now on what was said last holds alone.
fn settle(ticket: &mut Ticket, at: Timestamp) {
    if let Some(doubt) = ticket.rounds.last_mut().and_then(|round| round.doubt.as_mut()) {
        doubt.settled_at.get_or_insert(at);
    }
}

fn new_remedy(grade: Grade, at: Timestamp, form: Form, gives: &[yinuo_commitment::Give]) -> Remedy {
    Remedy {
        grade,
        proposed_at: at,
        form,
        gives: gives.to_vec(),
        approved_at: None,
        delivered_at: None,
        confirmed_at: None,
    }
}

/// Changes the remedy for `grade` that was proposed last, in whatever round.
fn with_remedy(ticket: &mut Ticket, grade: Grade, change: impl FnOnce(&mut Remedy)) {
    let mut latest_first = ticket.rounds.iter_mut().rev().flat_map(|round| &mut round.remedies);
    if let Some(remedy) = latest_first.find(|remedy| remedy.grade == grade) {
        change(remedy);
    }
}

fn set_verdict(round: &mut Round, at: Timestamp, accepted: bool) {
    if let Some(solution) = round.solutions.last_mut() {
        solution.verdict = Some((at, accepted));
    }
}

/// The pause that an exception on `ground` brings for promises that may pause for it.
const fn pause_of(ground: Ground) -> PauseReason {
    match ground {
        Ground::ForceMajeure => PauseReason::ForceMajeure,
    }
}

fn begin_pause(round: &mut Round, reason: PauseReason, at: Timestamp) {
    if round.open_pause(reason).is_none() {
        round.pauses.push(PauseSpan { reason, from: at, to: None });
    }
}

fn end_pause(round: &mut Round, reason: PauseReason, at: Timestamp) {
    for span in &mut round.pauses {
        if span.reason == reason && span.to.is_none() {
            span.to = Some(at);
        }
    }
}
