//! Notices to the signed-in person.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::scalar::{Instant, NoticeRef, TicketRef};

/// A notice.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NoticeLine {
    /// Id.
    pub id: NoticeRef,
    /// When.
    pub at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
    /// What it is about.
    pub kind: String,
    /// The ticket that it is about.
    pub ticket: Option<TicketRef>,
    /// What its text needs.
    #[schema(value_type = Object)]
    pub payload: serde_json::Value,
}

/// Notices, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NoticeList {
    /// Notices.
    pub notices: Vec<NoticeLine>,
    /// How many are unread in all.
    pub unread: u64,
}

/// Which notices.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NoticeQuery {
    /// Only unread ones.
    #[serde(default)]
    pub unread: bool,
    /// At most so many, 1 to 200. 50 unless said otherwise.
    pub limit: Option<u32>,
}
