//! All teams.

use axum::http::StatusCode;

use crate::dto::people::TeamList;
use crate::dto::problem::Problem;

/// All teams.
#[utoipa::path(
    get,
    path = "/teams",
    operation_id = "list_teams",
    tag = "people",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Teams", body = TeamList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
