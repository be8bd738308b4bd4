//! Enters a request for a customer, such as one by phone.

use axum::http::StatusCode;

use crate::dto::enter::EnterReceipt;
use crate::dto::enter::EnterRequest;
use crate::dto::problem::Problem;

/// Enters a request for a customer, such as one by phone.
#[utoipa::path(
    post,
    path = "/tickets",
    operation_id = "enter_request",
    tag = "tickets",
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request: sending it again with the same key makes one ticket and gives the same receipt. 1 to 200 characters."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = EnterRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The ticket", body = EnterReceipt),
        (status = 200, description = "The ticket of the first time, for a repeated `Idempotency-Key`", body = EnterReceipt),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
