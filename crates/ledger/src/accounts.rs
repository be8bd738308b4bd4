//! Passwords and sessions of the company's people. Not part of the chained log: they are secrets, not history.

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_core::id::{MemberId, OrgId};

use crate::LedgerError;

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token in the cookie; the token itself is never kept.
    pub token_hash: [u8; 32],
    /// Who.
    pub member: MemberId,
    /// What a changing request has to repeat.
    pub csrf: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last seen.
    pub seen_at: Timestamp,
    /// Until when; not valid at this instant and after it.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("member", &self.member)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Passwords and sessions.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Sets the password of a member, as a PHC string of a password hash.
    async fn set_password_hash(&self, org: &OrgId, member: MemberId, phc: &str) -> Result<(), LedgerError>;

    /// The PHC string of a member; none if no password was ever set.
    async fn password_hash(&self, org: &OrgId, member: MemberId) -> Result<Option<String>, LedgerError>;

    /// Keeps a new session.
    async fn create_session(&self, org: &OrgId, session: Session) -> Result<(), LedgerError>;

    /// The session of a token that is valid at `now`.
    async fn find_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Session>, LedgerError>;

    /// Notes that the session was seen, and until when it is valid from now on.
    async fn touch_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        seen_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), LedgerError>;

    /// Ends one session.
    async fn revoke_session(&self, org: &OrgId, token_hash: &[u8; 32]) -> Result<(), LedgerError>;

    /// Ends all sessions of a member, and says how many.
    async fn revoke_sessions_of(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError>;

    /// Removes sessions that are no longer valid at `now`, and says how many.
    async fn drop_expired_sessions(&self, org: &OrgId, now: Timestamp) -> Result<u64, LedgerError>;
}
