//! Personal data of customers: who sees what, looking at it with a reason, and who looked (C1).

use jiff::Timestamp;
use yinuo_core::{
    access::{self, Operation},
    id::TicketId,
    personal::PersonalField,
    roster::Actor,
    ticket::{Command, Customer, Entry, Event, Ticket},
    view::TicketRow,
    words::Words,
};
use yinuo_language::personal::Leave;

use crate::{
    case::Case,
    desk::Desk,
    error::DeskError,
    sheet::TicketSheet,
    veil::{Veil, customers},
};

/// What somebody asked to see, in full. Goes to the asker alone.
#[derive(Debug, Clone)]
pub struct Revealed {
    /// The fields that were asked for, with their values.
    pub values: Vec<(PersonalField, Words)>,
    /// The ticket with its texts in full, if those were asked for. Contact data in it are masked as ever.
    pub sheet: Option<Box<TicketSheet>>,
    /// Version of the ticket after the look was put on record.
    pub version: u32,
    /// When.
    pub at: Timestamp,
}

/// Somebody looked at personal data of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// Who, in the role of that moment.
    pub by: Actor,
    /// At what.
    pub fields: Vec<PersonalField>,
    /// Why; gone after an erasure.
    pub reason: Words,
}

/// Whether `actor` sees `field` in clear. The product itself shows nothing to anybody.
pub(crate) fn sees(actor: Actor, field: PersonalField) -> bool {
    match actor {
        Actor::Customer => access::sees(None, field),
        Actor::Member { role, .. } => access::sees(Some(role), field),
        Actor::System => false,
    }
}

/// The customer as `actor` sees it.
fn customer_for(actor: Actor, customer: &Customer) -> Customer {
    customer.masked_but(|field| sees(actor, field))
}

/// Masks what `actor` does not see: in the ticket, and wherever its entries say it again. Reasons of looks are for those
/// who check them. Gives what was hidden, and could be asked for.
pub(crate) fn mask(
    actor: Actor,
    ticket: &mut Ticket,
    entries: &mut [Entry],
    own: &Leave,
) -> Vec<PersonalField> {
    if actor == Actor::Customer {
        return Vec::new();
    }
    let customer = ticket.customer.clone();
    let ever: Vec<Customer> = customers(entries).cloned().collect();
    let texts_hidden = Veil::of(actor, &ever, own).is_some_and(|veil| veil.over_all(ticket, entries));
    ticket.customer = customer_for(actor, &customer);
    mask_entries(actor, entries);
    let hidden = |field: &PersonalField| match field {
        PersonalField::Texts => texts_hidden,
        field => !sees(actor, *field) && field.is_on_record(&customer),
    };
    PersonalField::ALL.iter().copied().filter(hidden).collect()
}

/// Contact data and reasons of looks in `entries`, as `actor` sees them.
fn mask_entries(actor: Actor, entries: &mut [Entry]) {
    let reads_looks = Desk::allow(actor, Operation::ReadLooks).is_ok();
    for event in entries.iter_mut().flat_map(|entry| &mut entry.events) {
        match event {
            Event::Received { customer, .. } | Event::CustomerCorrected { customer, .. } => {
                *customer = customer_for(actor, customer);
            }
            Event::Revealed { reason, .. } if !reads_looks && reason.text().is_some() => *reason = "".into(),
            _ => {}
        }
    }
}

/// The row as `actor` sees it; `own` is what the organisation publishes of itself.
pub(crate) fn row_for(actor: Actor, mut row: TicketRow, own: &Leave) -> TicketRow {
    let named = |name| Customer { name, ..Customer::default() };
    let now = named(row.customer);
    // What a subject says was written when the customer had another name, perhaps.
    let ever: Vec<Customer> = std::iter::once(now.clone())
        .chain(std::mem::take(&mut row.names_before).into_iter().map(named))
        .collect();
    if let Some(veil) = Veil::of(actor, &ever, own) {
        veil.over(&mut row.subject);
    }
    row.customer = customer_for(actor, &now).name;
    row
}

impl Desk {
    /// Shows personal data of the customer of a ticket to somebody who says why. First the look is put on record, then
    /// the values are given; nobody else gets them.
    pub async fn reveal(
        &self,
        ticket: TicketId,
        fields: &[PersonalField],
        reason: &str,
        actor: Actor,
    ) -> Result<Revealed, DeskError> {
        let command = Command::Reveal { fields: fields.to_vec(), reason: reason.into() };
        let case = self.decided(ticket, command, actor, None, None).await?;
        let customer = &case.ticket.customer;
        let asked = PersonalField::ALL.iter().copied().filter(|field| fields.contains(field));
        let values = asked.filter_map(|field| Some((field, field.of(customer)?.clone()))).collect();
        let (version, at) = (case.ticket.version, case.ticket.last_at);
        let texts = fields.contains(&PersonalField::Texts);
        let sheet = texts.then(|| Box::new(self.sheet_with_texts(case, actor)));
        Ok(Revealed { values, sheet, version, at })
    }

    /// The sheet with texts as they are on record, for somebody whose look at them is on record.
    fn sheet_with_texts(&self, case: Case, actor: Actor) -> TicketSheet {
        let (subject, body) = (case.ticket.subject.clone(), case.ticket.body.clone());
        let mut entries = case.entries.clone();
        let mut sheet = self.sheet(case, actor);
        mask_entries(actor, &mut entries);
        sheet.ticket.subject = subject;
        sheet.ticket.body = body;
        sheet.entries = entries;
        sheet.revealable.retain(|field| *field != PersonalField::Texts);
        sheet
    }

    /// Who looked at the personal data of a ticket's customer, when and why; the first look first.
    pub async fn who_looked(&self, ticket: TicketId, actor: Actor) -> Result<Vec<Look>, DeskError> {
        Self::allow(actor, Operation::ReadLooks)?;
        Ok(looks(&self.load_case(ticket).await?.entries))
    }

    /// The same, for the customer.
    pub async fn who_looked_at_me(&self, number: &str, query_code: &str) -> Result<Vec<Look>, DeskError> {
        Ok(looks(&self.customers_case(number, query_code).await?.entries))
    }
}

fn looks(entries: &[Entry]) -> Vec<Look> {
    let found = entries.iter().flat_map(|entry| entry.events.iter().map(move |event| (entry, event)));
    found
        .filter_map(|(entry, event)| match event {
            Event::Revealed { fields, reason } => {
                Some(Look { at: entry.at, by: entry.actor, fields: fields.clone(), reason: reason.clone() })
            }
            _ => None,
        })
        .collect()
}
