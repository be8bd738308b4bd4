//! Messages, contacts and words of the customer.

use jiff::Timestamp;
use yinuo_commitment::{Content, Kind, Mark, Promise};

use super::{
    super::{
        command::Answer,
        event::{Event, Purpose},
        refusal::Refusal,
        state::Ticket,
    },
    Facts, covering, guard, need_text, resumed_by_customer, told_ahead,
};
use crate::{roster::Actor, words::Words};

/// What an acknowledgement contains whatever the letter says (T10).
const ACKNOWLEDGEMENT: [Content; 2] = [Content::Apology, Content::InvestigationBegun];

pub(super) fn reply(
    ticket: &Ticket,
    answer: Answer,
    actor: Actor,
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    need_text("body", &answer.body)?;
    purpose_fits(ticket, answer.purpose)?;
    if let Some(told) = answer.told {
        told_ahead("told", told.by, now)?;
    }
    if answer.purpose == Purpose::Acknowledgement {
        contains(None, &ACKNOWLEDGEMENT, &answer.contents)?;
    }
    if let Some(mark) = answer.purpose.mark() {
        for promise in stopped_by(ticket, facts, mark) {
            contains(Some(promise), &promise.requires, &answer.contents)?;
            if let Some(tells) = promise.tells
                && tells != mark
                && answer.told.is_none_or(|told| told.mark != tells)
            {
                return Err(Refusal::TellWhen { promise: promise.id.clone(), mark: tells });
            }
        }
    }
    let mut events = vec![Event::Replied {
        body: answer.body,
        form: answer.form,
        purpose: answer.purpose,
        contents: answer.contents,
        told: answer.told,
        automatic: actor == Actor::System,
    }];
    events.extend(answer.article.filter(|_| actor.member().is_some()).map(|used| Event::ArticleUsed {
        article: used.article,
        version: used.version,
        edited: used.edited,
    }));
    Ok(events)
}

/// The promises covering the ticket whose clock a mark may stop.
fn stopped_by<'a>(ticket: &'a Ticket, facts: &Facts<'a>, mark: Mark) -> impl Iterator<Item = &'a Promise> {
    covering(ticket, facts).filter(move |promise| promise.until.contains(&mark))
}

/// What the letters want of a message that sets `mark`, beside what its step wants anyway.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demands {
    /// What it has to contain, each once.
    pub contents: Vec<Content>,
    /// Whether it has to tell by when something else will follow (T3).
    pub tells: bool,
}

/// See [`Demands`]. Only a message that may stop a clock has to contain anything.
pub fn demands(ticket: &Ticket, facts: &Facts<'_>, mark: Mark) -> Demands {
    let mut demands = Demands::default();
    if ticket.round().has(mark) {
        return demands;
    }
    for promise in stopped_by(ticket, facts, mark) {
        for content in &promise.requires {
            if !demands.contents.contains(content) {
                demands.contents.push(*content);
            }
        }
        demands.tells |= promise.tells.is_some_and(|tells| tells != mark);
    }
    demands
}

/// A message that the check of wording blocks is sent all the same (P9): who stands for it says why.
pub fn override_wording(objections: Vec<String>, reason: Words) -> Result<Event, Refusal> {
    need_text("override_reason", &reason)?;
    Ok(Event::WordingOverridden { objections, reason })
}

fn purpose_fits(ticket: &Ticket, purpose: Purpose) -> Result<(), Refusal> {
    let only: &'static [Kind] = match purpose {
        Purpose::Acknowledgement => &[Kind::Complaint],
        Purpose::DetailedReply => &[Kind::Consultation],
        Purpose::FullAnswer => &[Kind::Consultation, Kind::Suggestion],
        Purpose::Reply | Purpose::Progress => return Ok(()),
    };
    let kind = ticket.facets().kind;
    if !only.contains(&kind) {
        return Err(Refusal::NotForKind { kind, only });
    }
    match purpose.mark() {
        // A detailed reply that told no time may be followed by one that does, while the full answer is not there.
        Some(Mark::DetailedReply) => {
            guard::not_yet(ticket, Mark::FullAnswer)?;
            let mut replies = ticket.round().marks.iter().filter(|marked| marked.mark == Mark::DetailedReply);
            match replies.find(|reply| reply.told.is_some()) {
                Some(told) => Err(Refusal::Already { mark: Mark::DetailedReply, at: told.at }),
                None => Ok(()),
            }
        }
        Some(mark) => guard::not_yet(ticket, mark),
        None => Ok(()),
    }
}

fn contains(promise: Option<&Promise>, required: &[Content], stated: &[Content]) -> Result<(), Refusal> {
    let missing: Vec<Content> =
        required.iter().copied().filter(|content| !stated.contains(content)).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Contents { promise: promise.map(|promise| promise.id.clone()), missing })
    }
}

pub(super) fn contact(
    ticket: &Ticket,
    body: Words,
    contents: Vec<Content>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    need_text("body", &body)?;
    if !ticket.round().has(Mark::Contacted) {
        for promise in stopped_by(ticket, facts, Mark::Contacted) {
            contains(Some(promise), &promise.requires, &contents)?;
        }
    }
    Ok(vec![Event::Contacted { body, contents }])
}

/// What the customer says ends a wait for the customer.
pub(super) fn record_words(ticket: &Ticket, body: Words) -> Result<Vec<Event>, Refusal> {
    need_text("body", &body)?;
    let mut events = vec![Event::CustomerWrote { body }];
    events.extend(resumed_by_customer(ticket));
    Ok(events)
}
