//! What people confirmed and corrected, as examples to learn from: read from the tickets each time, so whoever was erased is
//! not among it.

use std::collections::BTreeMap;

use yinuo_core::{
    id::TicketId,
    ticket::{Classifier, Entry, Event, Triage},
};
use yinuo_language::{
    Labels,
    corpus::{self, Example, Origin, Side, side},
};
use yinuo_ledger::{Page, TicketFilter};

use crate::{desk::Desk, error::DeskError};

/// Tickets looked at together.
const PAGE: u32 = 200;

/// Corrections that are learned from at most: the tickets that are due first come first.
const CORRECTIONS_MAX: usize = 20_000;

/// Of the texts by which models are compared, those of one person are at most so many for each hundred shipped ones: whoever
/// corrects wrongly cannot make the wrong model look right.
const JUDGED_OF_ONE_PERSON_PERCENT: usize = 10;

impl Desk {
    /// Tickets whose classification a person has confirmed or corrected.
    pub(super) async fn looked_at(&self) -> Result<Vec<TicketId>, DeskError> {
        let filter =
            TicketFilter { triage: vec![Triage::Confirmed, Triage::Corrected], ..TicketFilter::default() };
        let (mut page, mut found) = (Page::first(PAGE), Vec::new());
        while found.len() < CORRECTIONS_MAX {
            let part = self.0.ledger.list_tickets(&self.0.org, &filter, &page).await?;
            found.extend(part.rows.iter().map(|row| row.ticket));
            let Some(next) = part.next else { break };
            page.after = Some(next);
        }
        Ok(found)
    }

    /// What people confirmed and corrected, with the texts. Who was erased is not among it: the texts are gone.
    pub(super) async fn corrections(&self) -> Result<Vec<Example>, DeskError> {
        let mut examples = Vec::new();
        for tickets in self.looked_at().await?.chunks(PAGE as usize) {
            let loaded = self.0.ledger.load_tickets(&self.0.org, tickets).await?;
            examples.extend(loaded.values().flat_map(|loaded| of_ticket(&loaded.entries)));
        }
        Ok(examples)
    }
}

/// What people said that a ticket is. What somebody says at the receipt is no correction.
fn of_ticket(entries: &[Entry]) -> Vec<Example> {
    let mut examples = Vec::new();
    let (mut text, mut facets) = (None, None);
    for (entry, place) in entries.iter().zip(0_usize..) {
        for event in &entry.events {
            let says = match event {
                Event::Received { subject, body, .. } => {
                    text = subject.text().zip(body.text());
                    false
                }
                Event::Classified { facets: said, by, .. } => {
                    facets = Some(said);
                    *by == Classifier::Person && place > 0
                }
                Event::ClassificationConfirmed => true,
                _ => false,
            };
            if let (true, Some(member), Some((subject, body)), Some(facets)) =
                (says, entry.actor.member(), text, facets)
            {
                examples.push(Example {
                    subject: subject.to_owned(),
                    body: body.to_owned(),
                    labels: Labels::of(facets),
                    origin: Origin::Person(member.to_string()),
                });
            }
        }
    }
    examples
}

/// The shipped texts and those of the organisation.
pub(super) fn with_shipped(mut examples: Vec<Example>) -> Vec<Example> {
    let mut texts = corpus::shipped().unwrap_or_default();
    texts.append(&mut examples);
    texts
}

/// The texts by which models are compared: held back, and of one person no more than a share of the shipped ones.
pub(super) fn judging(texts: &[Example]) -> Vec<Example> {
    let held_back = texts.iter().filter(|text| side(&text.subject, &text.body) == Side::HeldBack);
    let shipped = held_back.clone().filter(|text| text.origin == Origin::Base).count();
    let most = (shipped * JUDGED_OF_ONE_PERSON_PERCENT / 100).max(1);
    let mut by_person: BTreeMap<&Origin, usize> = BTreeMap::new();
    let mut judging = Vec::new();
    for text in held_back {
        let count = by_person.entry(&text.origin).or_default();
        *count += 1;
        if text.origin == Origin::Base || *count <= most {
            judging.push(text.clone());
        }
    }
    judging
}
