//! Alarms: a column of the ticket's row, indexed where it is not null.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Alarm, Alarms, LedgerError};

use super::{
    SqliteLedger,
    columns::{at, get, id, instant},
    errors::reading,
    log::organisations,
};

fn until(
    connection: &Connection,
    orgs: Vec<OrgId>,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<Alarm>, LedgerError> {
    let sql = "SELECT ticket, alarm_at_us FROM tickets WHERE org = ?1 AND alarm_at_us IS NOT NULL AND alarm_at_us <= ?2
               ORDER BY alarm_at_us, ticket LIMIT ?3";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut alarms = Vec::new();
    for org in orgs {
        let mut rows =
            statement.query(params![org.as_str(), until.as_microsecond(), limit]).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            alarms.push(Alarm {
                org: org.clone(),
                ticket: id(row, 0, TicketId::from_uuid)?,
                at: at(row, 1)?,
            });
        }
    }
    alarms.sort_by(|a, b| (a.at, &a.org, a.ticket).cmp(&(b.at, &b.org, b.ticket)));
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
        self.readers.read(read).await
    }

    async fn next_alarm_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        self.readers.read(next_at).await
    }
}
