//! Reading tickets: one, many, counted, and as the ledger keeps them.

use yinuo_core::{access::Operation, id::TicketId, roster::Actor};
use yinuo_ledger::{Counts, Hash, Page, Stream, TicketFilter, TicketPage};

use crate::{desk::Desk, error::DeskError, looks::row_for, sheet::TicketSheet};

/// A record as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    /// Position in the organisation's log.
    pub position: u64,
    /// Place in the ticket's chain, from 1.
    pub seq: u32,
    /// Hash over the hash before it and the body.
    pub hash: Hash,
    /// The chained body: JSON, words of customers only as digests.
    pub body: String,
}

impl Desk {
    /// A ticket for a person of the company.
    pub async fn ticket(&self, id: TicketId, actor: Actor) -> Result<TicketSheet, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        Ok(self.sheet(self.load_case(id).await?, actor))
    }

    /// Tickets by least slack. Names of customers as `actor` sees them.
    pub async fn list(
        &self,
        filter: &TicketFilter,
        page: &Page,
        actor: Actor,
    ) -> Result<TicketPage, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        let mut page = self.0.ledger.list_tickets(&self.0.org, filter, page).await?;
        let house = self.house();
        page.rows = page.rows.into_iter().map(|row| row_for(actor, row, house.own())).collect();
        Ok(page)
    }

    /// Open tickets counted.
    pub async fn counts(&self, actor: Actor) -> Result<Counts, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        Ok(self.0.ledger.counts(&self.0.org, self.now()).await?)
    }

    /// The records of a ticket as the ledger keeps them.
    pub async fn records(&self, id: TicketId, actor: Actor) -> Result<Vec<RecordLine>, DeskError> {
        Self::allow(actor, Operation::ReadLedger)?;
        self.records_of(id).await
    }

    /// See [`Self::records`].
    pub(crate) async fn records_of(&self, id: TicketId) -> Result<Vec<RecordLine>, DeskError> {
        let records = self.0.ledger.records_of(&self.0.org, Stream::Ticket(id)).await?;
        if records.is_empty() {
            return Err(DeskError::NotFound { what: "ticket" });
        }
        let line = |stored: yinuo_ledger::Stored| RecordLine {
            position: stored.position,
            seq: stored.seq,
            hash: stored.hash,
            body: stored.body,
        };
        Ok(records.into_iter().map(line).collect())
    }
}
