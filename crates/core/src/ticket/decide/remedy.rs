//! Remedies: proposed by rule, approved by a person, delivered, confirmed (B2, B4).

use jiff::Timestamp;
use yinuo_commitment::{Form, Give, Grade};

use super::{
    super::{
        command::CommandKind,
        event::Event,
        refusal::Refusal,
        state::{Remedy, Ticket},
    },
    Facts, guard, need_text, optional_text,
};
use crate::words::Words;

pub(super) fn propose(
    ticket: &Ticket,
    facts: &Facts<'_>,
    now: Timestamp,
    grade: Grade,
    notice: Words,
    form: Form,
    gives: Vec<Give>,
) -> Result<Vec<Event>, Refusal> {
    guard::has_breach(ticket, facts, grade, now)?;
    need_text("notice", &notice)?;
    let terms = facts.commitments.iter().filter_map(|commitment| commitment.breaches.get(&grade));
    if form == Form::Oral && terms.into_iter().any(|terms| terms.notice == Form::Written) {
        return Err(Refusal::WrittenNotice { grade });
    }
    Ok(vec![Event::RemedyProposed { grade, notice, form, gives }])
}

pub(super) fn can_approve(ticket: &Ticket, grade: Grade) -> Result<(), Refusal> {
    step(ticket, grade, CommandKind::ProposeRemedy, |remedy| remedy.approved_at.is_none())
}

pub(super) fn can_deliver(ticket: &Ticket, grade: Grade) -> Result<(), Refusal> {
    step(ticket, grade, CommandKind::ApproveRemedy, |remedy| {
        remedy.approved_at.is_some() && remedy.delivered_at.is_none()
    })
}

pub(super) fn can_confirm(ticket: &Ticket, grade: Grade) -> Result<(), Refusal> {
    step(ticket, grade, CommandKind::DeliverRemedy, |remedy| {
        remedy.delivered_at.is_some() && remedy.confirmed_at.is_none()
    })
}

pub(super) fn approve(ticket: &Ticket, grade: Grade) -> Result<Vec<Event>, Refusal> {
    can_approve(ticket, grade)?;
    Ok(vec![Event::RemedyApproved { grade }])
}

pub(super) fn deliver(ticket: &Ticket, grade: Grade, note: Words) -> Result<Vec<Event>, Refusal> {
    can_deliver(ticket, grade)?;
    optional_text("note", &note)?;
    Ok(vec![Event::RemedyDelivered { grade, note }])
}

pub(super) fn confirm(ticket: &Ticket, grade: Grade) -> Result<Vec<Event>, Refusal> {
    can_confirm(ticket, grade)?;
    Ok(vec![Event::RemedyConfirmed { grade }])
}

fn step(
    ticket: &Ticket,
    grade: Grade,
    needs: CommandKind,
    fits: impl Fn(&Remedy) -> bool,
) -> Result<(), Refusal> {
    match ticket.remedy(grade) {
        Some(remedy) if fits(remedy) => Ok(()),
        _ => Err(Refusal::RemedyStep { grade, needs }),
    }
}
