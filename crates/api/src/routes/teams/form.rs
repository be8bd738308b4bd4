//! Forms a team, or changes the one of that short name.

use axum::http::StatusCode;

use crate::dto::people::Team;
use crate::dto::problem::Problem;

/// Forms a team, or changes the one of that short name.
#[utoipa::path(
    post,
    path = "/teams",
    operation_id = "form_team",
    tag = "people",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = Team,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The team", body = Team),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn form() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
