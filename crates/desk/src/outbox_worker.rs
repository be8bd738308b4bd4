//! The outbox worker: delivers what was decided, at least once.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::{sync::watch, task::JoinSet};
use yinuo_core::id::MemberId;
use yinuo_ledger::{Job, JobCounts, Ledger, Notice};

use crate::{
    desk::Desk,
    effects::{NOTICE_JOB, NoticePayload},
    error::DeskError,
    feed::Change,
    meters::Meters,
    ports::{Courier, DeliveryError},
};

/// How long a claimed job is kept from other workers.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Jobs claimed at a time.
const CLAIM: u32 = 100;

/// Deliveries tried before a job is given up: with doubling waits from 1 s to an hour, about half a day.
const ATTEMPTS_MAX: u32 = 24;

impl Desk {
    /// Delivers every job that may be delivered now, and says how many were settled. A job whose settling the ledger did
    /// not take is claimed again when its lease is over; the others are delivered all the same.
    pub async fn deliver_due(&self) -> Result<u64, DeskError> {
        let mut settled = 0;
        loop {
            let jobs = self.0.ledger.claim(&[], CLAIM, self.now(), LEASE).await?;
            if jobs.is_empty() {
                return Ok(settled);
            }
            // Side by side, so that what they write shares its commits.
            let mut deliveries = JoinSet::new();
            for job in jobs {
                let desk = self.clone();
                deliveries.spawn(async move { desk.deliver(&job).await });
            }
            let mut failed = None;
            while let Some(delivered) = deliveries.join_next().await {
                match delivered {
                    Ok(Ok(done)) => settled += u64::from(done),
                    Ok(Err(error)) => failed = Some(error),
                    // The lease of its job runs out, and the job is claimed again.
                    Err(panicked) => tracing::error!(error = %panicked, "a delivery broke down"),
                }
            }
            if let Some(error) = failed {
                return Err(error);
            }
        }
    }

    async fn deliver(&self, job: &Job) -> Result<bool, DeskError> {
        let meters = &self.0.meters;
        match self.0.ports.courier.deliver(job).await {
            Ok(()) => {
                self.tell_watchers(job);
                let done = self.0.ledger.job_done(job).await?;
                if done {
                    Meters::add(&meters.jobs_done);
                }
                Ok(done)
            }
            Err(DeliveryError::Later(reason)) if job.attempt < ATTEMPTS_MAX => {
                Meters::add(&meters.jobs_retried);
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempt, reason, "a delivery failed for now");
                self.0.ledger.retry_job(job, retry_at(self.now(), job.attempt), &reason).await?;
                Ok(false)
            }
            Err(DeliveryError::Later(reason) | DeliveryError::Never(reason)) => {
                Meters::add(&meters.jobs_given_up);
                tracing::error!(job = %job.id, kind = job.kind, attempt = job.attempt, reason, "a delivery was given up");
                Ok(self.0.ledger.give_up_job(job, &reason).await?)
            }
        }
    }

    /// Browsers of people who got a notice look again.
    fn tell_watchers(&self, job: &Job) {
        let Ok(payload) = serde_json::from_str::<NoticePayload>(&job.payload) else { return };
        for recipient in payload.to {
            let Ok(member) = recipient.member.parse::<MemberId>() else { continue };
            // Nobody watching is fine.
            let _ = self.0.feed.send(Change {
                position: 0,
                ticket: job.ticket,
                version: 0,
                at: self.now(),
                notice_for: Some(member),
            });
        }
    }

    /// Delivers jobs as they come, until `shutdown` turns true or nobody is left to turn it.
    pub async fn run_outbox(self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            if let Err(error) = self.deliver_due().await {
                tracing::error!(error = &error as &dyn std::error::Error, "the outbox worker could not work");
            }
            let at_latest =
                self.now().saturating_add(SignedDuration::from_secs(30)).unwrap_or(Timestamp::MAX);
            let next = match self.0.ledger.next_job_at().await {
                Ok(next) => next.map_or(at_latest, |next| next.min(at_latest)),
                Err(_) => at_latest,
            };
            // Not at once again if a job failed or another worker holds it.
            let soonest = self.now().saturating_add(SignedDuration::from_millis(200)).unwrap_or(next);
            tokio::select! {
                () = self.0.ports.clock.sleep_until(next.max(soonest)) => {}
                () = self.0.new_jobs.notified() => {}
                changed = shutdown.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// How the outbox stands.
    pub async fn job_counts(&self) -> Result<JobCounts, DeskError> {
        Ok(self.0.ledger.job_counts(&self.0.org).await?)
    }
}

/// Doubling waits from one second to one hour.
fn retry_at(now: Timestamp, attempt: u32) -> Timestamp {
    let seconds = 1_i64.checked_shl(attempt.saturating_sub(1).min(12)).unwrap_or(3_600).min(3_600);
    now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(now)
}

/// Puts notices into people's inboxes in the product itself.
#[derive(Clone)]
pub struct InboxCourier {
    ledger: Arc<dyn Ledger>,
}

impl InboxCourier {
    /// A courier to the inboxes that `ledger` keeps.
    pub fn new(ledger: Arc<dyn Ledger>) -> Self {
        Self { ledger }
    }
}

#[async_trait]
impl Courier for InboxCourier {
    async fn deliver(&self, job: &Job) -> Result<(), DeliveryError> {
        if job.kind != NOTICE_JOB {
            return Err(DeliveryError::Never(format!("no courier for jobs of kind `{}`", job.kind)));
        }
        let never = |what: String| DeliveryError::Never(what);
        let payload: NoticePayload = serde_json::from_str(&job.payload)
            .map_err(|error| never(format!("the payload cannot be read: {error}")))?;
        let shown = serde_json::json!({
            "number": payload.number,
            "promise": payload.promise,
            "step": payload.step,
        });
        let mut notices = Vec::new();
        for recipient in &payload.to {
            notices.push(Notice {
                id: recipient.notice.parse().map_err(|error| never(format!("{error}")))?,
                member: recipient.member.parse().map_err(|error| never(format!("{error}")))?,
                ticket: job.ticket,
                kind: payload.says.clone(),
                payload: shown.to_string(),
                at: job.not_before,
                read_at: None,
            });
        }
        let kept = self.ledger.put_notices(&job.org, notices).await;
        kept.map_err(|error| DeliveryError::Later(error.to_string()))
    }
}
