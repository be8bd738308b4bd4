//! Who is signed in.

use axum::http::StatusCode;

use crate::dto::problem::Problem;
use crate::dto::session::SessionDetail;

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/session",
    operation_id = "show_session",
    tag = "session",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The session", body = SessionDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
