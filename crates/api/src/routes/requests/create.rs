//! A customer raises a need.

use axum::http::StatusCode;

use crate::dto::customer::NewRequest;
use crate::dto::customer::RequestReceipt;
use crate::dto::problem::Problem;

/// A customer raises a need.
#[utoipa::path(
    post,
    path = "/requests",
    operation_id = "create_request",
    tag = "requests",
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request: sending it again with the same key makes one ticket and gives the same receipt. 1 to 200 characters.")),
    request_body = NewRequest,
    responses(
        (status = 201, description = "The receipt", body = RequestReceipt),
        (status = 200, description = "The receipt of the first time, for a repeated `Idempotency-Key`", body = RequestReceipt),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
