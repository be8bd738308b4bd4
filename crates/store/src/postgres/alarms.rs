//! Alarms: a column of the ticket's row, indexed where it is not null; claims on them lie in a table of their own.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Alarm, Alarms, LedgerError};

use super::{PostgresLedger, columns::Columns};
use crate::cells::{Cells, Put, at, id, instant, org};

const UNTIL: &str = "SELECT o.org, t.ticket, t.alarm_at_us FROM organisations AS o
    CROSS JOIN LATERAL (SELECT x.ticket, x.alarm_at_us FROM tickets AS x
        WHERE x.org = o.org AND x.alarm_at_us IS NOT NULL AND x.alarm_at_us <= $2
        ORDER BY x.alarm_at_us, x.ticket LIMIT $3) AS t
    WHERE $1::text IS NULL OR o.org = $1 ORDER BY t.alarm_at_us, o.org, t.ticket LIMIT $3";

const NEXT: &str = "SELECT min(t.alarm_at_us) FROM organisations AS o
    CROSS JOIN LATERAL (SELECT x.alarm_at_us FROM tickets AS x
        WHERE x.org = o.org AND x.alarm_at_us IS NOT NULL ORDER BY x.alarm_at_us LIMIT 1) AS t";

/// The row of a ticket is locked for this one statement, so tickers that claim at the same time take different ones. A
/// claim counts only for the version of the ticket that it names.
const CLAIM: &str = "WITH due AS (
        SELECT t.ticket, t.alarm_at_us, t.version FROM tickets AS t
        WHERE t.org = $1 AND t.alarm_at_us IS NOT NULL AND t.alarm_at_us <= $2 AND NOT EXISTS
            (SELECT FROM alarm_leases AS l WHERE l.org = t.org AND l.ticket = t.ticket AND l.version = t.version
                AND l.until_us > $4)
        ORDER BY t.alarm_at_us, t.ticket LIMIT $3 FOR UPDATE OF t SKIP LOCKED),
    taken AS (
        INSERT INTO alarm_leases AS h (org, ticket, version, until_us) SELECT $1, ticket, version, $5 FROM due
        ON CONFLICT (org, ticket) DO UPDATE SET version = excluded.version, until_us = excluded.until_us
            WHERE h.version <> excluded.version OR h.until_us <= $4
        RETURNING h.ticket)
    SELECT $1, d.ticket, d.alarm_at_us FROM due AS d JOIN taken AS k ON k.ticket = d.ticket
    ORDER BY d.alarm_at_us, d.ticket";

const RELEASE: &str = "DELETE FROM alarm_leases AS l USING unnest($1::text[], $2::bytea[]) AS g(org, ticket)
    WHERE l.org = g.org AND l.ticket = g.ticket";

const FORGET: &str = "DELETE FROM alarm_leases WHERE org = $1 AND until_us <= $2";

fn alarms(rows: &[Row]) -> Result<Vec<Alarm>, LedgerError> {
    let read = |row: &Row| {
        Ok(Alarm { org: org(row, 0)?, ticket: id(row, 1, TicketId::from_uuid)?, at: at(row, 2)? })
    };
    rows.iter().map(read).collect()
}

#[async_trait]
impl Alarms for PostgresLedger {
    async fn alarms_until(
        &self,
        org: Option<&OrgId>,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Alarm>, LedgerError> {
        let org = org.map(OrgId::as_str);
        let rows = self.readers.query(UNTIL, &[&org, &until.as_microsecond(), &i64::from(limit)]).await?;
        alarms(&rows)
    }

    async fn next_alarm_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        let rows = self.readers.query(NEXT, &[]).await?;
        let next = rows.first().map(|row| row.number_or_none(0)).transpose()?.flatten();
        next.map(instant).transpose()
    }

    async fn claim_alarms(
        &self,
        org: &OrgId,
        until: Timestamp,
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Alarm>, LedgerError> {
        let end = now.saturating_add(lease).unwrap_or(Timestamp::MAX).as_microsecond();
        let (org, now) = (org.as_str(), now.as_microsecond());
        let rows =
            self.lender.run(CLAIM, &[&org, &until.as_microsecond(), &i64::from(limit), &now, &end]).await?;
        if !rows.is_empty() {
            self.lender.execute(FORGET, &[&org, &now]).await?;
        }
        alarms(&rows)
    }

    async fn release_alarms(&self, alarms: &[Alarm]) -> Result<(), LedgerError> {
        let mut rows = Columns::default();
        for alarm in alarms {
            rows.row().text(alarm.org.as_str()).uuid(alarm.ticket.uuid());
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.lender.execute(RELEASE, &rows.values()).await.map(drop)
    }
}
