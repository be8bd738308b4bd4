//! The outbox: effects that were decided together with a record and are delivered after it, at least once.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_core::id::{JobId, OrgId, TicketId};

use crate::LedgerError;

/// An effect to be delivered, as an append brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Id.
    pub id: JobId,
    /// The ticket that it is about.
    pub ticket: Option<TicketId>,
    /// What is to be done: a word of the outbox worker.
    pub kind: String,
    /// What it needs, as JSON.
    pub payload: String,
    /// Names the effect; unique in the organisation. The receiver uses it to do it only once.
    pub key: String,
    /// Not to be delivered before.
    pub not_before: Timestamp,
}

/// An effect that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// Organisation.
    pub org: OrgId,
    /// The ticket that it is about.
    pub ticket: Option<TicketId>,
    /// What is to be done.
    pub kind: String,
    /// What it needs, as JSON.
    pub payload: String,
    /// Names the effect.
    pub key: String,
    /// Not to be delivered before.
    pub not_before: Timestamp,
    /// How many times it was claimed, this time included. Tells a worker whose lease ran out from the one that took over.
    pub attempt: u32,
}

/// How the outbox stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Not yet delivered, claimed ones included.
    pub waiting: u64,
    /// Delivered.
    pub done: u64,
    /// Given up.
    pub given_up: u64,
}

/// Claiming and settling jobs.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Claims up to `limit` jobs of these kinds (all kinds if empty) that may be delivered at `now`, oldest first, and
    /// keeps them from other workers until `now + lease`. A job whose lease ran out is claimed again.
    async fn claim(
        &self,
        kinds: &[String],
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Job>, LedgerError>;

    /// The job was delivered. True if it was still waiting.
    async fn job_done(&self, job: &Job) -> Result<bool, LedgerError>;

    /// The job failed for now; it may be claimed again from `at`. False if another worker has taken over.
    async fn retry_job(&self, job: &Job, at: Timestamp, reason: &str) -> Result<bool, LedgerError>;

    /// The job will never be delivered. False if another worker has taken over.
    async fn give_up_job(&self, job: &Job, reason: &str) -> Result<bool, LedgerError>;

    /// How many jobs the organisation has.
    async fn job_counts(&self, org: &OrgId) -> Result<JobCounts, LedgerError>;

    /// When the next waiting job may be claimed: its `not_before`, retry instant or end of lease, whichever is last.
    async fn next_job_at(&self) -> Result<Option<Timestamp>, LedgerError>;
}
