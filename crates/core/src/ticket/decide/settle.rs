//! Solutions, pauses and exceptions.

use jiff::Timestamp;
use yinuo_commitment::{Form, Ground, Need, PauseReason};

use super::{
    super::{command::CommandKind, event::Event, refusal::Refusal, state::Ticket},
    Facts, need_text, optional_text, told_ahead,
};
use crate::{clock, words::Words};

/// L5: a solution names its form and a deadline for carrying it out.
pub(super) fn propose(
    body: Words,
    form: Form,
    carry_out_by: Option<Timestamp>,
    meets_standard: bool,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    need_text("body", &body)?;
    let carry_out_by = carry_out_by.ok_or(Refusal::SolutionDeadlineMissing)?;
    told_ahead("carry_out_by", carry_out_by, now)?;
    Ok(vec![Event::SolutionProposed { body, form, carry_out_by, meets_standard }])
}

pub(super) fn pause(reason: PauseReason, note: Words) -> Result<Vec<Event>, Refusal> {
    need_text("note", &note)?;
    match reason {
        PauseReason::WaitingForCustomer => Ok(vec![Event::Paused { reason, note }]),
        PauseReason::ForceMajeure => Err(Refusal::PauseByException),
        PauseReason::Mediation => Err(Refusal::MediationStep { needs: CommandKind::CallMediation }),
    }
}

/// Pauses that came with an exception or a mediation end with them.
pub(super) fn resume(reason: PauseReason) -> Result<Vec<Event>, Refusal> {
    match reason {
        PauseReason::WaitingForCustomer => Ok(vec![Event::Resumed { reason }]),
        PauseReason::ForceMajeure => Err(Refusal::PauseByException),
        PauseReason::Mediation => Err(Refusal::MediationStep { needs: CommandKind::ConcludeMediation }),
    }
}

/// T8: an exception counts only with evidence, timely word to the customer and an alternative.
pub(super) fn grant_exception(
    ticket: &Ticket,
    facts: &Facts<'_>,
    now: Timestamp,
    ground: Ground,
    evidence: Words,
    word: Option<u32>,
    alternative: Words,
) -> Result<Vec<Event>, Refusal> {
    if ticket.round().open_exception(ground).is_some() {
        return Err(Refusal::AlreadyPaused { reason: PauseReason::ForceMajeure });
    }
    let mut missing = Vec::new();
    if evidence.is_blank() {
        missing.push(Need::Evidence);
    }
    if word.is_none() {
        missing.push(Need::WordToCustomer);
    }
    if alternative.is_blank() {
        missing.push(Need::Alternative);
    }
    let Some(version) = word.filter(|_| missing.is_empty()) else {
        return Err(Refusal::ExceptionNeeds { missing });
    };
    optional_text("evidence", &evidence)?;
    optional_text("alternative", &alternative)?;
    let since = ticket.round().started_at;
    let word_at = ticket
        .messages
        .iter()
        .find(|message| message.version == version && message.at >= since)
        .map(|message| message.at)
        .ok_or(Refusal::NoSuchMessage { version })?;
    let clocks = clock::clocks(ticket, facts, now);
    let excepted = clocks.iter().filter(|clock| {
        let promise =
            facts.commitments.get(clock.pin).and_then(|letter| letter.promise(clock.key.promise.as_str()));
        clock.end.is_none() && promise.is_some_and(|promise| promise.except.contains_key(&ground))
    });
    let excepted: Vec<_> = excepted.collect();
    if excepted.is_empty() {
        return Err(Refusal::NothingToExcept);
    }
    let too_late =
        excepted.iter().find_map(|clock| Some((clock, clock.due_at.filter(|due| word_at > *due)?)));
    if let Some((clock, due_at)) = too_late {
        return Err(Refusal::WordTooLate { promise: clock.key.promise.clone(), due_at });
    }
    Ok(vec![Event::ExceptionGranted { ground, evidence, word_at, alternative }])
}
