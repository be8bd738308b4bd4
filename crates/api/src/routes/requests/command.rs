//! A customer does something with a request.

use axum::http::StatusCode;

use crate::dto::CustomerCommandRequest;
use crate::dto::customer::CustomerTicket;
use crate::dto::problem::Problem;

/// A customer does something with a request.
#[utoipa::path(
    post,
    path = "/requests/{number}/commands",
    operation_id = "command_request",
    tag = "requests",
    params(("number" = String, Path, description = "Number of the ticket, such as `TS-20261121-0007`."), ("Query-Code" = String, Header, description = "The code from the receipt.")),
    request_body = CustomerCommandRequest,
    responses(
        (status = 200, description = "The ticket after it", body = CustomerTicket),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn command() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
