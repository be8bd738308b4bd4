//! Alarms: when the ticker has to look at which ticket next. They are part of a ticket's view rows.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
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

/// Reading and claiming alarms. They move or vanish with the append that ticks the ticket.
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

    /// Claims up to `limit` alarms of the organisation at or before `until`, earliest first, and keeps them from other
    /// tickers until `now + lease`. Every append to a ticket ends the claim on it. A claim saves work and no more: if it
    /// is lost, two tickers decide about one ticket, and the version of its stream lets one of them through.
    async fn claim_alarms(
        &self,
        org: &OrgId,
        until: Timestamp,
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Alarm>, LedgerError>;

    /// Gives claimed alarms back before their lease is over, because they could not be worked on.
    async fn release_alarms(&self, alarms: &[Alarm]) -> Result<(), LedgerError>;
}

/// Claims on alarms, for stores that only one process uses.
#[derive(Debug, Default)]
pub struct Leases {
    /// Version of the ticket that the claim is for, and when it runs out.
    held: BTreeMap<(OrgId, TicketId), (u32, Timestamp)>,
}

impl Leases {
    /// How many claims are remembered, those that ran out included.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Of these alarms and the versions of their tickets, claims the first `limit` that nobody holds.
    pub fn claim(
        &mut self,
        alarms: impl IntoIterator<Item = (Alarm, u32)>,
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Vec<Alarm> {
        self.held.retain(|_, (_, until)| now < *until);
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
        let mut claimed = Vec::new();
        for (alarm, version) in alarms {
            if claimed.len() >= limit as usize {
                break;
            }
            let place = (alarm.org.clone(), alarm.ticket);
            if self.held.get(&place).is_some_and(|(of, _)| *of == version) {
                continue;
            }
            self.held.insert(place, (version, until));
            claimed.push(alarm);
        }
        claimed
    }

    /// Forgets the claims on these.
    pub fn release(&mut self, alarms: &[Alarm]) {
        for alarm in alarms {
            self.held.remove(&(alarm.org.clone(), alarm.ticket));
        }
    }
}
