//! Passwords and sessions.

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_core::id::{MemberId, OrgId};
use yinuo_ledger::{Accounts, LedgerError, Session};

use super::PostgresLedger;
use crate::cells::{Cells, at, hash, id};

#[async_trait]
impl Accounts for PostgresLedger {
    async fn set_password_hash(&self, org: &OrgId, member: MemberId, phc: &str) -> Result<(), LedgerError> {
        let sql = "INSERT INTO passwords (org, member, phc) VALUES ($1, $2, $3)
                   ON CONFLICT (org, member) DO UPDATE SET phc = excluded.phc";
        let member = member.uuid();
        self.readers.execute(sql, &[&org.as_str(), &member.as_bytes().as_slice(), &phc]).await.map(drop)
    }

    async fn password_hash(&self, org: &OrgId, member: MemberId) -> Result<Option<String>, LedgerError> {
        let sql = "SELECT phc FROM passwords WHERE org = $1 AND member = $2";
        let member = member.uuid();
        let rows = self.readers.query(sql, &[&org.as_str(), &member.as_bytes().as_slice()]).await?;
        rows.first().map(|row| row.text(0).map(str::to_owned)).transpose()
    }

    async fn create_session(&self, org: &OrgId, session: Session) -> Result<(), LedgerError> {
        let sql =
            "INSERT INTO sessions (org, token_hash, member, csrf, created_at_us, seen_at_us, expires_at_us)
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org, token_hash) DO UPDATE
                   SET member = excluded.member, csrf = excluded.csrf, created_at_us = excluded.created_at_us,
                       seen_at_us = excluded.seen_at_us, expires_at_us = excluded.expires_at_us";
        let member = session.member.uuid();
        let [created, seen, expires] =
            [session.created_at, session.seen_at, session.expires_at].map(Timestamp::as_microsecond);
        let token = session.token_hash.as_slice();
        let member = member.as_bytes().as_slice();
        let org = org.as_str();
        self.readers
            .execute(sql, &[&org, &token, &member, &session.csrf, &created, &seen, &expires])
            .await
            .map(drop)
    }

    async fn find_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Session>, LedgerError> {
        let sql = "SELECT token_hash, member, csrf, created_at_us, seen_at_us, expires_at_us FROM sessions
                   WHERE org = $1 AND token_hash = $2 AND expires_at_us > $3";
        let token = token_hash.as_slice();
        let rows = self.readers.query(sql, &[&org.as_str(), &token, &now.as_microsecond()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(Session {
            token_hash: hash(row, 0)?,
            member: id(row, 1, MemberId::from_uuid)?,
            csrf: row.text(2)?.to_owned(),
            created_at: at(row, 3)?,
            seen_at: at(row, 4)?,
            expires_at: at(row, 5)?,
        }))
    }

    async fn touch_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        seen_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let sql =
            "UPDATE sessions SET seen_at_us = $3, expires_at_us = $4 WHERE org = $1 AND token_hash = $2";
        let token = token_hash.as_slice();
        // A crash may forget that somebody was seen: they would have to sign in a little earlier.
        self.lender
            .execute(sql, &[&org.as_str(), &token, &seen_at.as_microsecond(), &expires_at.as_microsecond()])
            .await
            .map(drop)
    }

    async fn revoke_session(&self, org: &OrgId, token_hash: &[u8; 32]) -> Result<(), LedgerError> {
        let sql = "DELETE FROM sessions WHERE org = $1 AND token_hash = $2";
        self.readers.execute(sql, &[&org.as_str(), &token_hash.as_slice()]).await.map(drop)
    }

    async fn revoke_sessions_of(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError> {
        let sql = "DELETE FROM sessions WHERE org = $1 AND member = $2";
        let member = member.uuid();
        self.readers.execute(sql, &[&org.as_str(), &member.as_bytes().as_slice()]).await
    }

    async fn drop_expired_sessions(&self, org: &OrgId, now: Timestamp) -> Result<u64, LedgerError> {
        let sql = "DELETE FROM sessions WHERE org = $1 AND expires_at_us <= $2";
        self.lender.execute(sql, &[&org.as_str(), &now.as_microsecond()]).await
    }
}
