//! The check of wording (P9): what is wrong with a message before it reaches the customer.
//!
//! What has to be mended blocks the message; somebody with the right may send it all the same and says why, which the
//! ticket then records. Style only warns. What the product itself writes is not checked here but by tests.

use std::collections::BTreeSet;

use yinuo_commitment::{Mark, Urgency};
use yinuo_core::{
    access::{self, Operation},
    id::TicketId,
    roster::Actor,
    ticket::{self, Command, CommandKind, Event, Facts, Outcome, Purpose, Refusal, decide::TEXT_MAX_CHARS},
    words::Words,
};
use yinuo_language::{
    personal::{Leave, Sort, find_but},
    wording::{self, Code, Part, Remark, Severity, Step},
};

use crate::{
    case::Case,
    desk::{Desk, House},
    error::DeskError,
    veil::known,
};

/// What somebody is about to tell a customer.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'a> {
    /// On which occasion.
    pub step: Step,
    /// The words.
    pub text: &'a str,
    /// Parts that stand beside the words, in fields that the customer is shown.
    pub beside: &'a [Part],
}

/// The step that a message for `purpose` takes.
pub const fn step_of(purpose: Purpose) -> Step {
    match purpose {
        Purpose::Reply => Step::Reply,
        Purpose::Acknowledgement => Step::Acknowledgement,
        Purpose::DetailedReply => Step::DetailedReply,
        Purpose::FullAnswer => Step::FullAnswer,
        Purpose::Progress => Step::Progress,
    }
}

/// The command that says something on this occasion.
const fn command_of(step: Step) -> CommandKind {
    match step {
        Step::Reply | Step::Acknowledgement | Step::DetailedReply | Step::FullAnswer | Step::Progress => {
            CommandKind::Reply
        }
        Step::Contact => CommandKind::Contact,
        Step::Dispatch => CommandKind::Dispatch,
        Step::Solve => CommandKind::Solve,
        Step::ProposeSolution => CommandKind::ProposeSolution,
        Step::CarryOut => CommandKind::CarryOut,
        Step::Refusal | Step::Close => CommandKind::Close,
        Step::Exception => CommandKind::GrantException,
        Step::Remedy => CommandKind::ProposeRemedy,
        Step::CallBack => CommandKind::CallBack,
    }
}

/// The mark that a message of this step sets, where letters may want something of it.
const fn mark_of(step: Step) -> Option<Mark> {
    match step {
        Step::Acknowledgement => Purpose::Acknowledgement.mark(),
        Step::DetailedReply => Purpose::DetailedReply.mark(),
        Step::FullAnswer => Purpose::FullAnswer.mark(),
        Step::Progress => Purpose::Progress.mark(),
        Step::Contact => Some(Mark::Contacted),
        _ => None,
    }
}

/// What a command tells the customer, and in which field.
fn said(command: &Command) -> Option<(&'static str, Saying<'_>)> {
    let (field, step, words, beside): (_, _, &Words, &[Part]) = match command {
        Command::Reply { answer } => {
            let told: &[Part] = if answer.told.is_some() { &[Part::AnswerTime, Part::NextWord] } else { &[] };
            ("body", step_of(answer.purpose), &answer.body, told)
        }
        Command::Contact { body, .. } => ("body", Step::Contact, body, &[]),
        Command::Dispatch { body } => ("body", Step::Dispatch, body, &[]),
        Command::Solve { body, .. } => ("body", Step::Solve, body, &[]),
        Command::ProposeSolution { body, carry_out_by, .. } => {
            let deadline: &[Part] = if carry_out_by.is_some() { &[Part::Deadline] } else { &[] };
            ("body", Step::ProposeSolution, body, deadline)
        }
        Command::CarryOut { body } => ("body", Step::CarryOut, body, &[]),
        Command::GrantException { alternative, .. } => ("alternative", Step::Exception, alternative, &[]),
        Command::ProposeRemedy { notice, .. } => ("notice", Step::Remedy, notice, &[]),
        Command::Close { outcome: Outcome::OutOfScope { .. }, note } => {
            ("note", Step::Refusal, note, &[Part::Term])
        }
        Command::Close { note, .. } if !note.is_blank() => ("note", Step::Close, note, &[]),
        _ => return None,
    };
    Some((field, Saying { step, text: words.text()?, beside }))
}

