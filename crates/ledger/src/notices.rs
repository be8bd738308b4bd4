//! Notices to the company's people. Delivered by the outbox worker, so putting one twice has to be harmless.

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_core::id::{MemberId, NoticeId, OrgId, TicketId};

use crate::LedgerError;

/// A notice to one person of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Id; one that exists is left as it is.
    pub id: NoticeId,
    /// To whom.
    pub member: MemberId,
    /// About which ticket.
    pub ticket: Option<TicketId>,
    /// What it says: a word of `desk`.
    pub kind: String,
    /// What its text needs, as JSON.
    pub payload: String,
    /// When.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// Notices.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Keeps notices; those whose id exists are left as they are.
    async fn put_notices(&self, org: &OrgId, notices: Vec<Notice>) -> Result<(), LedgerError>;

    /// Notices of a member, newest first, at most `limit`.
    async fn list_notices(
        &self,
        org: &OrgId,
        member: MemberId,
        unread_only: bool,
        limit: u32,
    ) -> Result<Vec<Notice>, LedgerError>;

    /// How many are unread.
    async fn count_unread(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError>;

    /// Marks these notices of the member as read, those already read left as they are.
    async fn mark_read(
        &self,
        org: &OrgId,
        member: MemberId,
        notices: &[NoticeId],
        at: Timestamp,
    ) -> Result<(), LedgerError>;
}
