//! What happens, as server-sent events: `change` (an object of this schema), `lagged` (load again), `ended` (sign in again). Ids are positions in the ledger.

use axum::http::StatusCode;

use crate::dto::feed::FeedChange;
use crate::dto::problem::Problem;

/// What happens, as server-sent events: `change` (an object of this schema), `lagged` (load again), `ended` (sign in again). Ids are positions in the ledger.
#[utoipa::path(
    get,
    path = "/feed",
    operation_id = "watch",
    tag = "feed",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "A stream of events", body = FeedChange, content_type = "text/event-stream"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn watch() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
