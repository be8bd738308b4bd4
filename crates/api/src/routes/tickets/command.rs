//! Gives a command to a ticket.

use axum::http::StatusCode;

use crate::dto::CommandRequest;
use crate::dto::problem::Problem;
use crate::dto::sheet::TicketDetail;

/// Gives a command to a ticket.
#[utoipa::path(
    post,
    path = "/tickets/{id}/commands",
    operation_id = "command_ticket",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = CommandRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The ticket after it", body = TicketDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn command() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
