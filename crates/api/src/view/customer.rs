//! A ticket as its customer sees it. What is not written down here stays inside.

use yinuo_commitment::promise_sentence;
use yinuo_core::{
    access::may_command,
    clock::ClockSource,
    organisation::Organisation,
    roster::{Actor, Roster},
    ticket::{Entry, Event, Outcome},
    words::Words,
};
use yinuo_desk::{ClockSheet, TicketSheet};

use super::{
    both,
    clock::{Told, budget, state},
    sheet::{action, outcome, pins, ratings, solution, survey},
    timeline::word,
};
use crate::dto::{
    Instant,
    customer::{CustomerClock, CustomerRemedy, CustomerTicket, CustomerTimelineItem, Side},
    scalar::millis,
};

/// The ticket without anything internal.
pub(crate) fn customer_ticket(sheet: &TicketSheet, organisation: &Organisation) -> CustomerTicket {
    let ticket = &sheet.ticket;
    let roster = &organisation.roster;
    let owned = ticket.assignment.as_ref();
    let permitted = sheet.permitted.iter().filter(|(command, _)| may_command(None, *command));
    let mut survey = survey(ticket, &sheet.commitments);
    if let Some(answer) = survey.as_mut().and_then(|survey| survey.answer.as_mut()) {
        // Which ratings count as low is the company's measure of itself.
        answer.low = false;
    }
    CustomerTicket {
        number: ticket.number.clone(),
        version: ticket.version,
        as_of: sheet.as_of.into(),
        kind: ticket.facets().kind.into(),
        channel: ticket.channel.into(),
        language: ticket.language.into(),
        subject: ticket.subject.text().map(str::to_owned),
        body: ticket.body.text().map(str::to_owned),
        customer: (&ticket.customer).into(),
        received_at: ticket.received_at.into(),
        closed_at: ticket.closed_at().map(Instant),
        stage: ticket.stage().into(),
        outcome: outcome(ticket).map(|outcome| crate::dto::sheet::OutcomeDetail { of: None, ..outcome }),
        round: ticket.round_number(),
        handler: owned
            .and_then(|owned| owned.member)
            .and_then(|member| roster.members.get(&member))
            .map(|member| member.name.clone()),
        team: owned.and_then(|owned| roster.teams.get(&owned.team)).map(|team| (&team.name).into()),
        clocks: sheet.clocks.iter().map(|clock| customer_clock(clock, sheet)).collect(),
        timeline: sheet.entries.iter().zip(1..).flat_map(|(entry, seq)| items(entry, seq, roster)).collect(),
        actions: permitted.map(|(command, permitted)| action(*command, permitted)).collect(),
        solution: solution(ticket.round()),
        remedies: remedies(sheet),
        survey,
        pins: pins(ticket, &sheet.commitments),
    }
}

fn customer_clock(sheet: &ClockSheet, ticket: &TicketSheet) -> CustomerClock {
    let clock = &sheet.clock;
    let told = Told::of(&sheet.reading.state);
    let letter = ticket.commitments.get(clock.pin);
    let promise = letter.and_then(|letter| Some((letter.promise(clock.key.promise.as_str())?, letter)));
    let sentence = match (clock.source, promise) {
        (ClockSource::Promise, Some((promise, letter))) => {
            both(|language| promise_sentence(promise, letter, language))
        }
        _ => (&sheet.title).into(),
    };
    CustomerClock {
        commitment: clock.key.commitment.clone(),
        promise: clock.key.promise.to_string(),
        round: clock.key.round,
        title: (&sheet.title).into(),
        sentence,
        state: state(&sheet.reading.state),
        started_at: clock.started_at.into(),
        due_at: clock.due_at.map(Instant),
        provisional_year: clock.provisional_year(),
        ended_at: told.ended_at,
        paused_since: told.paused_since,
        remaining_ms: told.remaining_ms,
        overrun_ms: told.overrun_ms,
        budget: budget(clock),
        budget_ms: clock.budget_time().map(millis),
    }
}

/// What is offered becomes visible with its approval; before, it is a proposal among colleagues.
fn remedies(sheet: &TicketSheet) -> Vec<CustomerRemedy> {
    let remedies = sheet.ticket.rounds.iter().flat_map(|round| round.remedies.iter());
    remedies
        .map(|remedy| CustomerRemedy {
            grade: remedy.grade.into(),
            proposed_at: remedy.proposed_at.into(),
            gives: match remedy.approved_at {
                Some(_) => remedy.gives.iter().map(Into::into).collect(),
                None => Vec::new(),
            },
            approved_at: remedy.approved_at.map(Instant),
            delivered_at: remedy.delivered_at.map(Instant),
            confirmed_at: remedy.confirmed_at.map(Instant),
        })
        .collect()
}

fn items<'a>(
    entry: &'a Entry,
    seq: u32,
    roster: &'a Roster,
) -> impl Iterator<Item = CustomerTimelineItem> + 'a {
    entry.events.iter().filter_map(move |event| item(event, entry, seq, roster))
}

