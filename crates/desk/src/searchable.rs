//! What of a ticket is searched: its texts, part by part, with personal data masked.
//!
//! The index is filled from these texts and hits are looked up in these texts, so that both always mean the same.

use jiff::Timestamp;
use yinuo_core::{
    ticket::{Entry, Event},
    view::TicketRow,
    words::Words,
};
use yinuo_language::tokens::{BORDER, TokenKey};
use yinuo_ledger::{Audience, Document, Traits};

use crate::veil::{ever_known, masked};

/// What a part of a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartKind {
    /// Its number.
    Number,
    /// The subject.
    Subject,
    /// The request itself.
    Request,
    /// What the customer wrote later.
    Customer,
    /// What the company wrote to the customer.
    Reply,
    /// A note between colleagues.
    Note,
    /// What was done: visits, findings, exceptions, how it ended.
    Course,
}

impl PartKind {
    /// Every kind.
    pub const ALL: &'static [PartKind] = &[
        PartKind::Number,
        PartKind::Subject,
        PartKind::Request,
        PartKind::Customer,
        PartKind::Reply,
        PartKind::Note,
        PartKind::Course,
    ];

    /// The word in APIs.
    pub const fn word(self) -> &'static str {
        match self {
            PartKind::Number => "number",
            PartKind::Subject => "subject",
            PartKind::Request => "request",
            PartKind::Customer => "customer",
            PartKind::Reply => "reply",
            PartKind::Note => "note",
            PartKind::Course => "course",
        }
    }
}

/// A text of a ticket, masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// What it is.
    pub(crate) kind: PartKind,
    /// Which entry of the ticket it comes from, from 1.
    pub(crate) seq: u32,
    /// When that happened.
    pub(crate) at: Timestamp,
    /// Whether the customer may read it.
    pub(crate) customer: bool,
    /// The text.
    pub(crate) text: String,
}

/// The texts of a ticket in the order in which they were written. What was erased is none.
pub(crate) fn parts(entries: &[Entry]) -> Vec<Part> {
    let known = ever_known(entries);
    let mut parts = Vec::new();
    for (entry, seq) in entries.iter().zip(1..) {
        for event in &entry.events {
            texts(event, |kind, customer, text| {
                let text = match kind {
                    PartKind::Number => text.to_owned(),
                    _ => masked(text, &known),
                };
                parts.push(Part { kind, seq, at: entry.at, customer, text });
            });
        }
    }
    parts
}

/// Gives every text of an event that is searched: what it is, whether the customer may read it, and itself.
fn texts(event: &Event, mut to: impl FnMut(PartKind, bool, &str)) {
    let mut give = |kind, customer, words: &Words| {
        if let Some(text) = words.text().filter(|text| !text.trim().is_empty()) {
            to(kind, customer, text);
        }
    };
    match event {
        Event::Received { number, subject, body, .. } => {
            give(PartKind::Number, true, &Words::new(number));
            give(PartKind::Subject, true, subject);
            give(PartKind::Request, true, body);
        }
        Event::CustomerWrote { body }
        | Event::SolutionRejected { reason: body }
        | Event::Reopened { body, .. }
        | Event::Surveyed { comment: body, .. } => give(PartKind::Customer, true, body),
        Event::Replied { body, .. }
        | Event::SolutionProposed { body, .. }
        | Event::RemedyProposed { notice: body, .. } => give(PartKind::Reply, true, body),
        Event::Noted { body } | Event::Paused { note: body, .. } | Event::LossReported { body, .. } => {
            give(PartKind::Note, false, body);
        }
        Event::Contacted { body, .. }
        | Event::Dispatched { body }
        | Event::Solved { body, .. }
        | Event::CarriedOut { body }
        | Event::Closed { note: body, .. } => give(PartKind::Course, true, body),
        Event::ExceptionGranted { evidence, alternative, .. } => {
            give(PartKind::Course, false, evidence);
            give(PartKind::Course, true, alternative);
        }
        Event::InvestigationStarted { body }
        | Event::VerifiedOnSite { findings: body }
        | Event::MediationCalled { mediator: body }
        | Event::MediationConcluded { outcome: body, .. }
        | Event::ConcealmentFound { body }
        | Event::CalledBack { body }
        | Event::RemedyDelivered { note: body, .. } => give(PartKind::Course, false, body),
        // Reasons that were made by the product, contact data, reasons of looks, and what has no words.
        Event::Classified { .. }
        | Event::Assessed { .. }
        | Event::ClassificationConfirmed
        | Event::CustomerCorrected { .. }
        | Event::Revealed { .. }
        | Event::AnswerGiven { .. }
        | Event::ArticleUsed { .. }
        | Event::AnswerJudged { .. }
        | Event::PersonAsked
        | Event::WordingOverridden { .. }
        | Event::Assigned { .. }
        | Event::LeftUnassigned
        | Event::PickedUp { .. }
        | Event::CallEnded
        | Event::LookupTold
        | Event::Arrived
        | Event::SolutionAccepted
        | Event::Confirmed
        | Event::Resumed { .. }
        | Event::ExceptionLifted { .. }
        | Event::RemedyApproved { .. }
        | Event::RemedyConfirmed { .. }
        | Event::AlarmFired { .. } => {}
    }
}

/// The parts for an audience as one text.
pub(crate) fn whole(parts: &[Part], audience: Audience) -> String {
    let mut whole = String::new();
    for part in parts.iter().filter(|part| part.customer || audience == Audience::Staff) {
        if !whole.is_empty() {
            whole.push(BORDER);
        }
        whole.push_str(&part.text);
    }
    whole
}

/// The ticket as it is indexed.
pub(crate) fn document(key: &TokenKey, row: &TicketRow, entries: &[Entry]) -> Document {
    let parts = parts(entries);
    let internal = parts.iter().any(|part| !part.customer);
    let pages = |audience| key.pages(&whole(&parts, audience));
    Document {
        ticket: row.ticket,
        traits: traits(row),
        received_at: row.received_at,
        customer: pages(Audience::Customer),
        staff: internal.then(|| pages(Audience::Staff)),
    }
}

/// What a search can be narrowed by.
fn traits(row: &TicketRow) -> Traits {
    Traits {
        kind: row.kind,
        channel: row.channel,
        urgency: row.urgency,
        severity: row.severity,
        complexity: row.complexity,
        stage: row.stage,
        open: row.open,
        topic: row.topic.clone(),
        team: row.team.clone(),
    }
}
