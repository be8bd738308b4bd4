//! Closing, reopening and the survey afterwards.

use yinuo_commitment::{Form, Kind, Mark};

use super::{
    super::{
        command::CommandKind,
        event::{Event, Outcome, Purpose, ReopenReason},
        refusal::Refusal,
        state::{Marked, Ticket},
    },
    Facts, need_text, needs, optional_text, routed,
};
use crate::{roster::Actor, words::Words};

pub(super) fn close(
    ticket: &Ticket,
    facts: &Facts<'_>,
    actor: Actor,
    outcome: Outcome,
    note: Words,
) -> Result<Vec<Event>, Refusal> {
    if actor == Actor::Customer && outcome != Outcome::Withdrawn {
        return Err(Refusal::NotAllowed { command: CommandKind::Close, role: None });
    }
    optional_text("note", &note)?;
    let mut events = Vec::new();
    match &outcome {
        Outcome::Settled => settled(ticket)?,
        Outcome::Unresolved => needs(ticket, Mark::SolutionRejected)?,
        Outcome::Withdrawn => {}
        Outcome::Duplicate { of } => {
            if *of == ticket.id {
                return Err(Refusal::DuplicateOfItself);
            }
        }
        Outcome::OutOfScope { commitment, term } => {
            term_excludes(facts, commitment, term)?;
            need_text("note", &note)?;
            // The refusal is the formal reply to the customer's need.
            events.push(Event::Replied {
                body: note.clone(),
                form: Form::Written,
                purpose: Purpose::Reply,
                contents: Vec::new(),
                told: None,
                automatic: actor == Actor::System,
            });
        }
    }
    events.push(Event::Closed { outcome, note });
    Ok(events)
}

/// What each kind has to have reached before it is settled.
fn settled(ticket: &Ticket) -> Result<(), Refusal> {
    match ticket.facets().kind {
        Kind::Consultation => needs(ticket, Mark::FullAnswer),
        Kind::Repair => needs(ticket, Mark::Solved),
        Kind::Complaint => needs(ticket, Mark::CarriedOut),
        // An automatic receipt of a suggestion is no answer to it; thanks for praise may be automatic.
        Kind::Suggestion if ticket.round().marks.iter().any(by_a_person) => Ok(()),
        Kind::Suggestion => Err(Refusal::Needs { mark: Mark::FirstReply }),
        Kind::Praise => needs(ticket, Mark::FirstReply),
    }
}

fn by_a_person(marked: &Marked) -> bool {
    marked.mark == Mark::FirstReply && !marked.automatic
}

/// L6: the term has to be published in a letter of the ticket, and to describe what is outside its scope.
fn term_excludes(facts: &Facts<'_>, commitment: &str, term: &str) -> Result<(), Refusal> {
    let excluding = facts.commitments.iter().flat_map(|letter| {
        letter
            .scope
            .iter()
            .filter(|scope| !scope.inside)
            .map(|scope| (letter.number.as_str(), scope.id.as_str()))
    });
    let known: Vec<(&str, &str)> = excluding.collect();
    if known.contains(&(commitment, term)) {
        return Ok(());
    }
    Err(Refusal::ScopeTermUnknown {
        commitment: commitment.to_owned(),
        term: term.to_owned(),
        known: known.into_iter().map(|(number, id)| format!("{number} {id}")).collect(),
    })
}

/// A new round begins. Whoever had the ticket has it again, if still there.
pub(super) fn reopen(
    ticket: &Ticket,
    facts: &Facts<'_>,
    reason: ReopenReason,
    body: Words,
) -> Result<Vec<Event>, Refusal> {
    need_text("body", &body)?;
    Ok(opened_again(ticket, facts, reason, body))
}

/// The events of a reopening.
pub(super) fn opened_again(
    ticket: &Ticket,
    facts: &Facts<'_>,
    reason: ReopenReason,
    body: Words,
) -> Vec<Event> {
    let mut events = vec![Event::Reopened { reason, body }];
    let facets = ticket.facets();
    let owner = ticket.assignment.as_ref().and_then(|owned| owned.member);
    let still_there = owner.and_then(|id| facts.roster.members.get(&id)).is_some_and(|member| member.active);
    if !still_there {
        events.push(routed(facets.kind, facts));
    }
    events
}

/// S2: ratings from 1 to 5 for questions that the letters ask.
pub(super) fn answer_survey(
    facts: &Facts<'_>,
    ratings: Vec<(String, u8)>,
    comment: Words,
) -> Result<Vec<Event>, Refusal> {
    optional_text("comment", &comment)?;
    let surveys = || facts.commitments.iter().filter_map(|commitment| commitment.survey.as_ref());
    let mut asked: Vec<String> = surveys().flat_map(|survey| survey.ask.iter().cloned()).collect();
    asked.sort_unstable();
    asked.dedup();
    if ratings.is_empty() {
        return Err(Refusal::Rating { question: String::new(), asked });
    }
    for (index, (question, rating)) in ratings.iter().enumerate() {
        let repeated = ratings.iter().take(index).any(|(earlier, _)| earlier == question);
        if repeated || !asked.contains(question) || !(1..=5).contains(rating) {
            return Err(Refusal::Rating { question: question.clone(), asked });
        }
    }
    let low = surveys()
        .filter_map(|survey| survey.low.as_ref())
        .any(|low| ratings.iter().any(|(_, rating)| *rating <= low.at_most));
    Ok(vec![Event::Surveyed { ratings, low, comment }])
}
