//! Publishes a letter or a new version of one. Immutable from then on.

use axum::http::StatusCode;

use crate::dto::commitment::CommitmentLine;
use crate::dto::commitment::LetterText;
use crate::dto::problem::Problem;

/// Publishes a letter or a new version of one. Immutable from then on.
#[utoipa::path(
    post,
    path = "/commitments",
    operation_id = "publish_commitment",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = LetterText,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The published version", body = CommitmentLine),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn publish() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
