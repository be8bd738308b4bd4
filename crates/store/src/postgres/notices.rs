//! Notices.

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_core::id::{MemberId, NoticeId, OrgId, TicketId};
use yinuo_ledger::{LedgerError, Notice, Notices};

use super::{PostgresLedger, columns::Columns};
use crate::cells::{Cells, Put, at, at_or_none, id, id_or_none, unsigned};

const PUT: &str = "INSERT INTO notices (org, notice, member, ticket, kind, payload, at_us, read_at_us)
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::bigint[],
        $8::bigint[]) ON CONFLICT DO NOTHING";

const LIST: &str = "SELECT notice, member, ticket, kind, payload, at_us, read_at_us FROM notices
    WHERE org = $1 AND member = $2 ORDER BY at_us DESC, notice DESC LIMIT $3";

const LIST_UNREAD: &str = "SELECT notice, member, ticket, kind, payload, at_us, read_at_us FROM notices
    WHERE org = $1 AND member = $2 AND read_at_us IS NULL ORDER BY at_us DESC, notice DESC LIMIT $3";

#[async_trait]
impl Notices for PostgresLedger {
    async fn put_notices(&self, org: &OrgId, notices: Vec<Notice>) -> Result<(), LedgerError> {
        let mut rows = Columns::default();
        for notice in &notices {
            rows.row().text(org.as_str()).uuid(notice.id.uuid()).uuid(notice.member.uuid());
            rows.uuid_or_null(notice.ticket.map(TicketId::uuid)).text(&notice.kind).text(&notice.payload);
            rows.number(notice.at.as_microsecond());
            rows.number_or_null(notice.read_at.map(Timestamp::as_microsecond));
        }
        if rows.is_empty() {
            return Ok(());
        }
        // A crash may lose them, and then with them that their job is done, which comes after: it is delivered again.
        self.lender.execute(PUT, &rows.values()).await.map(drop)
    }

    async fn list_notices(
        &self,
        org: &OrgId,
        member: MemberId,
        unread_only: bool,
        limit: u32,
    ) -> Result<Vec<Notice>, LedgerError> {
        let (sql, member) = (if unread_only { LIST_UNREAD } else { LIST }, member.uuid());
        let member = member.as_bytes().as_slice();
        let mut notices = Vec::new();
        for row in self.readers.query(sql, &[&org.as_str(), &member, &i64::from(limit)]).await? {
            notices.push(Notice {
                id: id(&row, 0, NoticeId::from_uuid)?,
                member: id(&row, 1, MemberId::from_uuid)?,
                ticket: id_or_none(&row, 2, TicketId::from_uuid)?,
                kind: row.text(3)?.to_owned(),
                payload: row.text(4)?.to_owned(),
                at: at(&row, 5)?,
                read_at: at_or_none(&row, 6)?,
            });
        }
        Ok(notices)
    }

    async fn count_unread(&self, org: &OrgId, member: MemberId) -> Result<u64, LedgerError> {
        let sql = "SELECT count(*) FROM notices WHERE org = $1 AND member = $2 AND read_at_us IS NULL";
        let member = member.uuid();
        let rows = self.readers.query(sql, &[&org.as_str(), &member.as_bytes().as_slice()]).await?;
        rows.first().map_or(Ok(0), |row| unsigned(row, 0))
    }

    async fn mark_read(
        &self,
        org: &OrgId,
        member: MemberId,
        notices: &[NoticeId],
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let sql = "UPDATE notices SET read_at_us = $4
                   WHERE org = $1 AND member = $2 AND notice = ANY($3::bytea[]) AND read_at_us IS NULL";
        let member = member.uuid();
        let notices: Vec<Vec<u8>> = notices.iter().map(|notice| notice.uuid().as_bytes().to_vec()).collect();
        let (org, member) = (org.as_str(), member.as_bytes().as_slice());
        self.readers.execute(sql, &[&org, &member, &notices, &at.as_microsecond()]).await.map(drop)
    }
}
