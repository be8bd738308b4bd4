//! Passwords and sessions.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value};
use yinuo_core::id::{MemberId, OrgId};
use yinuo_ledger::{Accounts, LedgerError, Session};

use super::{
    SqliteLedger,
    columns::{at, get, hash, id},
    errors::{reading, writing},
};

fn text(org: &OrgId) -> Value {
    Value::Text(org.to_string())
}

fn blob(bytes: &[u8]) -> Value {
    Value::Blob(bytes.to_vec())
}

fn us(at: Timestamp) -> Value {
    Value::Integer(at.as_microsecond())
}

fn find(connection: &Connection, values: Vec<Value>) -> Result<Option<Session>, LedgerError> {
    let sql = "SELECT token_hash, member, csrf, created_at_us, seen_at_us, expires_at_us FROM sessions
               WHERE org = ? AND token_hash = ? AND expires_at_us > ?";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(reading)?;
    let Some(row) = rows.next().map_err(reading)? else { return Ok(None) };
    Ok(Some(Session {
        token_hash: hash(row, 0)?,
        member: id(row, 1, MemberId::from_uuid)?,
        csrf: get(row, 2)?,
        created_at: at(row, 3)?,
        seen_at: at(row, 4)?,
        expires_at: at(row, 5)?,
    }))
}

impl SqliteLedger {
    /// Runs one statement in the next transaction and says how many rows it changed.
    pub(super) async fn execute(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, LedgerError> {
        self.writer
            .change(move |connection| {
                let mut statement = connection.prepare_cached(sql).map_err(writing)?;
                Ok(statement.execute(params_from_iter(values)).map_err(writing)? as u64)
            })
            .await
    }
}

#[async_trait]
impl Accounts for SqliteLedger {
    async fn set_password_hash(&self, org: &OrgId, member: MemberId, phc: &str) -> Result<(), LedgerError> {
        let sql = "INSERT INTO passwords (org, member, phc) VALUES (?, ?, ?)
                   ON CONFLICT (org, member) DO UPDATE SET phc = excluded.phc";
        let values = vec![text(org), blob(member.uuid().as_bytes()), Value::Text(phc.into())];
        self.execute(sql, values).await.map(drop)
    }

    async fn password_hash(&self, org: &OrgId, member: MemberId) -> Result<Option<String>, LedgerError> {
        let values = [text(org), blob(member.uuid().as_bytes())];
        let read = move |connection: &Connection| {
            let sql = "SELECT phc FROM passwords WHERE org = ? AND member = ?";
            let mut statement = connection.prepare_cached(sql).map_err(reading)?;
            statement.query_row(params_from_iter(values), |row| row.get(0)).optional().map_err(reading)
        };
        self.readers.read(read).await
    }

    async fn create_session(&self, org: &OrgId, session: Session) -> Result<(), LedgerError> {
        let sql = "INSERT OR REPLACE INTO sessions
                   (org, token_hash, member, csrf, created_at_us, seen_at_us, expires_at_us) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let mut values = vec![text(org), blob(&session.token_hash), blob(session.member.uuid().as_bytes())];
        values.push(Value::Text(session.csrf));
        values.extend([us(session.created_at), us(session.seen_at), us(session.expires_at)]);
        self.execute(sql, values).await.map(drop)
    }

    async fn find_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Session>, LedgerError> {
        let values = vec![text(org), blob(token_hash), us(now)];
        self.readers.read(move |connection| find(connection, values)).await
    }

    async fn touch_session(
        &self,
        org: &OrgId,
        token_hash: &[u8; 32],
        seen_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let sql = "UPDATE sessions SET seen_at_us = ?, expires_at_us = ? WHERE org = ? AND token_hash = ?";
        self.execute(sql, vec![us(seen_at), us(expires_at), text(org), blob(token_hash)]).await.map(drop)
    }

    async fn revoke_session(&self, org: &OrgId, token_hash: &[u8; 32]) -> Result<(), LedgerError> {
        let sql = "DELETE FROM sessions WHERE org = ? AND token_hash = ?";
        self.execute(sql, vec![text(org), blob(token_hash)]).await.map(drop)
    }

    async fn revoke_sessions_of(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError> {
        let sql = "DELETE FROM sessions WHERE org = ? AND member = ?";
        self.execute(sql, vec![text(org), blob(member.uuid().as_bytes())]).await
    }

    async fn drop_expired_sessions(&self, org: &OrgId, now: Timestamp) -> Result<u64, LedgerError> {
        let sql = "DELETE FROM sessions WHERE org = ? AND expires_at_us <= ?";
        self.execute(sql, vec![text(org), us(now)]).await
    }
}
