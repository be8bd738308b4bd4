//! Open tickets counted.

use axum::http::StatusCode;

use crate::dto::list::TicketCounts;
use crate::dto::problem::Problem;

/// Open tickets counted.
#[utoipa::path(
    get,
    path = "/tickets/counts",
    operation_id = "count_tickets",
    tag = "tickets",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The counts", body = TicketCounts),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn counts() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
