//! Tickets by least slack.

use axum::http::StatusCode;

use crate::dto::list::TicketList;
use crate::dto::list::TicketQuery;
use crate::dto::problem::Problem;

/// Tickets by least slack.
#[utoipa::path(
    get,
    path = "/tickets",
    operation_id = "list_tickets",
    tag = "tickets",
    params(TicketQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "A part of the list", body = TicketList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
