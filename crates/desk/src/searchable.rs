//! What of a ticket is searched: its texts, part by part, with personal data masked.
//!
//! The index is filled from these texts and hits are looked up in these texts, so that both always mean the same.

use jiff::Timestamp;
use yinuo_core::{
    ticket::{Entry, Event, Said},
    view::TicketRow,
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
    if let Event::Received { number, .. } = event {
        to(PartKind::Number, true, number);
    }
    event.each_said(|said, words| {
        let kind = match said {
            Said::Subject => PartKind::Subject,
            Said::Request => PartKind::Request,
            Said::Customer => PartKind::Customer,
            Said::Reply => PartKind::Reply,
            Said::Note => PartKind::Note,
            Said::Course | Said::Finding => PartKind::Course,
            // Reasons that were made by the product, and those of looks and changes.
            Said::Reason => return,
        };
        if let Some(text) = words.text().filter(|text| !text.trim().is_empty()) {
            to(kind, said.is_shared(), text);
        }
    });
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
