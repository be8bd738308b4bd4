//! The search index: every page as it is, looked through from the first to the last.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_core::id::{OrgId, TicketId};

use super::MemoryLedger;
use crate::{
    Document, Found, FoundTicket, IndexHolder, IndexStep, Indexed, LedgerError, Search, Wanted,
    search::{Admits, Tallied},
};

#[derive(Default)]
pub(super) struct Index {
    at: Option<Indexed>,
    holder: Option<(IndexHolder, Timestamp)>,
    documents: BTreeMap<TicketId, Document>,
}

impl Index {
    fn is_held_by(&self, holder: IndexHolder) -> bool {
        self.holder.is_some_and(|(held_by, _)| held_by == holder)
    }

    fn take(&mut self, step: IndexStep) -> bool {
        if self.at.is_none_or(|at| at.position != step.from) {
            return false;
        }
        for document in step.documents {
            self.documents.insert(document.ticket, document);
        }
        for ticket in step.gone {
            self.documents.remove(&ticket);
        }
        self.at = Some(step.to);
        true
    }

    fn search(&self, wanted: &Wanted, admits: &Admits) -> Result<Found, LedgerError> {
        let mut matching: Vec<&Document> = self.documents.values().filter(|one| has(wanted, one)).collect();
        matching.sort_by_key(|one| std::cmp::Reverse(place(one).cursor()));
        let most = wanted.count_most as usize;
        let mut tallied = Tallied::default();
        let mut hits = Vec::new();
        for (number, document) in matching.iter().enumerate() {
            let (hit, counted) = (place(document), u64::from(number < most));
            let span = wanted.span_of(hit.received_at);
            let seen = tallied.count(&document.traits.text(), span, counted, admits)?;
            if seen && wanted.after.is_none_or(|after| hit.cursor() < after) {
                hits.push(hit);
            }
        }
        Ok(Found::page(hits, wanted.limit, tallied, matching.len() > most))
    }
}

const fn place(document: &Document) -> FoundTicket {
    FoundTicket { ticket: document.ticket, received_at: document.received_at }
}

fn has(wanted: &Wanted, document: &Document) -> bool {
    let bit = wanted.audience.bit();
    let parts = document.parts();
    let pages = parts.iter().find(|(bits, _)| bits & bit != 0).map(|(_, pages)| *pages);
    let pages: Vec<Vec<&str>> =
        pages.unwrap_or_default().iter().map(|page| page.split(' ').collect()).collect();
    let stands = |phrase: &Vec<String>| {
        pages.iter().any(|page| page.windows(phrase.len().max(1)).any(|here| here == phrase.as_slice()))
    };
    wanted.received_from.is_none_or(|from| from <= document.received_at)
        && wanted.received_to.is_none_or(|to| document.received_at < to)
        && wanted.phrases.iter().all(stands)
        && !wanted.unwanted.iter().any(stands)
}

#[async_trait]
impl Search for MemoryLedger {
    async fn indexed(&self, org: &OrgId) -> Result<Option<Indexed>, LedgerError> {
        Ok(self.read(org, |books| books.index.at))
    }

    async fn claim_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<bool, LedgerError> {
        Ok(self.write(org, |books| {
            let index = &mut books.index;
            if index.holder.is_some_and(|(held_by, until)| held_by != holder && now < until) {
                return false;
            }
            index.holder = Some((holder, now.saturating_add(lease).unwrap_or(Timestamp::MAX)));
            true
        }))
    }

    async fn release_index(&self, org: &OrgId, holder: IndexHolder) -> Result<(), LedgerError> {
        self.write(org, |books| {
            if books.index.is_held_by(holder) {
                books.index.holder = None;
            }
        });
        Ok(())
    }

    async fn begin_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        fresh: Indexed,
    ) -> Result<bool, LedgerError> {
        Ok(self.write(org, |books| {
            let held = books.index.is_held_by(holder);
            if held {
                books.index.documents.clear();
                books.index.at = Some(fresh);
            }
            held
        }))
    }

    async fn put_documents(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        step: IndexStep,
    ) -> Result<bool, LedgerError> {
        step.fits()?;
        Ok(self.write(org, |books| books.index.is_held_by(holder) && books.index.take(step)))
    }

    async fn sweep_index(&self, _: &OrgId) -> Result<bool, LedgerError> {
        Ok(false)
    }

    async fn search(&self, org: &OrgId, wanted: &Wanted, admits: Admits) -> Result<Found, LedgerError> {
        self.read(org, |books| books.index.search(wanted, &admits))
    }
}
