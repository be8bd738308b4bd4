//! All published versions, newest first.

use axum::http::StatusCode;

use crate::dto::commitment::CommitmentList;
use crate::dto::problem::Problem;

/// All published versions, newest first.
#[utoipa::path(
    get,
    path = "/commitments",
    operation_id = "list_commitments",
    tag = "commitments",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The versions", body = CommitmentList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
