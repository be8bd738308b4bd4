//! The outbox. Claims and deliveries that a crash forgets are made once more, which the contract allows for.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_core::id::{JobId, OrgId, TicketId};
use yinuo_ledger::{Job, JobCounts, LedgerError, Outbox};

use super::{PostgresLedger, columns::Value};
use crate::cells::{Cells, at, id, id_or_none, instant, org, unsigned};

const CLAIM: &str = "WITH free AS (
        SELECT j.org, j.job, j.free_at_us FROM organisations AS o
        CROSS JOIN LATERAL (SELECT x.org, x.job, x.free_at_us FROM jobs AS x
            WHERE x.org = o.org AND x.state = 'waiting' AND x.free_at_us <= $1
                AND (cardinality($2::text[]) = 0 OR x.kind = ANY($2::text[]))
            ORDER BY x.free_at_us, x.job LIMIT $3 FOR UPDATE SKIP LOCKED) AS j
        WHERE o.standing = 'open' ORDER BY j.free_at_us, j.job LIMIT $3)
    UPDATE jobs AS j SET free_at_us = $4, attempt = j.attempt + 1 FROM free AS f
    WHERE j.org = f.org AND j.job = f.job
    RETURNING j.job, j.org, j.ticket, j.kind, j.payload, j.key, j.not_before_at_us, j.attempt, f.free_at_us";

/// Each number is one count along one index; the jobs themselves, done ones above all, are not looked at.
const COUNTS: &str = "SELECT (SELECT count(*) FROM jobs WHERE org = $1),
    (SELECT count(*) FROM jobs WHERE org = $1 AND state = 'waiting'),
    (SELECT count(*) FROM jobs WHERE org = $1 AND state = 'given-up')";

const NEXT: &str = "SELECT min(j.free_at_us) FROM organisations AS o
    CROSS JOIN LATERAL (SELECT x.free_at_us FROM jobs AS x WHERE x.org = o.org AND x.state = 'waiting'
        ORDER BY x.free_at_us LIMIT 1) AS j WHERE o.standing = 'open'";

impl PostgresLedger {
    /// Changes a waiting job; true if one row was changed.
    async fn settle(&self, job: &Job, sql: &str, values: &[Value<'_>]) -> Result<bool, LedgerError> {
        let (org, uuid) = (job.org.as_str(), job.id.uuid());
        let id = uuid.as_bytes().as_slice();
        let mut all: Vec<Value<'_>> = vec![&org, &id];
        all.extend(values);
        Ok(self.lender.execute(sql, &all).await? == 1)
    }
}

#[async_trait]
impl Outbox for PostgresLedger {
    async fn claim(
        &self,
        kinds: &[String],
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Job>, LedgerError> {
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX).as_microsecond();
        let values: [Value<'_>; 4] = [&now.as_microsecond(), &kinds, &i64::from(limit), &until];
        let mut jobs = Vec::new();
        for row in self.lender.run(CLAIM, &values).await? {
            let job = Job {
                id: id(&row, 0, JobId::from_uuid)?,
                org: org(&row, 1)?,
                ticket: id_or_none(&row, 2, TicketId::from_uuid)?,
                kind: row.text(3)?.to_owned(),
                payload: row.text(4)?.to_owned(),
                key: row.text(5)?.to_owned(),
                not_before: at(&row, 6)?,
                attempt: unsigned(&row, 7)?,
            };
            jobs.push((row.number(8)?, job));
        }
        jobs.sort_by_key(|(free_at_us, job)| (*free_at_us, job.id));
        Ok(jobs.into_iter().map(|(_, job)| job).collect())
    }

    async fn job_done(&self, job: &Job) -> Result<bool, LedgerError> {
        let sql = "UPDATE jobs SET state = 'done' WHERE org = $1 AND job = $2 AND state = 'waiting'";
        self.settle(job, sql, &[]).await
    }

    async fn retry_job(&self, job: &Job, at: Timestamp, reason: &str) -> Result<bool, LedgerError> {
        let sql = "UPDATE jobs SET free_at_us = $4, reason = $5
                   WHERE org = $1 AND job = $2 AND attempt = $3 AND state = 'waiting'";
        let reason = reason.replace('\0', "");
        self.settle(job, sql, &[&i64::from(job.attempt), &at.as_microsecond(), &reason]).await
    }

    async fn give_up_job(&self, job: &Job, reason: &str) -> Result<bool, LedgerError> {
        let sql = "UPDATE jobs SET state = 'given-up', reason = $4
                   WHERE org = $1 AND job = $2 AND attempt = $3 AND state = 'waiting'";
        let reason = reason.replace('\0', "");
        self.settle(job, sql, &[&i64::from(job.attempt), &reason]).await
    }

    async fn job_counts(&self, org: &OrgId) -> Result<JobCounts, LedgerError> {
        let rows = self.readers.query(COUNTS, &[&org.as_str()]).await?;
        let Some(row) = rows.first() else { return Ok(JobCounts::default()) };
        let (all, waiting, given_up): (u64, u64, u64) =
            (unsigned(row, 0)?, unsigned(row, 1)?, unsigned(row, 2)?);
        Ok(JobCounts { waiting, done: all.saturating_sub(waiting + given_up), given_up })
    }

    async fn next_job_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        let rows = self.readers.query(NEXT, &[]).await?;
        let next = rows.first().map(|row| row.number_or_none(0)).transpose()?.flatten();
        next.map(instant).transpose()
    }
}
