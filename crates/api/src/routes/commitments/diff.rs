//! What changes for customers between two versions.

use axum::http::StatusCode;

use crate::dto::commitment::DiffReport;
use crate::dto::commitment::DiffRequest;
use crate::dto::problem::Problem;

/// What changes for customers between two versions.
#[utoipa::path(
    post,
    path = "/commitments/diff",
    operation_id = "diff_commitments",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = DiffRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The changes", body = DiffReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn diff() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
