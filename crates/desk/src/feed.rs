//! The live feed: what has just been kept, for whoever watches.

use jiff::Timestamp;
use yinuo_core::id::{MemberId, TicketId};

/// Something that was kept. It carries no words of customers: watchers read the ticket again if they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Position in the organisation's log; 0 for a notice, which is no record.
    pub position: u64,
    /// The ticket; none for a change of the organisation itself.
    pub ticket: Option<TicketId>,
    /// Version of the stream after it.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
    /// The person for whom a notice has arrived.
    pub notice_for: Option<MemberId>,
}

/// How many changes a slow watcher may lag behind before it has to read everything again.
pub(crate) const FEED_CAPACITY: usize = 4096;
