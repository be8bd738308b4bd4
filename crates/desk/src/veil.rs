//! Personal data in free texts (C1): masked for whoever sees contact data masked. The original stays as it was recorded.

use yinuo_core::{
    personal::PersonalField,
    roster::Actor,
    ticket::{Customer, Entry, Event, Ticket},
    words::Words,
};
use yinuo_language::personal::{self, Known, Leave, Sort, find, mask_known, mask_where};

use crate::looks::sees;

/// What somebody sees instead of a text.
pub(crate) struct Veil<'a> {
    names: bool,
    known: Vec<Known<'a>>,
    leave: &'a Leave,
}

/// The customer as on record at any time: what was corrected stands in texts as it was.
pub(crate) fn customers(entries: &[Entry]) -> impl Iterator<Item = &Customer> {
    entries.iter().flat_map(|entry| &entry.events).filter_map(|event| match event {
        Event::Received { customer, .. } | Event::CustomerCorrected { customer, .. } => Some(customer),
        _ => None,
    })
}

/// `text` without personal data, whoever reads it: what is on record of the customer at any time, and whatever looks like
/// some.
pub(crate) fn masked(text: &str, known: &[Known<'_>]) -> String {
    personal::mask(&personal::mask_known(text, known))
}

/// What is on record of the customer at any time, as it is looked for in texts.
pub(crate) fn ever_known(entries: &[Entry]) -> Vec<Known<'_>> {
    customers(entries).flat_map(known).map(|(_, known)| known).collect()
}

/// What is on record of the customer, as it is looked for in texts.
pub(crate) fn known(customer: &Customer) -> Vec<(PersonalField, Known<'_>)> {
    let sorts = [
        (PersonalField::Name, Sort::Name),
        (PersonalField::Phone, Sort::Mobile),
        (PersonalField::Email, Sort::Email),
        (PersonalField::Address, Sort::Address),
    ];
    let value = |(field, sort): (PersonalField, Sort)| {
        let value = field.of(customer)?.text()?.trim();
        // A fixed line is masked as one.
        let fixed = sort == Sort::Mobile && find(value).iter().any(|found| found.sort == Sort::Landline);
        let sort = if fixed { Sort::Landline } else { sort };
        (!value.is_empty()).then_some((field, Known { sort, value }))
    };
    sorts.into_iter().filter_map(value).collect()
}

impl<'a> Veil<'a> {
    /// For the texts of a ticket of whom is on record as `customers`; none if `actor` sees them in full.
    pub(crate) fn of(
        actor: Actor,
        customers: impl IntoIterator<Item = &'a Customer>,
        leave: &'a Leave,
    ) -> Option<Self> {
        if sees(actor, PersonalField::Texts) {
            return None;
        }
        let known = customers.into_iter().flat_map(known);
        let hidden = known.filter(|(field, _)| !sees(actor, *field));
        let known = hidden.map(|(_, known)| known).collect();
        Some(Self { names: sees(actor, PersonalField::Name), known, leave })
    }

    /// The text as it is shown; none if nothing in it is hidden.
    pub(crate) fn shown(&self, text: &str) -> Option<String> {
        let known = mask_known(text, &self.known);
        let shown = mask_where(&known, self.leave, |sort| sort != Sort::Name || !self.names);
        (shown != text).then_some(shown)
    }

    /// Masks `words`; says whether anything was hidden.
    pub(crate) fn over(&self, words: &mut Words) -> bool {
        match words.text().and_then(|text| self.shown(text)) {
            Some(shown) => {
                *words = shown.as_str().into();
                true
            }
            None => false,
        }
    }

    /// Masks every text of a ticket and its entries; says whether anything was hidden.
    pub(crate) fn over_all(&self, ticket: &mut Ticket, entries: &mut [Entry]) -> bool {
        let mut hidden = self.over(&mut ticket.subject) | self.over(&mut ticket.body);
        for event in entries.iter_mut().flat_map(|entry| &mut entry.events) {
            event.each_said_mut(|_, words| hidden |= self.over(words));
        }
        hidden
    }
}
