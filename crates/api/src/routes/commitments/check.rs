//! Checks a draft: findings, coverage, and what would change.

use axum::http::StatusCode;

use crate::dto::commitment::CheckReport;
use crate::dto::commitment::LetterText;
use crate::dto::problem::Problem;

/// Checks a draft: findings, coverage, and what would change.
#[utoipa::path(
    post,
    path = "/commitments/check",
    operation_id = "check_commitment",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = LetterText,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What the check came to; a draft with errors is an answer, too", body = CheckReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn check() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
