//! A published version with everything it says.

use axum::http::StatusCode;

use crate::dto::commitment::CommitmentVersion;
use crate::dto::problem::Problem;

/// A published version with everything it says.
#[utoipa::path(
    get,
    path = "/commitments/{number}/versions/{version}",
    operation_id = "show_commitment",
    tag = "commitments",
    params(("number" = String, Path, description = "Number of the letter."), ("version" = u32, Path, description = "Version, from 1.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The version", body = CommitmentVersion),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
