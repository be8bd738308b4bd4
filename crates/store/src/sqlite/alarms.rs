//! Alarms: a column of the ticket's row, indexed where it is not null.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Alarm, Alarms, LedgerError};

use super::{
    SqliteLedger,
    columns::{at, get, id, instant, unsigned},
    errors::reading,
    log::organisations,
};

/// Alarms with the versions of their tickets.
fn until(
    connection: &Connection,
    orgs: Vec<OrgId>,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<(Alarm, u32)>, LedgerError> {
    let sql = "SELECT ticket, alarm_at_us, version FROM tickets WHERE org = ?1 AND alarm_at_us IS NOT NULL AND alarm_at_us <= ?2
               ORDER BY alarm_at_us, ticket LIMIT ?3";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut alarms = Vec::new();
    for org in orgs {
        let mut rows =
            statement.query(params![org.as_str(), until.as_microsecond(), limit]).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            let ticket = id(row, 0, TicketId::from_uuid)?;
            alarms.push((Alarm { org: org.clone(), ticket, at: at(row, 1)? }, unsigned(row, 2)?));
        }
    }
    alarms.sort_by(|(a, _), (b, _)| (a.at, &a.org, a.ticket).cmp(&(b.at, &b.org, b.ticket)));
    alarms.truncate(limit as usize);
    Ok(alarms)
}

fn next_at(connection: &Connection) -> Result<Option<Timestamp>, LedgerError> {
    let sql = "SELECT min(alarm_at_us) FROM tickets WHERE org = ?1 AND alarm_at_us IS NOT NULL";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut next: Option<i64> = None;
    for org in organisations(connection)? {
        let mut rows = statement.query([org.as_str()]).map_err(reading)?;
        if let Some(row) = rows.next().map_err(reading)? {
            let first: Option<i64> = get(row, 0)?;
            next = next.into_iter().chain(first).min();
        }
    }
    next.map(instant).transpose()
}

#[async_trait]
impl Alarms for SqliteLedger {
    async fn alarms_until(
        &self,
        org: Option<&OrgId>,
        instant: Timestamp,
        limit: u32,
    ) -> Result<Vec<Alarm>, LedgerError> {
        let org = org.cloned();
        let read = move |connection: &Connection| {
            let orgs = match org {
                Some(org) => vec![org],
                None => organisations(connection)?,
            };
            until(connection, orgs, instant, limit)
        };
        let alarms = self.readers.read(read).await?;
        Ok(alarms.into_iter().map(|(alarm, _)| alarm).collect())
    }

    async fn next_alarm_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        self.readers.read(next_at).await
    }

    async fn claim_alarms(
        &self,
        org: &OrgId,
        instant: Timestamp,
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Alarm>, LedgerError> {
        let orgs = vec![org.clone()];
        // Those that others hold are read too: as many as there are claims may be in the way.
        let held = u32::try_from(self.leases().len()).unwrap_or(u32::MAX);
        let most = limit.saturating_add(held);
        let alarms = self.readers.read(move |connection| until(connection, orgs, instant, most)).await?;
        Ok(self.leases().claim(alarms, limit, now, lease))
    }

    async fn release_alarms(&self, alarms: &[Alarm]) -> Result<(), LedgerError> {
        self.leases().release(alarms);
        Ok(())
    }
}
