//! Signing in: credentials and sessions. Hashing and verifying passwords is the channel's work; the desk keeps the results.

use jiff::SignedDuration;
use yinuo_core::{id::MemberId, roster::Member};
use yinuo_ledger::Session;

use crate::{desk::Desk, error::DeskError};

/// How often a session in use is prolonged at most.
const PROLONGED_EVERY: SignedDuration = SignedDuration::from_mins(10);

impl Desk {
    /// The active person who signs in as `account`, with the password hash.
    pub async fn credentials(&self, account: &str) -> Result<Option<(Member, String)>, DeskError> {
        let account = account.trim().to_ascii_lowercase();
        if self.house().organisation.roster.by_account(&account).is_none() {
            // Somebody who has just joined on another node.
            self.refresh().await?;
        }
        let house = self.house();
        let member = house.organisation.roster.by_account(&account).filter(|member| member.active);
        let Some(member) = member else { return Ok(None) };
        let phc = self.0.ledger.password_hash(&self.0.org, member.id).await?;
        Ok(phc.map(|phc| (member.clone(), phc)))
    }

    /// Begins a session that lasts `lifetime` from its last use.
    pub async fn begin_session(
        &self,
        member: MemberId,
        token_hash: [u8; 32],
        csrf: String,
        lifetime: SignedDuration,
    ) -> Result<Session, DeskError> {
        let now = self.now();
        let expires_at = now.saturating_add(lifetime).unwrap_or(now);
        // Signing in is rare enough to clean up after those who never signed out.
        self.0.ledger.drop_expired_sessions(&self.0.org, now).await?;
        let session = Session { token_hash, member, csrf, created_at: now, seen_at: now, expires_at };
        self.0.ledger.create_session(&self.0.org, session.clone()).await?;
        Ok(session)
    }

    /// The valid session of a token with its person, who has to be active still. Using it prolongs it.
    pub async fn session(
        &self,
        token_hash: &[u8; 32],
        lifetime: SignedDuration,
    ) -> Result<Option<(Session, Member)>, DeskError> {
        let now = self.now();
        let Some(mut session) = self.0.ledger.find_session(&self.0.org, token_hash, now).await? else {
            return Ok(None);
        };
        if !self.house().organisation.roster.members.contains_key(&session.member) {
            // Somebody who has just joined on another node.
            self.refresh().await?;
        }
        let house = self.house();
        let member = house.organisation.roster.members.get(&session.member).filter(|member| member.active);
        let Some(member) = member else { return Ok(None) };
        // Prolonged a few times an hour at most: a write for every click would cost a disk sync.
        let seen = now.duration_since(session.seen_at);
        if seen >= PROLONGED_EVERY.min(lifetime / 2) {
            // The token of a program was given for longer: using it must not cut it short.
            session.expires_at = session.expires_at.max(now.saturating_add(lifetime).unwrap_or(now));
            session.seen_at = now;
            self.0.ledger.touch_session(&self.0.org, token_hash, now, session.expires_at).await?;
        }
        Ok(Some((session, member.clone())))
    }

    /// Ends a session.
    pub async fn end_session(&self, token_hash: &[u8; 32]) -> Result<(), DeskError> {
        Ok(self.0.ledger.revoke_session(&self.0.org, token_hash).await?)
    }
}
