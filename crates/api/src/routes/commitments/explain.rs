//! When a clock of a promise would be due, and how that comes about.

use axum::http::StatusCode;

use crate::dto::Derivation;
use crate::dto::commitment::ExplainRequest;
use crate::dto::problem::Problem;

/// When a clock of a promise would be due, and how that comes about.
#[utoipa::path(
    post,
    path = "/commitments/explain",
    operation_id = "explain_due",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = ExplainRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The derivation", body = Derivation),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn explain() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
