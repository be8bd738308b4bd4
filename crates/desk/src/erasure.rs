//! Erasing a person: the key under which all words of the person are sealed is destroyed together with the record that
//! says so. What is left are figures, clocks and a chain that still verifies; names and texts are gone for good.

use std::collections::BTreeSet;

use yinuo_core::{
    access::Operation,
    id::{PersonId, TicketId},
    organisation::{Erasure, OrganisationEvent},
    personal::ErasureReason,
    roster::Actor,
    ticket::{Customer, Entry, Event},
    view::TicketRow,
};
use yinuo_ledger::LedgerError;

use crate::{desk::Desk, error::DeskError, looks::row_for};

/// What an erasure concerns.
#[derive(Debug, Clone, PartialEq)]
pub struct ErasurePreview {
    /// Number of the ticket from which it was asked: what has to be typed again.
    pub number: String,
    /// How many persons are erased together, because they share a phone number or an e-mail address.
    pub persons: usize,
    /// All their tickets, in order of receipt.
    pub tickets: Vec<TicketRow>,
}

impl ErasurePreview {
    /// Numbers of the tickets that stand in the way: somebody still has to do something about them.
    pub fn open(&self) -> Vec<String> {
        self.tickets.iter().filter(|row| row.open).map(|row| row.number.clone()).collect()
    }
}

/// An erasure that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureOrder {
    /// Why.
    pub reason: ErasureReason,
    /// The number of the ticket, typed again: it cannot be undone.
    pub confirm: String,
    /// How many tickets the asker has seen in the preview: no more than those are erased.
    pub expected_tickets: usize,
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// When, by whom and why.
    pub erasure: Erasure,
    /// How many persons.
    pub persons: usize,
    /// Numbers of their tickets.
    pub numbers: Vec<String>,
}

/// Persons who are erased together, each with all tickets.
struct Concerned {
    persons: Vec<(PersonId, Vec<TicketId>)>,
    preview: ErasurePreview,
    /// The last position of the log when this was looked up.
    as_of: u64,
}

impl Desk {
    /// What erasing the person behind a ticket concerns.
    pub async fn preview_erasure(&self, ticket: TicketId, actor: Actor) -> Result<ErasurePreview, DeskError> {
        Self::allow(actor, Operation::ErasePerson)?;
        let mut preview = self.concerned(ticket).await?.preview;
        let house = self.house();
        preview.tickets = preview.tickets.into_iter().map(|row| row_for(actor, row, house.own())).collect();
        Ok(preview)
    }

    /// Erases the person behind a ticket, and whoever shares a contact with the person. Refused while a ticket of theirs is
    /// open. Record and end of the keys are one transaction: both are there or none.
    pub async fn erase_person(
        &self,
        ticket: TicketId,
        order: &ErasureOrder,
        actor: Actor,
    ) -> Result<Erased, DeskError> {
        Self::allow(actor, Operation::ErasePerson)?;
        for _ in 0..Self::TRIES {
            let concerned = self.concerned(ticket).await?;
            check(&concerned.preview, order)?;
            let events: Vec<OrganisationEvent> = concerned
                .persons
                .iter()
                .map(|(person, tickets)| OrganisationEvent::PersonErased {
                    person: *person,
                    tickets: tickets.clone(),
                    reason: order.reason,
                })
                .collect();
            let erases = concerned.persons.iter().map(|(person, _)| *person).collect();
            match self.organise_erasing(actor, events, erases, concerned.as_of).await {
                // Something happened to one of the tickets, or a new one came in: look again.
                Err(DeskError::Unavailable(LedgerError::PersonChanged)) => self.count_conflict(),
                Err(error) => return Err(error),
                Ok(()) => {
                    let erasure = self.erasure_of(ticket).await?;
                    let erasure = erasure.ok_or(DeskError::NotFound { what: "ticket" })?;
                    let rows = concerned.preview.tickets;
                    tracing::info!(tickets = rows.len(), "personal data were erased");
                    let numbers = rows.into_iter().map(|row| row.number).collect();
                    return Ok(Erased { erasure, persons: concerned.persons.len(), numbers });
                }
            }
        }
        Err(Self::overtaken("tickets of the person changed"))
    }

