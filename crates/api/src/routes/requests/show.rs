//! A customer follows a request.

use axum::http::StatusCode;

use crate::dto::customer::CustomerTicket;
use crate::dto::problem::Problem;

/// A customer follows a request.
#[utoipa::path(
    get,
    path = "/requests/{number}",
    operation_id = "show_request",
    tag = "requests",
    params(("number" = String, Path, description = "Number of the ticket, such as `TS-20261121-0007`."), ("Query-Code" = String, Header, description = "The code from the receipt.")),
    responses(
        (status = 200, description = "The ticket as its customer sees it", body = CustomerTicket),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
