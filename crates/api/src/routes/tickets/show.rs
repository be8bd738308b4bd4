//! One ticket with everything its page shows.

use axum::http::StatusCode;

use crate::dto::problem::Problem;
use crate::dto::sheet::TicketDetail;

/// One ticket with everything its page shows.
#[utoipa::path(
    get,
    path = "/tickets/{id}",
    operation_id = "show_ticket",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The ticket", body = TicketDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
