//! Answers of the product itself, and what customers say to them.

use yinuo_commitment::{Form, Kind, Mark, Urgency};

use super::{
    super::{
        command::{Command, CommandKind},
        event::{Event, Outcome, Purpose, ReopenReason},
        refusal::Refusal,
        state::Ticket,
    },
    Facts, close, guard, need_text,
};
use crate::{id::ArticleId, words::Words};

/// Whether the round allows such a command.
pub(super) fn allowed(ticket: &Ticket, command: CommandKind) -> Result<(), Refusal> {
    let given = ticket.automatic_answer();
    match (command, given) {
        (CommandKind::GiveAnswer, _) => {
            let round = ticket.round_number();
            if ticket.articles.iter().any(|given| given.round == round) {
                return Err(Refusal::NothingChanges);
            }
            Ok(())
        }
        (_, None) => Err(Refusal::NoAutomaticAnswer),
        (CommandKind::JudgeAnswer, Some(given)) if given.helpful.is_some() => Err(Refusal::NothingChanges),
        (CommandKind::AskForPerson, Some(_)) if ticket.round().person_asked_at.is_some() => {
            Err(Refusal::NothingChanges)
        }
        _ => Ok(()),
    }
}

/// Decides on a command that is about automatic answers.
pub(super) fn decide(ticket: &Ticket, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::GiveAnswer { body, article, version, permille, method } => {
            give(ticket, body, article, version, permille, method)
        }
        Command::JudgeAnswer { helpful } => judge(ticket, helpful),
        _ => ask_for_person(ticket, facts),
    }
}

/// An article, given by the product itself: never to a complaint or an urgent request, never after a person's word, and
/// once in a round.
fn give(
    ticket: &Ticket,
    body: Words,
    article: ArticleId,
    version: u32,
    permille: u32,
    method: u32,
) -> Result<Vec<Event>, Refusal> {
    need_text("body", &body)?;
    let facets = ticket.facets();
    if facets.kind == Kind::Complaint || facets.urgency == Urgency::Urgent {
        return Err(Refusal::PeopleOnly);
    }
    guard::not_yet(ticket, Mark::FirstReply)?;
    let replied = Event::Replied {
        body,
        form: Form::Written,
        purpose: Purpose::Reply,
        contents: Vec::new(),
        told: None,
        automatic: true,
    };
    let permille = permille.min(1000);
    Ok(vec![replied, Event::AnswerGiven { article, version, permille, method }])
}

/// What the customer says of the automatic answer. A question that it settles is closed: nobody knows better.
fn judge(ticket: &Ticket, helpful: bool) -> Result<Vec<Event>, Refusal> {
    let given = ticket.automatic_answer().ok_or(Refusal::NoAutomaticAnswer)?;
    let mut events =
        vec![Event::AnswerJudged { article: given.article.clone(), version: given.version, helpful }];
    if helpful && ticket.facets().kind == Kind::Consultation {
        events.push(Event::Closed { outcome: Outcome::Settled, note: Words::default() });
    }
    Ok(events)
}

/// The way to a person, which is never closed: not even once the customer said that the answer had helped.
fn ask_for_person(ticket: &Ticket, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let given = ticket.automatic_answer().ok_or(Refusal::NoAutomaticAnswer)?;
    let mut events = Vec::new();
    if given.helpful != Some(false) {
        events.push(Event::AnswerJudged {
            article: given.article.clone(),
            version: given.version,
            helpful: false,
        });
    }
    if ticket.closed_at().is_some() {
        events.extend(close::opened_again(ticket, facts, ReopenReason::ClosedByMistake, Words::default()));
    }
    events.push(Event::PersonAsked);
    Ok(events)
}
