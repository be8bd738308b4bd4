//! Persons and secrets.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::Arc,
};

use async_trait::async_trait;
use yinuo_core::id::{OrgId, PersonId, TicketId};

use super::{MemoryLedger, books::Books};
use crate::{
    KeptPerson, LedgerError, Persons, Rewrapping, Vault, Wrapping,
    vault::{Contact, Holder, KeyId, Wrapped},
};

impl Books {
    /// Every wrapped key with its holder.
    fn wrapped(&self) -> impl Iterator<Item = (Holder, &Wrapped)> {
        let persons = self.persons.values();
        let persons = persons.filter_map(|kept| Some((Holder::Person(kept.person), kept.wrapped.as_ref()?)));
        persons.chain(self.secrets.iter().map(|(name, wrapped)| (Holder::Secret(name.clone()), wrapped)))
    }

    fn rewrap(&mut self, rewrapping: Rewrapping) -> bool {
        let Rewrapping { before, wrapped } = rewrapping;
        let kept = match &before.holder {
            Holder::Person(person) => self.persons.get_mut(person).and_then(|kept| kept.wrapped.as_mut()),
            Holder::Secret(name) => self.secrets.get_mut(name),
        };
        let kept = kept.filter(|kept| **kept == before.wrapped);
        let done = kept.is_some();
        if let Some(kept) = kept {
            *kept = wrapped;
        }
        done
    }
}

#[async_trait]
impl Persons for MemoryLedger {
    fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    async fn persons_by_contact(
        &self,
        org: &OrgId,
        contacts: &[Contact],
    ) -> Result<BTreeMap<Contact, KeptPerson>, LedgerError> {
        Ok(self.read(org, |books| {
            let found = contacts.iter().filter_map(|contact| {
                let person = books.contacts.get(contact)?;
                Some((*contact, books.persons.get(person)?.clone()))
            });
            found.collect()
        }))
    }

    async fn contacts_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<Contact>, LedgerError> {
        Ok(self.read(org, |books| {
            let of = books.contacts.iter().filter(|(_, owner)| **owner == person);
            of.map(|(contact, _)| *contact).collect()
        }))
    }

    async fn persons(
        &self,
        org: &OrgId,
        persons: &[PersonId],
    ) -> Result<BTreeMap<PersonId, KeptPerson>, LedgerError> {
        Ok(self.read(org, |books| {
            let found = persons.iter().filter_map(|person| books.persons.get(person));
            found.map(|kept| (kept.person, kept.clone())).collect()
        }))
    }

    async fn persons_after(
        &self,
        org: &OrgId,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<KeptPerson>, LedgerError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        Ok(self.read(org, |books| {
            let found = books.persons.range((from, Bound::Unbounded)).take(limit as usize);
            found.map(|(_, kept)| kept.clone()).collect()
        }))
    }

    async fn persons_sharing(&self, org: &OrgId, contacts: &[Contact]) -> Result<Vec<PersonId>, LedgerError> {
        let found: BTreeSet<PersonId> = self.read(org, |books| {
            let owners = contacts.iter().filter_map(|contact| books.contacts.get(contact).copied());
            let named = books.mentions.iter().filter(|(contact, _)| contacts.contains(contact));
            owners.chain(named.map(|(_, person)| *person)).collect()
        });
        Ok(found.into_iter().collect())
    }

    async fn persons_of(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, PersonId>, LedgerError> {
        Ok(self.read(org, |books| {
            let of = |ticket: &TicketId| Some((*ticket, *books.custody.get(ticket)?));
            tickets.iter().filter_map(of).collect()
        }))
    }

    async fn tickets_of(&self, org: &OrgId, person: PersonId) -> Result<Vec<TicketId>, LedgerError> {
        Ok(self.read(org, |books| {
            let of = books.custody.iter().filter(|(_, owner)| **owner == person);
            of.map(|(ticket, _)| *ticket).collect()
        }))
    }

    async fn secret(&self, org: &OrgId, name: &str) -> Result<Option<Wrapped>, LedgerError> {
        Ok(self.read(org, |books| books.secrets.get(name).cloned()))
    }

    async fn keep_secret(&self, org: &OrgId, name: &str, wrapped: Wrapped) -> Result<Wrapped, LedgerError> {
        Ok(self.write(org, |books| books.secrets.entry(name.to_owned()).or_insert(wrapped).clone()))
    }

    async fn wrapped_counts(&self) -> Result<BTreeMap<KeyId, u64>, LedgerError> {
        let mut counts = BTreeMap::new();
        for books in self.lock().values() {
            for (_, wrapped) in books.wrapped() {
                *counts.entry(wrapped.master()).or_default() += 1;
            }
        }
        Ok(counts)
    }

    async fn wrapped_elsewhere(&self, first: KeyId, limit: u32) -> Result<Vec<Wrapping>, LedgerError> {
        let all = self.lock();
        let wrappings = all.iter().flat_map(|(org, books)| {
            let elsewhere = books.wrapped().filter(|(_, wrapped)| wrapped.master() != first);
            elsewhere.map(|(holder, wrapped)| Wrapping { org: org.clone(), holder, wrapped: wrapped.clone() })
        });
        Ok(wrappings.take(limit as usize).collect())
    }

    async fn rewrap(&self, rewrappings: Vec<Rewrapping>) -> Result<u64, LedgerError> {
        let mut all = self.lock();
        let mut done = 0;
        for rewrapping in rewrappings {
            let books = all.get_mut(&rewrapping.before.org);
            done += u64::from(books.is_some_and(|books| books.rewrap(rewrapping)));
        }
        Ok(done)
    }
}
