//! The live feed.

use serde::Serialize;
use utoipa::ToSchema;

use super::scalar::{Instant, TicketRef};

/// Something happened; load again what it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeedChange {
    /// Position in the ledger.
    pub position: u64,
    /// The ticket; none if the organisation itself changed (people, teams, letters).
    pub ticket: Option<TicketRef>,
    /// Version of the ticket or organisation after it.
    pub version: u32,
    /// When.
    pub at: Instant,
    /// Whether the signed-in person has a new notice.
    pub notice: bool,
}
