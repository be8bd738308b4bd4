//! Whose a ticket is: found by phone or e-mail, or somebody new; and finding tickets the same way.

use jiff::Timestamp;
use yinuo_commitment::says_nothing;
use yinuo_core::{
    access::Operation,
    id::PersonId,
    roster::Actor,
    ticket::{Customer, Entry, Event},
    view::TicketRow,
};
use yinuo_ledger::{
    Custody, Enrolment,
    vault::{Contact, ContactKind},
};

use crate::{case::Before, desk::Desk, error::DeskError, looks::row_for};

/// By what tickets are looked for. At least one of the two.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ContactQuery {
    /// A phone number, however it is written.
    pub phone: Option<String>,
    /// An e-mail address, however it is written.
    pub email: Option<String>,
}

impl std::fmt::Debug for ContactQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactQuery").finish_non_exhaustive()
    }
}

/// Longest contact that is looked for, in characters.
const CONTACT_MAX_CHARS: usize = 300;

impl Desk {
    /// Whose a request of this customer is: the person known by the phone number, else by the e-mail address, else
    /// somebody new.
    pub(crate) async fn owner(
        &self,
        customer: &Customer,
        at: Timestamp,
    ) -> Result<(Custody, Enrolment), DeskError> {
        let contacts = self.0.index.contacts_of(customer);
        let known = self.0.ledger.persons_by_contact(&self.0.org, &contacts).await?;
        // An erased person has no contacts, so whoever is found has a key.
        match contacts.iter().find_map(|contact| known.get(contact)) {
            Some(kept) => {
                let custody =
                    self.0.ledger.vault().custody(&self.0.org, kept.person, kept.wrapped.as_ref())?;
                // One that leads to somebody else stays there; that this person named it, too, is kept.
                let is_new =
                    |contact: &Contact| known.get(contact).is_none_or(|owner| owner.person != kept.person);
                let contacts = contacts.into_iter().filter(is_new).collect();
                let enrolment = Enrolment { person: kept.person, new: None, contacts };
                Ok((custody, enrolment))
            }
            None => Ok(self.somebody_new(customer, at)),
        }
    }

    /// A new person, not yet kept anywhere.
    pub(crate) fn somebody_new(&self, customer: &Customer, at: Timestamp) -> (Custody, Enrolment) {
        let (millis, random) = self.id_parts(at);
        let person = PersonId::from_parts(millis, random);
        let (custody, wrapped) = self.0.ledger.vault().new_person(&self.0.org, person);
        let contacts = self.0.index.contacts_of(customer);
        (custody, Enrolment { person, new: Some((wrapped, at)), contacts })
    }

    /// What an append says about its person: the first one who it is, a later one the contacts that were corrected.
    pub(crate) fn enrolment(&self, before: Before<'_>, entry: &Entry) -> Option<Enrolment> {
        let case = match before {
            Before::Nothing(_, enrolment) => return Some(enrolment.clone()),
            Before::Case(case) => case,
        };
        let corrected = entry.events.iter().filter_map(|event| match event {
            Event::CustomerCorrected { customer, .. } => Some(customer),
            _ => None,
        });
        let contacts: Vec<Contact> =
            corrected.flat_map(|customer| self.0.index.contacts_of(customer)).collect();
        let some = !contacts.is_empty() && !case.custody.is_erased();
        some.then(|| Enrolment { person: case.custody.person(), new: None, contacts })
    }

    /// The tickets of whoever is known by this phone number or e-mail address, the newest first.
    pub async fn find_by_contact(
        &self,
        query: &ContactQuery,
        actor: Actor,
    ) -> Result<Vec<TicketRow>, DeskError> {
        Self::allow(actor, Operation::FindByContact)?;
        let contacts = self.contacts(query)?;
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let mut persons: Vec<PersonId> =
            ledger.persons_by_contact(org, &contacts).await?.values().map(|kept| kept.person).collect();
        persons.sort();
        persons.dedup();
        let mut tickets = Vec::new();
        for person in persons {
            tickets.extend(ledger.tickets_of(org, person).await?);
        }
        let mut rows = ledger.tickets(org, &tickets).await?;
        rows.sort_by_key(|row| std::cmp::Reverse((row.received_at, row.ticket)));
        let house = self.house();
        Ok(rows.into_iter().map(|row| row_for(actor, row, house.own())).collect())
    }

    /// The blind indexes of what is looked for.
    pub(crate) fn contacts(&self, query: &ContactQuery) -> Result<Vec<Contact>, DeskError> {
        let mut contacts = Vec::new();
        for (field, kind, value) in
            [("phone", ContactKind::Phone, &query.phone), ("email", ContactKind::Email, &query.email)]
        {
            let Some(value) = value.as_deref().filter(|value| !says_nothing(value)) else { continue };
            let readable = value.chars().count() <= CONTACT_MAX_CHARS && !value.chars().any(char::is_control);
            let contact = readable.then(|| self.0.index.contact(kind, value)).flatten();
            contacts.push(contact.ok_or_else(|| unreadable(field, kind))?);
        }
        if contacts.is_empty() {
            return Err(DeskError::invalid(
                "phone",
                "请填写电话或电子邮箱。",
                "Give a phone number or an e-mail address.",
            ));
        }
        Ok(contacts)
    }
}

fn unreadable(field: &'static str, kind: ContactKind) -> DeskError {
    match kind {
        ContactKind::Phone => DeskError::invalid(
            field,
            "这不是可查找的电话号码：至少 5 位数字，例如 138 0000 1234。",
            "This is no phone number to look for: at least 5 digits, such as 138 0000 1234.",
        ),
        ContactKind::Email => DeskError::invalid(
            field,
            "这不是可查找的电子邮箱，例如 name@example.com。",
            "This is no e-mail address to look for, such as name@example.com.",
        ),
    }
}
