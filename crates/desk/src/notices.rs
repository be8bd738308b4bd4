//! Notices to the company's people.

use yinuo_core::id::{MemberId, NoticeId};
use yinuo_ledger::Notice;

use crate::{desk::Desk, error::DeskError};

impl Desk {
    /// Notices of a person, newest first.
    pub async fn notices(
        &self,
        member: MemberId,
        unread_only: bool,
        limit: u32,
    ) -> Result<Vec<Notice>, DeskError> {
        Ok(self.0.ledger.list_notices(&self.0.org, member, unread_only, limit).await?)
    }

    /// How many notices a person has not read.
    pub async fn unread_notices(&self, member: MemberId) -> Result<u64, DeskError> {
        Ok(self.0.ledger.count_unread(&self.0.org, member).await?)
    }

    /// Marks notices of a person as read.
    pub async fn read_notices(&self, member: MemberId, notices: &[NoticeId]) -> Result<(), DeskError> {
        Ok(self.0.ledger.mark_read(&self.0.org, member, notices, self.now()).await?)
    }
}
