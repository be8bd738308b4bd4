//! Signs out.

use axum::http::StatusCode;

use crate::dto::problem::Problem;

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    operation_id = "sign_out",
    tag = "session",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn delete() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