/// An event as the customer sees it; none if it is internal.
fn item(event: &Event, entry: &Entry, seq: u32, roster: &Roster) -> Option<CustomerTimelineItem> {
    let (by, name) = match entry.behind(event) {
        Actor::Customer => (Side::Customer, None),
        Actor::System => (Side::System, None),
        Actor::Member { id, .. } => {
            (Side::Company, roster.members.get(&id).map(|member| member.name.clone()))
        }
    };
    let mut item = CustomerTimelineItem {
        seq,
        at: entry.at.into(),
        by,
        name,
        event: word(event),
        text: None,
        kind: None,
        form: None,
        purpose: None,
        told: None,
        told_by: None,
        automatic: None,
        carry_out_by: None,
        pause: None,
        outcome: None,
        commitment: None,
        term: None,
        reopened: None,
        ratings: None,
        grade: None,
        helpful: None,
    };
    match seen(event, &mut item) {
        Seen::Nothing => return None,
        Seen::Happened => {}
        Seen::Words(words) => item.text = words.text().filter(|text| !text.is_empty()).map(str::to_owned),
    }
    Some(item)
}

/// What a customer learns of an event.
enum Seen<'a> {
    /// Nothing, not even that it happened.
    Nothing,
    /// That it happened.
    Happened,
    /// That it happened, with these words.
    Words(&'a Words),
}

/// Fills in what the customer may know of an event.
#[expect(clippy::too_many_lines, reason = "one arm per event: a table")]
fn seen<'a>(event: &'a Event, item: &mut CustomerTimelineItem) -> Seen<'a> {
    match event {
        Event::Classified { facets, .. } => {
            item.kind = Some(facets.kind.into());
            Seen::Happened
        }
        Event::Replied { body, form, purpose, told, automatic, .. } => {
            item.form = Some((*form).into());
            item.purpose = Some((*purpose).into());
            item.told = told.map(|told| told.mark.into());
            item.told_by = told.map(|told| Instant(told.by));
            item.automatic = Some(*automatic);
            Seen::Words(body)
        }
        Event::SolutionProposed { body, form, carry_out_by, .. } => {
            item.form = Some((*form).into());
            item.carry_out_by = Some((*carry_out_by).into());
            Seen::Words(body)
        }
        Event::Received { body, .. }
        | Event::CustomerWrote { body }
        | Event::Contacted { body, .. }
        | Event::Dispatched { body }
        | Event::Solved { body, .. }
        | Event::CarriedOut { body }
        | Event::SolutionRejected { reason: body }
        | Event::ExceptionGranted { alternative: body, .. } => Seen::Words(body),
        Event::Paused { reason, .. } | Event::Resumed { reason } => {
            item.pause = Some((*reason).into());
            Seen::Happened
        }
        Event::Closed { outcome, note } => {
            item.outcome = Some(outcome.word().to_owned());
            if let Outcome::OutOfScope { commitment, term } = outcome {
                item.commitment = Some(commitment.clone());
                item.term = Some(term.clone());
            }
            Seen::Words(note)
        }
        Event::Reopened { reason, body } => {
            item.reopened = Some((*reason).into());
            Seen::Words(body)
        }
        Event::Surveyed { ratings: given, comment, .. } => {
            item.ratings = Some(ratings(given));
            Seen::Words(comment)
        }
        // The notice is owed to the customer (B2); what is given shows once a person has approved it.
        Event::RemedyProposed { grade, notice, .. } => {
            item.grade = Some((*grade).into());
            Seen::Words(notice)
        }
        Event::RemedyDelivered { grade, .. } | Event::RemedyConfirmed { grade } => {
            item.grade = Some((*grade).into());
            Seen::Happened
        }
        Event::AnswerJudged { helpful, .. } => {
            item.helpful = Some(*helpful);
            Seen::Happened
        }
        Event::Assigned { .. }
        | Event::PersonAsked
        | Event::PickedUp { .. }
        | Event::CallEnded
        | Event::LookupTold
        | Event::Arrived
        | Event::InvestigationStarted { .. }
        | Event::VerifiedOnSite { .. }
        | Event::SolutionAccepted
        | Event::Confirmed
        | Event::ExceptionLifted { .. }
        | Event::MediationCalled { .. }
        | Event::MediationConcluded { .. }
        | Event::CalledBack { .. }
        | Event::CustomerCorrected { .. } => Seen::Happened,
        // Between colleagues.
        Event::LeftUnassigned
        | Event::Assessed { .. }
        | Event::ClassificationConfirmed
        | Event::Noted { .. }
        | Event::LossReported { .. }
        | Event::ConcealmentFound { .. }
        | Event::RemedyApproved { .. }
        // Who looked has a list of its own, which the customer may ask for.
        | Event::Revealed { .. }
        // How sure the product was, and that a person wrote from an article, is between colleagues.
        | Event::AnswerGiven { .. }
        | Event::ArticleUsed { .. }
        | Event::WordingOverridden { .. }
        | Event::AlarmFired { .. } => Seen::Nothing,
    }
}
