//! View rows and alarms.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_core::{
    id::{MemberId, OrgId, TicketId},
    view::{ClockRow, TicketRow},
};

use super::MemoryLedger;
use crate::{
    Alarm, Alarms, ClockCursor, ClockFilter, ClockPage, Counts, Cursor, LedgerError, Page, TicketFilter,
    TicketPage, Views,
};

#[async_trait]
impl Views for MemoryLedger {
    async fn list_tickets(
        &self,
        org: &OrgId,
        filter: &TicketFilter,
        page: &Page,
    ) -> Result<TicketPage, LedgerError> {
        let limit = page.limit.max(1) as usize;
        let mut rows: Vec<TicketRow> = self.read(org, |books| {
            let after = |row: &TicketRow| page.after.is_none_or(|after| Cursor::of(row) > after);
            let all = books.views.values();
            let shown = all.filter(|views| after(&views.rows.ticket) && filter.shows(&views.rows.ticket));
            shown.map(|views| books.row(&self.vault, org, views)).collect::<Result<_, _>>()
        })?;
        rows.sort_by_key(Cursor::of);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(Cursor::of) } else { None };
        Ok(TicketPage { rows, next })
    }

    async fn tickets(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<TicketRow>, LedgerError> {
        self.read(org, |books| {
            let found = tickets.iter().filter_map(|ticket| books.views.get(ticket));
            found.map(|views| books.row(&self.vault, org, views)).collect()
        })
    }

    async fn ticket_by_number(&self, org: &OrgId, number: &str) -> Result<Option<TicketRow>, LedgerError> {
        self.read(org, |books| {
            let found = books.numbers.get(number).and_then(|ticket| books.views.get(ticket));
            found.map(|views| books.row(&self.vault, org, views)).transpose()
        })
    }

    async fn ticket_by_external(&self, org: &OrgId, external: &str) -> Result<Option<TicketId>, LedgerError> {
        Ok(self.read(org, |books| books.externals.get(external).copied()))
    }

    async fn counts(&self, org: &OrgId, as_of: Timestamp) -> Result<Counts, LedgerError> {
        Ok(self.read(org, |books| books.counts(as_of)))
    }

    async fn open_by_member(&self, org: &OrgId) -> Result<BTreeMap<MemberId, u64>, LedgerError> {
        Ok(self.read(org, super::books::Books::by_member))
    }

    async fn clocks(
        &self,
        org: &OrgId,
        filter: &ClockFilter,
        after: Option<&ClockCursor>,
        limit: u32,
    ) -> Result<ClockPage, LedgerError> {
        let limit = limit.max(1) as usize;
        let mut rows: Vec<(ClockCursor, ClockRow)> = self.read(org, |books| {
            let mut found = Vec::new();
            for views in books.views.values() {
                let views = &views.rows;
                let shown = views.clocks.iter().filter(|row| filter.shows(row, views.ticket.received_at));
                found.extend(shown.map(|row| (ClockCursor::of(row), row.clone())));
            }
            found
        });
        rows.retain(|(cursor, _)| after.is_none_or(|after| cursor > after));
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|(cursor, _)| cursor.clone()) } else { None };
        Ok(ClockPage { rows: rows.into_iter().map(|(_, row)| row).collect(), next })
    }

    async fn clocks_of(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<ClockRow>, LedgerError> {
        let mut rows: Vec<ClockRow> = self.read(org, |books| {
            let asked: std::collections::BTreeSet<&TicketId> = tickets.iter().collect();
            asked
                .into_iter()
                .filter_map(|ticket| books.views.get(ticket))
                .flat_map(|views| views.rows.clocks.clone())
                .collect()
        });
        rows.sort_by(|a, b| (a.ticket, &a.clock).cmp(&(b.ticket, &b.clock)));
        Ok(rows)
    }
}

#[async_trait]
impl Alarms for MemoryLedger {
    async fn alarms_until(
        &self,
        org: Option<&OrgId>,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Alarm>, LedgerError> {
        let all = self.lock();
        let mut alarms = Vec::new();
        for (owner, books) in all.iter().filter(|(owner, _)| org.is_none_or(|org| org == *owner)) {
            for (ticket, views) in &books.views {
                if let Some(at) = views.rows.alarm_at.filter(|at| *at <= until) {
                    alarms.push(Alarm { org: owner.clone(), ticket: *ticket, at });
                }
            }
        }
        alarms.sort_by(|a, b| (a.at, &a.org, a.ticket).cmp(&(b.at, &b.org, b.ticket)));
        alarms.truncate(limit as usize);
        Ok(alarms)
    }

    async fn next_alarm_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        Ok(self
            .lock()
            .values()
            .flat_map(|books| books.views.values())
            .filter_map(|views| views.rows.alarm_at)
            .min())
    }

    async fn claim_alarms(
        &self,
        org: &OrgId,
        until: Timestamp,
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Alarm>, LedgerError> {
        let alarms = self.alarms_until(Some(org), until, u32::MAX).await?;
        let versions = self.read(org, |books| {
            let of =
                |alarm: &Alarm| books.views.get(&alarm.ticket).map_or(0, |views| views.rows.ticket.version);
            alarms.iter().map(of).collect::<Vec<u32>>()
        });
        Ok(self.leases().claim(alarms.into_iter().zip(versions), limit, now, lease))
    }

    async fn release_alarms(&self, alarms: &[Alarm]) -> Result<(), LedgerError> {
        self.leases().release(alarms);
        Ok(())
    }
}
