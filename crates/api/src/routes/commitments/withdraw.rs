//! Withdraws a letter: requests received from now on are no longer judged by it.

use axum::http::StatusCode;

use crate::dto::commitment::Withdrawal;
use crate::dto::problem::Problem;

/// Withdraws a letter: requests received from now on are no longer judged by it.
#[utoipa::path(
    post,
    path = "/commitments/{number}/withdrawal",
    operation_id = "withdraw_commitment",
    tag = "commitments",
    params(("number" = String, Path, description = "Number of the letter."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Withdrawn", body = Withdrawal),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn withdraw() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
