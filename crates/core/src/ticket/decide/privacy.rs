//! Contact data of the customer: corrected, and looked at (C1).

use super::{
    super::{
        event::{Customer, Event},
        refusal::Refusal,
        state::Ticket,
    },
    need_text, optional_text,
};
use crate::{
    personal::{PersonalField, masked},
    words::Words,
};

/// Corrects contact data. Most people of the company see them masked, so a value that reads exactly as the mask of what
/// is on record means that it stays as it is; any other value with a star would put a mask on record, and is refused.
pub(super) fn correct_customer(
    ticket: &Ticket,
    customer: Customer,
    why: Words,
) -> Result<Vec<Event>, Refusal> {
    need_text("why", &why)?;
    let customer = unmasked(ticket, customer)?;
    optional_text("name", &customer.name)?;
    let contacts = [("phone", &customer.phone), ("email", &customer.email), ("address", &customer.address)];
    for (field, words) in contacts {
        words.as_ref().map_or(Ok(()), |words| optional_text(field, words))?;
    }
    if customer == ticket.customer {
        return Err(Refusal::NothingChanges);
    }
    Ok(vec![Event::CustomerCorrected { customer, why }])
}

/// What was meant by values of which some may be the masks that the sender saw.
fn unmasked(ticket: &Ticket, customer: Customer) -> Result<Customer, Refusal> {
    let known = &ticket.customer;
    let meant = |field: PersonalField, given: Words, known: Option<&Words>| {
        let Some(text) = given.text().filter(|text| text.contains('*')) else { return Ok(given) };
        match known.and_then(Words::text) {
            Some(on_record) if masked(field, on_record) == text => Ok(Words::new(on_record)),
            _ => Err(Refusal::Masked { field }),
        }
    };
    let optional = |field: PersonalField, given: Option<Words>| {
        given.map(|given| meant(field, given, field.of(known))).transpose()
    };
    Ok(Customer {
        name: meant(PersonalField::Name, customer.name, Some(&known.name))?,
        phone: optional(PersonalField::Phone, customer.phone)?,
        email: optional(PersonalField::Email, customer.email)?,
        address: optional(PersonalField::Address, customer.address)?,
    })
}

/// C1: whoever looks says why. Only what is on record can be looked at.
pub(super) fn reveal(
    ticket: &Ticket,
    fields: &[PersonalField],
    reason: Words,
) -> Result<Vec<Event>, Refusal> {
    need_text("reason", &reason)?;
    if fields.is_empty() {
        return Err(Refusal::Blank { field: "fields" });
    }
    let missing: Vec<PersonalField> =
        fields.iter().copied().filter(|field| !field.is_on_record(&ticket.customer)).collect();
    if !missing.is_empty() {
        return Err(Refusal::NotOnRecord { fields: missing });
    }
    let fields = PersonalField::ALL.iter().copied().filter(|field| fields.contains(field)).collect();
    Ok(vec![Event::Revealed { fields, reason }])
}