    /// How the person behind a ticket was erased. Another process may have done it, so the ledger is asked if it is not
    /// known here.
    pub(crate) async fn erasure_of(&self, ticket: TicketId) -> Result<Option<Erasure>, DeskError> {
        if let Some(erasure) = self.organisation().erased.get(&ticket) {
            return Ok(Some(*erasure));
        }
        self.refresh().await?;
        Ok(self.organisation().erased.get(&ticket).copied())
    }

    /// The error for whoever asks about somebody who was erased.
    pub(crate) fn erased(&self, erasure: &Erasure) -> DeskError {
        DeskError::Erased { on: erasure.at.to_zoned(self.zone().clone()).date() }
    }

    /// Everybody who has to be erased together with the person behind `ticket`: a contact on any of their tickets, also
    /// one that was corrected later, leads on to whoever is known by it or has named it as well.
    async fn concerned(&self, ticket: TicketId) -> Result<Concerned, DeskError> {
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let as_of = ledger.last_position(org).await?;
        let number = self.load_case(ticket).await?.ticket.number;
        if let Some(erasure) = self.erasure_of(ticket).await? {
            return Err(self.erased(&erasure));
        }
        let mut waiting: Vec<PersonId> = ledger.persons_of(org, &[ticket]).await?.into_values().collect();
        let mut seen: BTreeSet<PersonId> = waiting.iter().copied().collect();
        let (mut persons, mut all) = (Vec::new(), Vec::new());
        while let Some(person) = waiting.pop() {
            let tickets = ledger.tickets_of(org, person).await?;
            let mut contacts = BTreeSet::new();
            for ticket in &tickets {
                let loaded = ledger.load_ticket(org, *ticket).await?;
                let entries = loaded.map(|loaded| loaded.entries).unwrap_or_default();
                contacts.extend(customers(&entries).flat_map(|customer| self.0.index.contacts_of(customer)));
            }
            let contacts: Vec<_> = contacts.into_iter().collect();
            let sharing = ledger.persons_sharing(org, &contacts).await?;
            waiting.extend(sharing.into_iter().filter(|other| seen.insert(*other)));
            all.extend(&tickets);
            persons.push((person, tickets));
        }
        let mut tickets = ledger.tickets(org, &all).await?;
        tickets.sort_by_key(|row| (row.received_at, row.ticket));
        let preview = ErasurePreview { number, persons: persons.len(), tickets };
        Ok(Concerned { persons, preview, as_of })
    }
}

/// The customer as each of these entries tells.
fn customers(entries: &[Entry]) -> impl Iterator<Item = &Customer> {
    entries.iter().flat_map(|entry| &entry.events).filter_map(|event| match event {
        Event::Received { customer, .. } | Event::CustomerCorrected { customer, .. } => Some(customer),
        _ => None,
    })
}

/// Whether the order fits what it would do.
fn check(preview: &ErasurePreview, order: &ErasureOrder) -> Result<(), DeskError> {
    if order.confirm.trim().to_ascii_uppercase() != preview.number {
        return Err(DeskError::invalid(
            "confirm",
            "删除后无法恢复。请再次输入本工单的编号以确认。",
            "An erasure cannot be undone. Type the number of this ticket again to confirm it.",
        ));
    }
    let open = preview.open();
    if !open.is_empty() {
        return Err(DeskError::StillOpen { numbers: open });
    }
    let count = preview.tickets.len();
    if order.expected_tickets != count {
        let seen = order.expected_tickets;
        return Err(DeskError::invalid(
            "expected_tickets",
            format!("现在共涉及 {count} 张工单，而不是 {seen} 张；请重新查看后再确认。"),
            format!("It concerns {count} tickets now, not {seen}; look at them again, then confirm."),
        ));
    }
    Ok(())
}
