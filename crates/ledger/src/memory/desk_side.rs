//! Outbox, accounts and notices.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_core::id::{MemberId, NoticeId, OrgId};

use super::{
    MemoryLedger,
    books::{Books, JobState, KeptJob},
};
use crate::{Accounts, Job, JobCounts, LedgerError, Notice, Notices, Outbox, Session, Standing};

/// Changes a job that this worker still holds.
fn settle(books: &mut Books, job: &Job, change: impl FnOnce(&mut KeptJob)) -> bool {
    match books.waiting(job.id).filter(|kept| kept.job.attempt == job.attempt) {
        Some(kept) => {
            change(kept);
            true
        }
        None => false,
    }
}

#[async_trait]
impl Outbox for MemoryLedger {
    async fn claim(
        &self,
        kinds: &[String],
        limit: u32,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Vec<Job>, LedgerError> {
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
        let mut all = self.lock();
        let mut free: Vec<&mut KeptJob> = all
            .values_mut()
            .filter(|books| books.standing == Standing::Open)
            .flat_map(|books| books.jobs.iter_mut())
            .filter(|kept| kept.state == JobState::Waiting && kept.free_at <= now)
            .filter(|kept| kinds.is_empty() || kinds.contains(&kept.job.kind))
            .collect();
        free.sort_by_key(|kept| (kept.free_at, kept.job.id));
        let mut claimed = Vec::new();
        for kept in free.into_iter().take(limit as usize) {
            kept.free_at = until;
            kept.job.attempt = kept.job.attempt.saturating_add(1);
            claimed.push(kept.job.clone());
        }
        Ok(claimed)
    }

    async fn job_done(&self, job: &Job) -> Result<bool, LedgerError> {
        Ok(self.write(&job.org, |books| match books.waiting(job.id) {
            Some(kept) => {
                kept.state = JobState::Done;
                true
            }
            None => false,
        }))
    }

    async fn retry_job(&self, job: &Job, at: Timestamp, _reason: &str) -> Result<bool, LedgerError> {
        Ok(self.write(&job.org, |books| settle(books, job, |kept| kept.free_at = at)))
    }

    async fn give_up_job(&self, job: &Job, _reason: &str) -> Result<bool, LedgerError> {
        Ok(self.write(&job.org, |books| settle(books, job, |kept| kept.state = JobState::GivenUp)))
    }

    async fn job_counts(&self, org: &OrgId) -> Result<JobCounts, LedgerError> {
        Ok(self.read(org, |books| {
            let count = |state| books.jobs.iter().filter(|kept| kept.state == state).count() as u64;
            JobCounts {
                waiting: count(JobState::Waiting),
                done: count(JobState::Done),
                given_up: count(JobState::GivenUp),
            }
        }))
    }

    async fn next_job_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        let all = self.lock();
        let jobs = all.values().flat_map(|books| &books.jobs);
        Ok(jobs.filter(|kept| kept.state == JobState::Waiting).map(|kept| kept.free_at).min())
    }
}

#[async_trait]
impl Accounts for MemoryLedger {
    async fn set_password_hash(&self, org: &OrgId, member: MemberId, phc: &str) -> Result<(), LedgerError> {
        self.write(org, |books| books.passwords.insert(member, phc.into()));
        Ok(())
    }

    async fn password_hash(&self, org: &OrgId, member: MemberId) -> Result<Option<String>, LedgerError> {
        Ok(self.read(org, |books| books.passwords.get(&member).cloned()))
    }

    async fn create_session(&self, org: &OrgId, session: Session) -> Result<(), LedgerError> {
        self.write(org, |books| books.sessions.insert(session.token_hash, session));
        Ok(())
    }

    async fn find_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Session>, LedgerError> {
        Ok(self.read(org, |books| {
            books.sessions.get(token_hash).filter(|session| now < session.expires_at).cloned()
        }))
    }

    async fn touch_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        seen_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.write(org, |books| {
            if let Some(session) = books.sessions.get_mut(token_hash) {
                session.seen_at = seen_at;
                session.expires_at = expires_at;
            }
        });
        Ok(())
    }

    async fn revoke_session(&self, org: &OrgId, token_hash: &[u8; 32]) -> Result<(), LedgerError> {
        self.write(org, |books| books.sessions.remove(token_hash));
        Ok(())
    }

    async fn revoke_sessions_of(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError> {
        Ok(self.write(org, |books| drop_sessions(books, |session| session.member == member)))
    }

    async fn drop_expired_sessions(&self, org: &OrgId, now: Timestamp) -> Result<u64, LedgerError> {
        Ok(self.write(org, |books| drop_sessions(books, |session| session.expires_at <= now)))
    }
}

fn drop_sessions(books: &mut Books, over: impl Fn(&Session) -> bool) -> u64 {
    let before = books.sessions.len();
    books.sessions.retain(|_, session| !over(session));
    (before - books.sessions.len()) as u64
}

#[async_trait]
impl Notices for MemoryLedger {
    async fn put_notices(&self, org: &OrgId, notices: Vec<Notice>) -> Result<(), LedgerError> {
        self.write(org, |books| {
            for notice in notices {
                books.notices.entry(notice.id).or_insert(notice);
            }
        });
        Ok(())
    }

    async fn list_notices(
        &self,
        org: &OrgId,
        member: MemberId,
        unread_only: bool,
        limit: u32,
    ) -> Result<Vec<Notice>, LedgerError> {
        let mut notices: Vec<Notice> = self.read(org, |books| {
            let own = books.notices.values().filter(|notice| notice.member == member);
            own.filter(|notice| !unread_only || notice.read_at.is_none()).cloned().collect()
        });
        notices.sort_by_key(|notice| std::cmp::Reverse((notice.at, notice.id)));
        notices.truncate(limit as usize);
        Ok(notices)
    }

    async fn count_unread(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError> {
        Ok(self.read(org, |books| {
            books
                .notices
                .values()
                .filter(|notice| notice.member == member && notice.read_at.is_none())
                .count() as u64
        }))
    }

    async fn mark_read(
        &self,
        org: &OrgId,
        member: MemberId,
        notices: &[NoticeId],
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.write(org, |books| {
            for id in notices {
                if let Some(notice) = books.notices.get_mut(id).filter(|notice| notice.member == member) {
                    notice.read_at = notice.read_at.or(Some(at));
                }
            }
        });
        Ok(())
    }
}
