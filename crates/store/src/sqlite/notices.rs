//! Notices.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use yinuo_core::id::{MemberId, NoticeId, OrgId, TicketId};
use yinuo_ledger::{LedgerError, Notice, Notices};

use super::{
    SqliteLedger,
    columns::{at, at_or_none, get, id, id_or_none},
    errors::reading,
    table::Rows,
};
use crate::cells::Put;

const PUT: &str = "INSERT INTO notices (org, notice, member, ticket, kind, payload, at_us, read_at_us)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
const READ: &str = "UPDATE notices SET read_at_us = ?4
    WHERE org = ?1 AND member = ?2 AND notice = ?3 AND read_at_us IS NULL";

fn list(
    connection: &Connection,
    org: &OrgId,
    member: MemberId,
    unread_only: bool,
    limit: u32,
) -> Result<Vec<Notice>, LedgerError> {
    let unread = if unread_only { "AND read_at_us IS NULL" } else { "" };
    let sql = format!(
        "SELECT notice, member, ticket, kind, payload, at_us, read_at_us FROM notices
         WHERE org = ?1 AND member = ?2 {unread} ORDER BY at_us DESC, notice DESC LIMIT ?3"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(reading)?;
    let mut rows =
        statement.query(params![org.as_str(), member.uuid().as_bytes(), limit]).map_err(reading)?;
    let mut notices = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        notices.push(Notice {
            id: id(row, 0, NoticeId::from_uuid)?,
            member: id(row, 1, MemberId::from_uuid)?,
            ticket: id_or_none(row, 2, TicketId::from_uuid)?,
            kind: get(row, 3)?,
            payload: get(row, 4)?,
            at: at(row, 5)?,
            read_at: at_or_none(row, 6)?,
        });
    }
    Ok(notices)
}

#[async_trait]
impl Notices for SqliteLedger {
    async fn put_notices(&self, org: &OrgId, notices: Vec<Notice>) -> Result<(), LedgerError> {
        let mut rows = Rows::default();
        for notice in &notices {
            let ticket = notice.ticket.map(TicketId::uuid);
            rows.row()
                .text(org.as_str())
                .bytes(notice.id.uuid().as_bytes())
                .bytes(notice.member.uuid().as_bytes());
            rows.bytes_or_null(ticket.as_ref().map(|uuid| uuid.as_bytes().as_slice()));
            rows.text(&notice.kind).text(&notice.payload).number(notice.at.as_microsecond());
            rows.number_or_null(notice.read_at.map(Timestamp::as_microsecond));
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.writer.change(move |connection| rows.execute(connection, PUT)).await.map(drop)
    }

    async fn list_notices(
        &self,
        org: &OrgId,
        member: MemberId,
        unread_only: bool,
        limit: u32,
    ) -> Result<Vec<Notice>, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| list(connection, &org, member, unread_only, limit)).await
    }

    async fn count_unread(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError> {
        let org = org.clone();
        let read = move |connection: &Connection| {
            let sql = "SELECT count(*) FROM notices WHERE org = ?1 AND member = ?2 AND read_at_us IS NULL";
            let mut statement = connection.prepare_cached(sql).map_err(reading)?;
            let member = member.uuid();
            let parameters = params![org.as_str(), member.as_bytes()];
            let count: i64 = statement.query_row(parameters, |row| row.get(0)).map_err(reading)?;
            Ok(u64::try_from(count).unwrap_or_default())
        };
        self.readers.read(read).await
    }

    async fn mark_read(
        &self,
        org: &OrgId,
        member: MemberId,
        notices: &[NoticeId],
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut rows = Rows::default();
        for notice in notices {
            rows.row().text(org.as_str()).uuid(member.uuid()).uuid(notice.uuid()).number(at.as_microsecond());
        }
        let change = move |connection: &Connection| rows.execute(connection, READ);
        self.writer.change(change).await.map(drop)
    }
}
