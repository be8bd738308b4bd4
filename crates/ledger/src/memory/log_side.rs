//! Log and replay.

use std::{collections::BTreeMap, sync::PoisonError};

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};
use tokio::sync::watch;
use yinuo_core::{
    id::{OrgId, TicketId},
    organisation::OrganisationEntry,
    ticket::Entry,
};

use super::MemoryLedger;
use crate::{
    Append, Appended, Head, LedgerError, Loaded, Log, Refold, Replay, Stored, Stream, Verified, reading,
    record,
};

#[async_trait]
impl Log for MemoryLedger {
    async fn append(&self, append: Append) -> Result<Appended, LedgerError> {
        let org = append.sealed.org().clone();
        let appended = self.write(&org, |books| books.append(append))?;
        self.tell_appended();
        Ok(appended)
    }

    async fn append_many(&self, appends: Vec<Append>) -> Vec<Result<Appended, LedgerError>> {
        let mut all = self.lock();
        let mut answers = Vec::with_capacity(appends.len());
        for append in appends {
            let books = all.entry(append.sealed.org().clone()).or_default();
            answers.push(books.append(append));
        }
        drop(all);
        self.tell_appended();
        answers
    }

    async fn records_of(&self, org: &OrgId, stream: Stream) -> Result<Vec<Stored>, LedgerError> {
        Ok(self.read(org, |books| books.stream(stream)))
    }

    async fn load_ticket(&self, org: &OrgId, ticket: TicketId) -> Result<Option<Loaded<Entry>>, LedgerError> {
        self.read(org, |books| books.ticket(&self.vault, org, ticket))
    }

    async fn load_tickets(
        &self,
        org: &OrgId,
        tickets: &[TicketId],
    ) -> Result<BTreeMap<TicketId, Loaded<Entry>>, LedgerError> {
        self.read(org, |books| {
            let mut loaded = BTreeMap::new();
            for ticket in tickets {
                if let Some(found) = books.ticket(&self.vault, org, *ticket)? {
                    loaded.insert(*ticket, found);
                }
            }
            Ok(loaded)
        })
    }

    async fn load_organisation(&self, org: &OrgId) -> Result<Option<Loaded<OrganisationEntry>>, LedgerError> {
        self.read(org, |books| reading::organisation(org, &books.stream(Stream::Organisation)))
    }

    async fn read_all(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Stored>, LedgerError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.read(org, |books| books.records.iter().skip(after).take(limit as usize).cloned().collect()))
    }

    async fn read_heads(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Head>, LedgerError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        self.read(org, |books| {
            books.records.iter().skip(after).take(limit as usize).map(reading::head).collect()
        })
    }

    async fn last_position(&self, org: &OrgId) -> Result<u64, LedgerError> {
        Ok(self.read(org, |books| books.records.len() as u64))
    }

    async fn organisations(&self) -> Result<Vec<OrgId>, LedgerError> {
        let all = self.lock();
        Ok(all.iter().filter(|(_, books)| !books.records.is_empty()).map(|(org, _)| org.clone()).collect())
    }

    async fn verify(&self, org: &OrgId) -> Result<Verified, LedgerError> {
        self.read(org, |books| {
            let mut verifier = reading::Verifier::new(org);
            for stream in books.streams.keys() {
                let custody = match stream.ticket() {
                    Some(ticket) => books.custody_of(&self.vault, org, ticket)?,
                    None => None,
                };
                for stored in books.stream(*stream) {
                    verifier.check(&stored, custody.as_ref())?;
                }
            }
            verifier.finish(books.records.len() as u64)
        })
    }

    async fn find_idempotency(
        &self,
        org: &OrgId,
        key: &str,
    ) -> Result<Option<(Stream, u32, [u8; 32])>, LedgerError> {
        Ok(self.read(org, |books| books.idempotency.get(key).copied()))
    }

    async fn next_number(&self, org: &OrgId, day: Date) -> Result<u32, LedgerError> {
        Ok(self.write(org, |books| {
            let last = books.days.entry(day).or_default();
            *last = last.saturating_add(1);
            *last
        }))
    }

    async fn database_now(&self) -> Result<Option<Timestamp>, LedgerError> {
        Ok(self.time.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|tell| tell()))
    }

    fn appended(&self) -> watch::Receiver<u64> {
        self.appended.subscribe()
    }
}

#[async_trait]
impl Replay for MemoryLedger {
    async fn rebuild(&self, org: &OrgId, refold: Refold) -> Result<u64, LedgerError> {
        self.write(org, |books| {
            let tickets: Vec<TicketId> = books.streams.keys().filter_map(|stream| stream.ticket()).collect();
            let mut views = Vec::with_capacity(tickets.len());
            let mut externals = BTreeMap::new();
            for ticket in tickets {
                if let Some(loaded) = books.ticket(&self.vault, org, ticket)? {
                    views.push(refold(ticket, &loaded)?);
                }
            }
            for stored in &books.records {
                let Stream::Ticket(ticket) = stored.stream else { continue };
                let opened = record::open_ticket(&stored.body, &[])?;
                if let Some(external) = record::external(&opened.entry) {
                    externals.entry(external.to_owned()).or_insert(ticket);
                }
            }
            books.views.clear();
            books.numbers.clear();
            books.externals = externals;
            let folded = views.len() as u64;
            for views in views {
                books.show(views);
            }
            Ok(folded)
        })
    }

    async fn dump_views(&self, org: &OrgId) -> Result<String, LedgerError> {
        self.read(org, |books| Ok(books.rows(&self.vault, org)?.dump()))
    }
}
