//! The outbox.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params_from_iter, types::Value};
use yinuo_core::id::{JobId, OrgId, TicketId};
use yinuo_ledger::{Job, JobCounts, LedgerError, Outbox};

use super::{
    SqliteLedger,
    columns::{at, get, id, id_or_none, instant, unsigned},
    errors::{reading, writing},
    log::open_organisations,
    table::Rows,
};
use crate::cells::Put;

const CLAIM: &str = "UPDATE jobs SET free_at_us = ?3, attempt = attempt + 1 WHERE org = ?1 AND job = ?2";

/// Jobs that may be claimed, in order. `attempt` is the one before.
fn free(
    connection: &Connection,
    org: &OrgId,
    kinds: &[String],
    limit: u32,
    now: Timestamp,
) -> Result<Vec<(i64, Job)>, LedgerError> {
    let marks = vec!["?"; kinds.len()].join(", ");
    let of_kinds = if kinds.is_empty() { String::new() } else { format!("AND kind IN ({marks})") };
    let sql = format!(
        "SELECT job, ticket, kind, payload, key, not_before_at_us, attempt, free_at_us FROM jobs
         WHERE org = ? AND state = 'waiting' AND free_at_us <= ? {of_kinds} ORDER BY free_at_us, job LIMIT ?"
    );
    let mut values = vec![Value::Text(org.to_string()), Value::Integer(now.as_microsecond())];
    values.extend(kinds.iter().cloned().map(Value::Text));
    values.push(Value::Integer(i64::from(limit)));
    let mut statement = connection.prepare_cached(&sql).map_err(reading)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(reading)?;
    let mut jobs = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        let job = Job {
            id: id(row, 0, JobId::from_uuid)?,
            org: org.clone(),
            ticket: id_or_none(row, 1, TicketId::from_uuid)?,
            kind: get(row, 2)?,
            payload: get(row, 3)?,
            key: get(row, 4)?,
            not_before: at(row, 5)?,
            attempt: unsigned(row, 6)?,
        };
        jobs.push((get(row, 7)?, job));
    }
    Ok(jobs)
}

fn claim(
    connection: &Connection,
    kinds: &[String],
    limit: u32,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Job>, LedgerError> {
    let mut jobs = Vec::new();
    for org in open_organisations(connection)? {
        jobs.extend(free(connection, &org, kinds, limit, now)?);
    }
    jobs.sort_by_key(|(free_at_us, job)| (*free_at_us, job.id));
    jobs.truncate(limit as usize);
    let mut claimed = Rows::default();
    let mut answer = Vec::with_capacity(jobs.len());
    for (_, mut job) in jobs {
        claimed.row().text(job.org.as_str()).uuid(job.id.uuid()).number(until.as_microsecond());
        job.attempt = job.attempt.saturating_add(1);
        answer.push(job);
    }
    claimed.execute(connection, CLAIM)?;
    Ok(answer)
}

/// Each number is one count along one index; the jobs themselves, done ones above all, are not looked at.
fn counts(connection: &Connection, org: &OrgId) -> Result<JobCounts, LedgerError> {
    let count = |sql: &str| -> Result<u64, LedgerError> {
        let mut statement = connection.prepare_cached(sql).map_err(reading)?;
        let count: i64 = statement.query_row([org.as_str()], |row| row.get(0)).map_err(reading)?;
        Ok(u64::try_from(count).unwrap_or_default())
    };
    let all = count("SELECT count(*) FROM jobs INDEXED BY jobs_id WHERE org = ?1")?;
    let waiting =
        count("SELECT count(*) FROM jobs INDEXED BY jobs_waiting WHERE org = ?1 AND state = 'waiting'")?;
    let given_up =
        count("SELECT count(*) FROM jobs INDEXED BY jobs_given_up WHERE org = ?1 AND state = 'given-up'")?;
    Ok(JobCounts { waiting, done: all.saturating_sub(waiting + given_up), given_up })
}

fn next_at(connection: &Connection) -> Result<Option<Timestamp>, LedgerError> {
    let sql = "SELECT min(free_at_us) FROM jobs WHERE org = ?1 AND state = 'waiting'";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut next: Option<i64> = None;
    for org in open_organisations(connection)? {
        let first: Option<i64> = statement.query_row([org.as_str()], |row| row.get(0)).map_err(reading)?;
        next = next.into_iter().chain(first).min();
    }
    next.map(instant).transpose()
}

impl SqliteLedger {
    /// Changes a waiting job; true if one row was changed.
    async fn settle(&self, job: &Job, set: &'static str, values: Vec<Value>) -> Result<bool, LedgerError> {
        let mut all = values;
        all.extend([Value::Text(job.org.to_string()), Value::Blob(job.id.uuid().as_bytes().to_vec())]);
        self.writer
            .change(move |connection| {
                let mut statement = connection.prepare_cached(set).map_err(writing)?;
                Ok(statement.execute(params_from_iter(all)).map_err(writing)? == 1)
            })
            .await
    }
}

#[async_trait]
impl Outbox for SqliteLedger {
    async fn claim(
        &self,
        kinds: &[String],
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Job>, LedgerError> {
        let kinds = kinds.to_vec();
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
        self.writer.change(move |connection| claim(connection, &kinds, limit, now, until)).await
    }

    async fn job_done(&self, job: &Job) -> Result<bool, LedgerError> {
        let sql = "UPDATE jobs SET state = 'done' WHERE org = ? AND job = ? AND state = 'waiting'";
        self.settle(job, sql, Vec::new()).await
    }

    async fn retry_job(&self, job: &Job, at: Timestamp, reason: &str) -> Result<bool, LedgerError> {
        let sql = "UPDATE jobs SET free_at_us = ?1, reason = ?2
                   WHERE attempt = ?3 AND org = ?4 AND job = ?5 AND state = 'waiting'";
        let attempt = Value::Integer(i64::from(job.attempt));
        self.settle(job, sql, vec![Value::Integer(at.as_microsecond()), Value::Text(reason.into()), attempt])
            .await
    }

    async fn give_up_job(&self, job: &Job, reason: &str) -> Result<bool, LedgerError> {
        let sql = "UPDATE jobs SET state = 'given-up', reason = ?1
                   WHERE attempt = ?2 AND org = ?3 AND job = ?4 AND state = 'waiting'";
        self.settle(job, sql, vec![Value::Text(reason.into()), Value::Integer(i64::from(job.attempt))]).await
    }

    async fn job_counts(&self, org: &OrgId) -> Result<JobCounts, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| counts(connection, &org)).await
    }

    async fn next_job_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        self.readers.read(next_at).await
    }
}