impl House {
    /// What the organisation publishes of itself: numbers, mailboxes and addresses that stand in its letters.
    pub(crate) fn own(&self) -> &Leave {
        self.own.get_or_init(|| {
            let all = Leave::default().and_report_hotlines();
            let letters = self.organisation.published.iter().map(|published| published.text.as_str());
            let found = letters.flat_map(|text| {
                let values = find_but(text, &all).into_iter().filter(|found| found.sort != Sort::Name);
                values.filter_map(move |found| text.get(found.span))
            });
            Leave::own(found.collect::<BTreeSet<&str>>())
        })
    }
}

/// What the customer wrote.
fn written(case: &Case) -> Vec<&str> {
    let events = case.entries.iter().flat_map(|entry| &entry.events);
    let words = events.flat_map(|event| match event {
        Event::Received { subject, body, .. } => vec![subject, body],
        Event::CustomerWrote { body }
        | Event::SolutionRejected { reason: body }
        | Event::Reopened { body, .. } => vec![body],
        _ => Vec::new(),
    });
    words.filter_map(Words::text).collect()
}

impl Desk {
    /// What is wrong with a message to the customer of a ticket, in the order of its text. For whoever may send it.
    pub async fn check_reply(
        &self,
        ticket: TicketId,
        saying: Saying<'_>,
        actor: Actor,
    ) -> Result<Vec<Remark>, DeskError> {
        let command = command_of(saying.step);
        let Actor::Member { role, .. } = actor else {
            return Err(Refusal::NotAllowed { command, role: None }.into());
        };
        Self::allow(actor, Operation::ReadTickets)?;
        if !access::may_command(Some(role), command) {
            return Err(Refusal::NotAllowed { command, role: Some(role) }.into());
        }
        if saying.text.chars().count() > TEXT_MAX_CHARS {
            return Err(Refusal::TooLong { field: "text", max_chars: TEXT_MAX_CHARS }.into());
        }
        Ok(self.remarks(&self.load_case(ticket).await?, saying))
    }

    fn remarks(&self, case: &Case, saying: Saying<'_>) -> Vec<Remark> {
        let (house, ticket) = (self.house(), &case.ticket);
        let roster = &house.organisation.roster;
        let no_load = std::collections::BTreeMap::new();
        let facts = Facts { commitments: &case.commitments, roster, load: &no_load };
        let (facets, round) = (ticket.facets(), ticket.round());
        let wanted =
            mark_of(saying.step).map(|mark| ticket::demands(ticket, &facts, mark)).unwrap_or_default();
        let staff: Vec<&str> = roster.members.values().map(|member| member.name.as_str()).collect();
        let heard = round.marks.iter().any(|marked| marked.mark == Mark::FirstReply && !marked.automatic);
        let facts = wording::Facts {
            step: saying.step,
            kind: facets.kind,
            // T9: severity and plan are what the first contact about an urgent repair has to tell.
            urgent: facets.urgency == Urgency::Urgent && !round.has(Mark::Contacted),
            first: !heard,
            requires: &wanted.contents,
            tells_time: wanted.tells,
            beside: saying.beside,
            customer: &known(&ticket.customer).into_iter().map(|(_, known)| known).collect::<Vec<_>>(),
            written: &written(case),
            leave: house.own(),
            staff: &staff,
        };
        wording::check(saying.text, &facts)
    }

    /// Checks what a person of the company is about to tell the customer with `command`, which yielded `events`. What
    /// blocks it is refused, or, with a reason from somebody who may, recorded beside the message.
    pub(crate) fn worded(
        &self,
        case: &Case,
        command: &Command,
        actor: Actor,
        override_reason: Option<&str>,
        events: &mut Vec<Event>,
    ) -> Result<(), DeskError> {
        let Actor::Member { .. } = actor else { return Ok(()) };
        let Some((field, saying)) = said(command) else { return Ok(()) };
        let remarks = self.remarks(case, saying);
        if !wording::blocks(&remarks) {
            return Ok(());
        }
        let Some(reason) = override_reason else {
            return Err(DeskError::Wording { field, text: saying.text.to_owned(), remarks });
        };
        Self::allow(actor, Operation::OverrideWording)?;
        let blocking = remarks.iter().filter(|remark| remark.severity == Severity::Required);
        let codes: BTreeSet<Code> = blocking.map(|remark| remark.code).collect();
        let objections = codes.into_iter().map(|code| code.word().to_owned()).collect();
        events.push(ticket::override_wording(objections, reason.into())?);
        Ok(())
    }
}
