//! Keys of persons against the entries that say who was erased. Words may vanish by such an entry and in no other way:
//! destroying a key by hand must not be a way to hide a complaint, nor an entry alone a way to pretend an erasure.

use std::collections::{BTreeMap, BTreeSet};

use yinuo_core::{
    id::{PersonId, TicketId},
    organisation::OrganisationEvent,
};
use yinuo_ledger::{
    KeptPerson, LedgerError, Stream,
    audit::{Finding, Misfit},
};

use super::AuditError;
use crate::desk::Desk;

/// Persons read at a time.
const PERSONS: u32 = 1_000;

/// What the entry of an erasure says.
struct Recorded {
    /// Number of the entry in the organisation's stream.
    seq: u32,
    tickets: BTreeSet<TicketId>,
}

type Erasures = BTreeMap<PersonId, Recorded>;

impl Desk {
    /// Compares the persons whose key is gone with those whom the ledger says were erased.
    pub(super) async fn compare_keys(&self) -> Result<(), AuditError> {
        // Key and entry go in one transaction: what is recorded before the persons are read is gone when they are.
        let recorded = self.recorded_erasures().await?;
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let mut gone = Vec::new();
        let mut after = None;
        loop {
            let persons = ledger.persons_after(org, after, PERSONS).await?;
            let Some(last) = persons.last() else { break };
            after = Some(last.person);
            for KeptPerson { person, wrapped, .. } in persons {
                match (wrapped, recorded.get(&person)) {
                    (Some(_), Some(erasure)) => return Err(self.key_kept(person, erasure).await?),
                    (None, _) => gone.push(person),
                    (Some(_), None) => {}
                }
            }
        }
        for (person, erasure) in &recorded {
            if !ledger.contacts_of(org, *person).await?.is_empty() {
                return Err(self.key_kept(*person, erasure).await?);
            }
        }
        // Somebody may have been erased while the persons were read: that is recorded by now.
        let recorded = if gone.iter().all(|person| recorded.contains_key(person)) {
            recorded
        } else {
            self.recorded_erasures().await?
        };
        for person in gone {
            let named = recorded.get(&person).map(|erasure| &erasure.tickets);
            let tickets = ledger.tickets_of(org, person).await?;
            let hidden = tickets.iter().find(|ticket| named.is_none_or(|named| !named.contains(ticket)));
            if hidden.is_some() || named.is_none() {
                return Err(self.key_gone(person, hidden.copied()).await?);
            }
        }
        Ok(())
    }

    async fn recorded_erasures(&self) -> Result<Erasures, LedgerError> {
        let loaded = self.0.ledger.load_organisation(&self.0.org).await?;
        let entries = loaded.map(|loaded| loaded.entries).unwrap_or_default();
        let mut erasures = Erasures::new();
        for (seq, entry) in (1..).zip(entries) {
            for event in entry.events {
                if let OrganisationEvent::PersonErased { person, tickets, .. } = event {
                    let recorded = erasures.entry(person);
                    let recorded = recorded.or_insert_with(|| Recorded { seq, tickets: BTreeSet::new() });
                    recorded.tickets.extend(tickets);
                }
            }
        }
        Ok(erasures)
    }

    async fn key_kept(&self, person: PersonId, erasure: &Recorded) -> Result<AuditError, LedgerError> {
        let records = self.0.ledger.records_of(&self.0.org, Stream::Organisation).await?;
        let entry = records.iter().find(|record| record.seq == erasure.seq);
        Ok(self.named(entry.map_or(0, |entry| entry.position), Misfit::KeyKept { person }).await.into())
    }

    async fn key_gone(&self, person: PersonId, ticket: Option<TicketId>) -> Result<AuditError, LedgerError> {
        let misfit = Misfit::KeyGone { person };
        let Some(ticket) = ticket else { return Ok(Finding::at(0, misfit).into()) };
        let records = self.0.ledger.records_of(&self.0.org, Stream::Ticket(ticket)).await?;
        Ok(self.named(records.first().map_or(0, |first| first.position), misfit).await.into())
    }
}
