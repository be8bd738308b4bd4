//! Alarms: when the ticker has to look at which ticket next. They are part of a ticket's view rows.

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_core::id::{OrgId, TicketId};

use crate::LedgerError;

/// An instant at which a ladder step or a due of a ticket falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Organisation.
    pub org: OrgId,
    /// Ticket.
    pub ticket: TicketId,
    /// When.
    pub at: Timestamp,
}

/// Reading alarms. They move or vanish with the append that ticks the ticket.
#[async_trait]
pub trait Alarms: Send + Sync {
    /// Alarms at or before `until`, of one organisation or of all, in order of instant, organisation and ticket; at most
    /// `limit`.
    async fn alarms_until(
        &self,
        org: Option<&OrgId>,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Alarm>, LedgerError>;

    /// The earliest alarm of all organisations.
    async fn next_alarm_at(&self) -> Result<Option<Timestamp>, LedgerError>;
}
